//! REVIEW.md: what somebody who approves a plan wants to know, in the order in which they want to know it.

use std::fmt::Write as _;

use crate::plan::{Phase, Plan, Step};
use crate::render::script;

/// When a phase may run, relative to the deployment of the application.
fn when(phase: Phase) -> &'static str {
    match phase {
        Phase::Expand => "before the new application is deployed; the old one keeps working",
        Phase::Backfill => "any time after expand; the application keeps working",
        Phase::Validate => "after the backfill, when every running application writes what the new rules ask for",
        Phase::Contract => "when no old application runs any more",
    }
}

/// The report in Markdown; `sql` gives the statements of a step.
pub fn markdown<'a>(plan: &Plan, sql: impl Fn(&Step) -> &'a str) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_markdown(&mut out, plan, sql);
    out
}

fn write_markdown<'a>(out: &mut String, plan: &Plan, sql: impl Fn(&Step) -> &'a str) -> std::fmt::Result {
    writeln!(out, "# {}\n\n{}\n", plan.name, summary(plan))?;
    if plan.is_empty() {
        return notes(out, plan);
    }
    hazards(out, plan)?;

    writeln!(
        out,
        "## Phases\n\n| phase | steps | strongest lock | grows with data | when it may run |\n|---|---|---|---|---|"
    )?;
    for phase in Phase::ALL {
        let steps: Vec<&Step> = plan.phase(phase).collect();
        if steps.is_empty() {
            continue;
        }
        let lock = steps.iter().filter_map(|step| step.facts.strongest()).max();
        let grows = steps.iter().filter(|step| step.facts.grows()).count();
        writeln!(
            out,
            "| {} {phase} | {} | {} | {} | {} |",
            phase.number(),
            steps.len(),
            lock.map_or_else(|| "none".into(), |lock| lock.to_string()),
            if grows == 0 {
                "no".into()
            } else {
                format!("{grows} of {}", steps.len())
            },
            when(phase)
        )?;
    }

    writeln!(
        out,
        "\n## Steps\n\n| step | what | locks | duration |\n|---|---|---|---|"
    )?;
    for step in &plan.steps {
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            step.id,
            cell(&step.title),
            cell(&script::locks(step)),
            cell(&script::duration(step))
        )?;
    }

    notes(out, plan)?;

    writeln!(out, "\n## SQL")?;
    for phase in Phase::ALL {
        if plan.phase(phase).next().is_none() {
            continue;
        }
        writeln!(
            out,
            "\n<details>\n<summary>{} {phase}: {} steps</summary>",
            phase.number(),
            plan.phase(phase).count()
        )?;
        for step in plan.phase(phase) {
            writeln!(out, "\n**{}** {}", step.id, inline(&step.title))?;
            if !step.why.is_empty() {
                writeln!(out, "\n{}", inline(&step.why))?;
            }
            let body = script::body(step, sql(step));
            let fence = fence(&body);
            writeln!(out, "\n{fence}sql\n{body}{fence}")?;
        }
        writeln!(out, "\n</details>")?;
    }

    writeln!(
        out,
        "\n## Basis\n\nMade for PostgreSQL {}, from a schema with fingerprint `{}`. `pgphase apply` refuses to start when the \
         schema of the database has changed since.",
        plan.server_version,
        plan.baseline
            .fingerprint
            .get(..16)
            .unwrap_or(&plan.baseline.fingerprint)
    )
}

/// The plan in one sentence.
pub fn summary(plan: &Plan) -> String {
    if plan.is_empty() {
        return "Nothing to do: the database is as the files want it.".into();
    }
    let counts: Vec<String> = Phase::ALL
        .into_iter()
        .map(|phase| (phase, plan.phase(phase).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(phase, count)| format!("{count} in {phase}"))
        .collect();
    let hazards: usize = plan.steps.iter().map(|step| step.hazards.len()).sum();
    let open = plan.unapproved().count();
    let hazards = match (hazards, open) {
        (0, _) => "no hazards".to_owned(),
        (n, 0) => format!("{}, approved", count(n, "hazard")),
        (n, open) if n == open => format!("{}, to be approved", count(n, "hazard")),
        (n, open) => format!("{}, {open} of them to be approved", count(n, "hazard")),
    };
    format!("{}: {}; {hazards}.", count(plan.steps.len(), "step"), counts.join(", "))
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn hazards(out: &mut String, plan: &Plan) -> std::fmt::Result {
    let open: Vec<String> = plan.unapproved().map(|(_, hazard)| hazard.id()).collect();
    let mut any = false;
    for step in &plan.steps {
        for hazard in &step.hazards {
            if !any {
                writeln!(out, "## Hazards\n")?;
                any = true;
            }
            let id = hazard.id();
            let state = if open.contains(&id) {
                "**not approved**"
            } else {
                "approved"
            };
            writeln!(
                out,
                "- {state}, step {}: {}\n  `{id}`",
                step.id,
                inline(&hazard.explanation)
            )?;
        }
    }
    if !open.is_empty() {
        let mut ids = open.clone();
        ids.dedup();
        writeln!(
            out,
            "\nThe plan does not run while a hazard of the phase is not approved. Approve one by putting its id into \
             `approvals` in `plan.yaml`:\n\n```yaml\napprovals:"
        )?;
        for id in ids {
            writeln!(out, "- '{}'", id.replace('\'', "''"))?;
        }
        writeln!(out, "```")?;
    }
    if any {
        writeln!(out)?;
    }
    Ok(())
}

fn notes(out: &mut String, plan: &Plan) -> std::fmt::Result {
    if !plan.notes.is_empty() {
        writeln!(out, "\n## Notes\n")?;
        for note in &plan.notes {
            writeln!(out, "- {}", inline(note))?;
        }
    }
    Ok(())
}

fn inline(text: &str) -> String {
    script::comment_text(text).replace('<', "&lt;")
}

fn cell(text: &str) -> String {
    inline(text).replace('|', "\\|")
}

/// A fence longer than any run of backticks inside.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// The plan for a terminal: summary, hazards, and the steps by phase.
pub fn text(plan: &Plan) -> String {
    let mut out = String::new();
    let _ = write_text(&mut out, plan);
    out
}

fn write_text(out: &mut String, plan: &Plan) -> std::fmt::Result {
    writeln!(out, "{}", summary(plan))?;
    for phase in Phase::ALL {
        if plan.phase(phase).next().is_none() {
            continue;
        }
        writeln!(out, "\n{} {phase}: {}", phase.number(), when(phase))?;
        for step in plan.phase(phase) {
            writeln!(out, "  {:<12} {}", step.id, script::comment_text(&step.title))?;
            if !step.why.is_empty() {
                writeln!(out, "  {:<12} why: {}", "", script::comment_text(&step.why))?;
            }
            if step.facts.strongest().is_some() || step.facts.grows() {
                writeln!(out, "  {:<12} {}; {}", "", script::locks(step), script::duration(step))?;
            }
            for hazard in &step.hazards {
                writeln!(out, "  {:<12} HAZARD {}", "", script::comment_text(&hazard.to_string()))?;
            }
        }
    }
    if !plan.notes.is_empty() {
        writeln!(out)?;
    }
    for note in &plan.notes {
        writeln!(out, "note: {}", script::comment_text(note))?;
    }
    Ok(())
}
