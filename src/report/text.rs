//! The review for a terminal.

use std::fmt::Write as _;

use super::applications::list;
use super::{Duration, HazardKind, Phase, Report, Sees, StepReport, Undo};
use crate::render::script::{comment_text, lock_words};
use crate::wrap;

/// Lines are broken at this width.
const WIDTH: usize = 100;

/// The least width: in less, nothing can be read behind the names of steps.
const NARROWEST: usize = 60;

/// The column in which what belongs to a step begins.
const INDENT: usize = 15;

/// The report as text. Paragraphs are broken at 100 columns, or at the given width where that is less.
pub fn text(report: &Report, width: Option<usize>) -> String {
    let mut page = Page {
        text: String::new(),
        width: width.map_or(WIDTH, |width| width.clamp(NARROWEST, WIDTH)),
    };
    // Writing to a String cannot fail.
    let _ = write(&mut page, report);
    page.text
}

/// Text, and the width at which its paragraphs are broken.
struct Page {
    text: String,
    width: usize,
}

impl std::fmt::Write for Page {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}

fn write(out: &mut Page, report: &Report) -> std::fmt::Result {
    paragraph(
        out,
        0,
        "",
        &format!("{}: {}", comment_text(&report.name), report.verdict.summary),
    )?;
    if !report.steps.is_empty() {
        writeln!(out, "Risk: {}.", report.verdict.risk.word())?;
    }
    let going = [
        ("LOST FOR GOOD", &report.destroys),
        ("REPLACED, WITH THE SAME VALUES", &report.replaces),
    ];
    for (title, list) in going.into_iter().filter(|(_, list)| !list.is_empty()) {
        writeln!(out, "\n{title}")?;
        for loss in list {
            let state = if loss.approved { "approved" } else { "not approved" };
            paragraph(out, 2, &loss.step, &format!("{} ({state})", comment_text(&loss.loses)))?;
        }
    }
    // What is lost has been told above.
    let mut dangers = report
        .hazards
        .iter()
        .filter(|hazard| !matches!(hazard.kind, HazardKind::DataLoss | HazardKind::OldShape))
        .peekable();
    if dangers.peek().is_some() {
        writeln!(out, "\nHAZARDS")?;
    }
    for hazard in dangers {
        let state = if hazard.approved { "approved" } else { "not approved" };
        let says = comment_text(&hazard.explanation);
        paragraph(out, 2, &hazard.step, &format!("{says} ({state})"))?;
    }
    if !report.deploy.is_empty() {
        writeln!(out, "\nDEPLOY")?;
        for sentence in &report.deploy {
            paragraph(out, 2, "", sentence)?;
        }
    }
    for phase in &report.phases {
        let heading = format!("{} {}: {}", phase.number, phase.phase, phase.when);
        writeln!(out, "\n{}", wrap::hanging("", &heading, 2, out.width))?;
        if let Some(words) = phase.space_words() {
            paragraph(out, 2, "", &words)?;
        }
        for step in report.steps_of(phase.phase) {
            write_step(out, report, step)?;
        }
        let old = if phase.phase == Phase::Contract {
            None
        } else {
            Some(&phase.old_application)
        };
        for (who, sees) in [("old", old), ("new", Some(&phase.new_application))] {
            if let Some(sees) = sees {
                paragraph(out, 2, "", &format!("The {who} application then {}.", seen(sees)))?;
            }
        }
    }
    if !report.schema_diff.is_empty() {
        writeln!(out, "\nSCHEMA")?;
        for definition in &report.schema_diff {
            writeln!(out, "  {} {}", definition.mark.word(), comment_text(&definition.object))?;
            for line in definition.diff.lines() {
                writeln!(out, "    {}", script_line(line))?;
            }
        }
    }
    if report.hazards.iter().any(|hazard| !hazard.approved) {
        writeln!(
            out,
            "\nTO APPROVE, with `pgphase plan` or under `approvals` in plan.yaml"
        )?;
        let mut told: Vec<&str> = Vec::new();
        for hazard in report.hazards.iter().filter(|hazard| !hazard.approved) {
            if !told.contains(&hazard.id.as_str()) {
                writeln!(out, "  {}", comment_text(&hazard.approve_with))?;
                told.push(&hazard.id);
            }
        }
    }
    if !report.reach.is_empty() {
        writeln!(out, "\nWHAT ELSE IT REACHES")?;
    }
    for reach in &report.reach {
        paragraph(out, 2, "", &format!("{}: {}", reach.step, comment_text(&reach.says)))?;
    }
    if !report.notes.is_empty() {
        writeln!(out)?;
    }
    for note in &report.notes {
        paragraph(out, 0, "", &format!("note: {}", comment_text(note)))?;
    }
    if !report.steps.is_empty() {
        let from = match &report.basis.fingerprint {
            Some(fingerprint) => format!(", from schema {}", fingerprint.get(..16).unwrap_or(fingerprint)),
            None => String::new(),
        };
        writeln!(
            out,
            "\nPlan {} for PostgreSQL {}{from}.",
            report.id, report.basis.server_version
        )?;
        paragraph(out, 0, "", &report.basis.staleness)?;
    }
    Ok(())
}

