//! The steps and what they wait for, for Mermaid and Graphviz.

use std::fmt::Write as _;

use super::{Phase, Report, StepReport, count};

/// How many steps a Mermaid graph shows before it shows phases only: more are not readable, and GitHub draws no more than 500
/// edges.
const STEPS_SHOWN: usize = 60;

/// How much of a title fits a box.
const TITLE: usize = 48;

/// The steps as a Mermaid flowchart. Plans of more than 60 steps are shown by phase.
pub fn mermaid(report: &Report) -> String {
    let mut out = String::from("flowchart LR\n");
    let _ = write_mermaid(&mut out, report);
    out
}

fn write_mermaid(out: &mut String, report: &Report) -> std::fmt::Result {
    if report.steps.len() > STEPS_SHOWN {
        for phase in &report.phases {
            writeln!(
                out,
                "  {}[\"{} {}<br/>{}\"]",
                phase.phase,
                phase.number,
                phase.phase,
                count(phase.steps.len(), "step")
            )?;
        }
    } else {
        for phase in &report.phases {
            writeln!(out, "  subgraph {}[\"{} {}\"]", phase.phase, phase.number, phase.phase)?;
            for step in report.steps_of(phase.phase) {
                let title = mermaid_text(&short(&step.title, TITLE));
                writeln!(out, "    {}[\"{}<br/>{title}\"]", step.id, step.id)?;
            }
            writeln!(out, "  end")?;
        }
        for step in &report.steps {
            for before in &step.waits_for {
                writeln!(out, "  {before} --> {}", step.id)?;
            }
        }
    }
    for pair in report.phases.windows(2) {
        writeln!(out, "  {} ==> {}", pair[0].phase, pair[1].phase)?;
    }
    let dangerous: Vec<&str> = dangerous(report).collect();
    if !dangerous.is_empty() && report.steps.len() <= STEPS_SHOWN {
        writeln!(out, "  classDef hazard stroke:#c0392b,stroke-width:3px")?;
        writeln!(out, "  class {} hazard", dangerous.join(","))?;
    }
    Ok(())
}

/// The ids of the steps that have a hazard.
fn dangerous(report: &Report) -> impl Iterator<Item = &str> {
    let with_hazard = |step: &&StepReport| !step.hazards.is_empty();
    report.steps.iter().filter(with_hazard).map(|step| step.id.as_str())
}

/// Characters that Mermaid or HTML would read are written by their numbers.
pub(super) fn mermaid_text(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '"' | '\'' | '<' | '>' | '&' | '#' | ';' | '`' | '\\' | '[' | ']' | '{' | '}' | '|' => {
                let _ = write!(out, "#{};", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out
}

/// The steps as a Graphviz graph.
pub fn dot(report: &Report) -> String {
    let mut out = String::new();
    let _ = write_dot(&mut out, report);
    out
}

fn write_dot(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(
        out,
        "digraph {} {{\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];",
        dot_text(&report.name)
    )?;
    for phase in Phase::ALL {
        if report.steps_of(phase).next().is_none() {
            continue;
        }
        writeln!(
            out,
            "  subgraph \"cluster_{phase}\" {{\n    label=\"{} {phase}\";",
            phase.number()
        )?;
        for step in report.steps_of(phase) {
            let color = if step.hazards.is_empty() {
                ""
            } else {
                ", color=\"#c0392b\", penwidth=3"
            };
            let label = dot_text(&format!("{}\n{}", step.id, short(&step.title, TITLE)));
            writeln!(out, "    \"{}\" [label={label}{color}];", step.id)?;
        }
        writeln!(out, "  }}")?;
    }
    for step in &report.steps {
        for before in &step.waits_for {
            writeln!(out, "  \"{before}\" -> \"{}\";", step.id)?;
        }
    }
    writeln!(out, "}}")
}

pub(super) fn dot_text(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}

/// At most this many characters.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", head.trim_end())
}
