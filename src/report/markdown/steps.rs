//! The steps as tables that fit the width of a comment: first what a reviewer decides by, then, folded, the rest.

use super::escape::inline;
use crate::report::{Duration, PhaseReport, Report, StepReport, Undo, count};

/// A table for each phase: what each step does, who waits for it, and how long it takes.
pub(super) fn steps(report: &Report) -> String {
    let mut out = String::new();
    for phase in &report.phases {
        let gap = if out.is_empty() { "" } else { "\n" };
        out.push_str(&format!(
            "{gap}**{} {}**: {}.\n\n| step | who waits | how long |\n|---|---|---|\n",
            phase.number,
            phase.phase,
            inline(&of_phase(phase))
        ));
        for step in report.steps_of(phase.phase) {
            out.push_str(&row(step));
        }
    }
    out
}

/// What can be said of the steps of a phase together.
fn of_phase(phase: &PhaseReport) -> String {
    let mut parts = vec![count(phase.steps.len(), "step")];
    parts.push(match phase.growing {
        0 => "none takes longer on larger tables".to_owned(),
        1 => "1 takes longer on larger tables".to_owned(),
        some => format!("{some} take longer on larger tables"),
    });
    parts.push(match phase.strongest_lock {
        Some(mode) => format!("strongest lock {mode}"),
        None => "no lock on an existing table".to_owned(),
    });
    parts.extend(phase.space_words());
    parts.join("; ")
}

fn row(step: &StepReport) -> String {
    let waits = match (step.blocks_reads, step.blocks_writes) {
        (true, _) => "reads, writes",
        (false, true) => "writes",
        (false, false) => "nobody",
    };
    let mark = if step.hazards.is_empty() { "" } else { " :warning:" };
    let back = match &step.undo {
        Undo::Full | Undo::Nothing => String::new(),
        Undo::Lossy(what) => format!("<br>The way back does not bring back {}.", inline(what)),
        Undo::Impossible(why) => format!("<br>No way back: {}.", inline(why)),
    };
    let work = work(step);
    let colon = if work.is_empty() { "" } else { ": " };
    format!(
        "| **{}**{mark} {}{back} | {waits} | {}{colon}{} |\n",
        step.id,
        inline(&step.title),
        match step.duration {
            Duration::Short => "short",
            Duration::Grows => "grows",
            Duration::Batches => "grows, in batches",
        },
        inline(&work)
    )
}

/// What a step rewrites, reads and builds, with the sizes that are known.
fn work(step: &StepReport) -> String {
    let mut parts = Vec::new();
    for (verb, tables) in [
        ("rewrites", &step.rewrites),
        ("reads", &step.scans),
        ("indexes", &step.builds),
    ] {
        if !tables.is_empty() {
            parts.push(format!("{verb} {}", tables.join(", ")));
        }
    }
    for size in &step.sizes {
        parts.push(format!("{}: {}", size.table, size.words()));
    }
    parts.join("; ")
}

/// What else is known of each step.
pub(super) fn locks(report: &Report) -> String {
    let mut out = String::from(
        "<details>\n<summary>Of each step</summary>\n\n| step | lock on existing relations | transaction | undo |\n|---|---|---|---|\n",
    );
    for step in &report.steps {
        let locks: Vec<String> = step
            .locks
            .iter()
            .map(|lock| format!("{} on {}", lock.mode, inline(&lock.relation)))
            .collect();
        out.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            step.id,
            if locks.is_empty() {
                "none".to_owned()
            } else {
                locks.join("<br>")
            },
            inline(&step.transaction),
            match &step.undo {
                Undo::Full => "yes",
                Undo::Nothing => "nothing to undo",
                Undo::Lossy(_) => "in part",
                Undo::Impossible(_) => "no",
            }
        ));
    }
    out.push_str("\n</details>\n");
    out
}