fn write_step(out: &mut Page, report: &Report, step: &StepReport) -> std::fmt::Result {
    paragraph(out, 2, &step.id, &step.title)?;
    let mut more: Vec<String> = Vec::new();
    if let Some(why) = &step.why {
        more.push(format!("why: {}", comment_text(why)));
    }
    let mut cost: Vec<String> = step
        .locks
        .iter()
        .map(|lock| lock_words(lock.mode, &lock.relation))
        .collect();
    if !cost.is_empty() || step.duration != Duration::Short {
        cost.push(match step.duration {
            Duration::Short => "short".to_owned(),
            Duration::Grows | Duration::Batches => step.duration_words.clone(),
        });
        cost.extend(
            step.sizes
                .iter()
                .map(|size| format!("{}: {}", size.table, size.words())),
        );
        more.push(cost.join("; "));
    }
    match &step.undo {
        Undo::Impossible(why) => more.push(format!("no way back: {why}")),
        Undo::Lossy(what) => more.push(format!("the way back does not bring back {what}")),
        Undo::Full | Undo::Nothing => {}
    }
    for hazard in report.hazards.iter().filter(|hazard| hazard.step == step.id) {
        more.push(format!("HAZARD {}: {}", comment_text(&hazard.id), hazard.explanation));
    }
    for line in more {
        paragraph(out, INDENT, "", &line)?;
    }
    Ok(())
}

/// Whether an application finds what it uses, behind its name.
pub(super) fn finds(sees: &Sees) -> &'static str {
    if sees.works {
        "finds everything it uses"
    } else {
        "does not find everything it uses"
    }
}

/// What an application sees, behind its name.
pub(super) fn seen(sees: &Sees) -> String {
    let verb = finds(sees);
    let remarks = sees
        .remarks
        .iter()
        .map(|remark| format!("; {}: {}", remark.what, list(&remark.objects)));
    comment_text(&format!("{verb}{}", remarks.collect::<String>()))
}

/// A line of a difference on a terminal.
fn script_line(line: &str) -> String {
    line.chars()
        .filter(|letter| *letter == '\t' || !letter.is_control())
        .collect()
}

/// A text behind a label, broken at the width; the following lines begin where the text began.
fn paragraph(out: &mut Page, indent: usize, label: &str, text: &str) -> std::fmt::Result {
    let head = if label.is_empty() {
        " ".repeat(indent)
    } else {
        format!("{}{label:<width$} ", " ".repeat(indent), width = INDENT - indent - 1)
    };
    let text = wrap::hanging(&head, text, head.len(), out.width);
    writeln!(out, "{text}")
}
