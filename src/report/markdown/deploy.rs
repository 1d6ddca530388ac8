//! When the phases run, and what each version of the application finds after them.

use super::escape::inline;
use crate::report::applications::list;
use crate::report::text::finds;
use crate::report::{Phase, PhaseReport, Report, Sees};

/// The sentences about deploying, the phases as a table, and what it says in short at length below.
pub(super) fn deploy(report: &Report) -> String {
    let mut out: String = report
        .deploy
        .iter()
        .map(|sentence| format!("- {}\n", inline(sentence)))
        .collect();
    out.push_str(
        "\n| phase | steps | when | the old application then | the new application then |\n|---|---|---|---|---|\n",
    );
    for phase in &report.phases {
        let old = old(phase).map_or("has gone", finds);
        out.push_str(&format!(
            "| {}&nbsp;{} | {} | {} | {old} | {} |\n",
            phase.number,
            phase.phase,
            phase.steps.len(),
            phase.when,
            finds(&phase.new_application)
        ));
    }
    let remarks: String = report.phases.iter().map(remarks).collect();
    if !remarks.is_empty() {
        out.push_str(&format!(
            "\n<details>\n<summary>What differs for each application after each phase</summary>\n{remarks}\n</details>\n"
        ));
    }
    out
}

/// What the old application sees; nothing where it runs no more.
fn old(phase: &PhaseReport) -> Option<&Sees> {
    (phase.phase != Phase::Contract).then_some(&phase.old_application)
}

fn remarks(phase: &PhaseReport) -> String {
    let mut out = String::new();
    for (who, sees) in [("old", old(phase)), ("new", Some(&phase.new_application))] {
        for remark in sees.iter().flat_map(|sees| &sees.remarks) {
            out.push_str(&format!(
                "- the {who} application, {}: {}\n",
                inline(&remark.what),
                inline(&list(&remark.objects))
            ));
        }
    }
    if out.is_empty() {
        return out;
    }
    format!("\n**After {} {}**\n\n{out}", phase.number, phase.phase)
}
