//! `REVIEW.md`: the review as it is read in a pull request.

mod deploy;
mod escape;
mod steps;

use deploy::deploy;
use escape::{code, fence, inline};
use steps::{locks, steps};

use super::diagram::bounded_mermaid;
use super::{Phase, Report, StepReport, count, mermaid};
use crate::render::script::{comment_text, file_name};

/// What a comment on GitHub holds, in characters. Bytes are counted here, which are never fewer.
pub const COMMENT_LIMIT: usize = 65_536;

/// Room for what the one who posts the comment puts around it.
const ROOM: usize = 1_000;

/// How many items a list names.
const LISTED: usize = 50;

/// How long a list may be that stands open though it is no danger.
const SHORT: usize = 4;

/// A part of the review that can be left out as a whole.
struct Section {
    title: String,
    text: String,
    /// Where to look when it is left out.
    pointer: String,
    /// Sections of a higher number are left out first; those of 0 never are.
    order: usize,
}

impl Section {
    fn new(title: impl Into<String>, text: String) -> Self {
        Self {
            title: title.into(),
            text,
            pointer: String::new(),
            order: 0,
        }
    }

    fn can_go(mut self, order: usize, pointer: impl Into<String>) -> Self {
        self.order = order;
        self.pointer = pointer.into();
        self
    }

    fn write(&self) -> String {
        format!("\n## {}\n\n{}\n", self.title, self.text.trim_end())
    }
}

/// The report as Markdown of at most [`COMMENT_LIMIT`] characters; whole sections give way to a word about where to look.
pub fn markdown(report: &Report) -> String {
    let head = head(report);
    let mut sections = sections(report);
    let mut texts: Vec<String> = sections.iter().map(Section::write).collect();
    let size = |texts: &[String]| head.len() + texts.iter().map(String::len).sum::<usize>();
    while size(&texts) > COMMENT_LIMIT - ROOM {
        let Some(at) = (0..sections.len())
            .filter(|at| sections[*at].order > 0)
            .max_by_key(|at| (sections[*at].order, texts[*at].len()))
        else {
            break;
        };
        let section = &mut sections[at];
        section.order = 0;
        section.text = format!(
            "Left out, so that this fits a comment on GitHub: see {}.",
            section.pointer
        );
        texts[at] = section.write();
    }
    format!("{head}{}", texts.concat())
}

fn head(report: &Report) -> String {
    // A job that posts the review finds the comment of the last run by the first line.
    let mut out = format!(
        "<!-- pgphase review of {} -->\n# {}\n\n**{}**\n",
        comment_text(&report.name).replace("--", "- -"),
        inline(&report.name),
        report.verdict.summary
    );
    if report.steps.is_empty() {
        return out;
    }
    let lock = match report.verdict.strongest_lock {
        Some(mode) => format!("strongest lock on an existing table: {mode} ({})", mode.waits()),
        None => "no lock on an existing table".into(),
    };
    out.push_str(&format!("Risk: **{}**; {lock}.\n", report.verdict.risk.word()));
    let going = [
        ("[!CAUTION]\n> **Data is lost for good:**", &report.destroys),
        ("[!NOTE]\n> **Replaced, with the same values:**", &report.replaces),
    ];
    for (title, list) in going.into_iter().filter(|(_, list)| !list.is_empty()) {
        out.push_str(&format!("\n> {title}\n"));
        for loss in list.iter().take(LISTED) {
            let state = if loss.approved { "approved" } else { "**not approved**" };
            out.push_str(&format!(
                "> - {} ({}, {state})\n",
                inline(&loss.loses),
                step_link(&loss.step)
            ));
        }
        out.push_str(&more(list.len(), "> - "));
    }
    out
}

fn more(total: usize, bullet: &str) -> String {
    match total.saturating_sub(LISTED) {
        0 => String::new(),
        more => format!("{bullet}and {more} more, in `plan.yaml`\n"),
    }
}

fn sections(report: &Report) -> Vec<Section> {
    let mut sections = Vec::new();
    if !report.steps.is_empty() {
        sections.push(Section::new("When to deploy", deploy(report)));
        if !report.hazards.is_empty() {
            sections.push(Section::new("Hazards", hazards(report)));
        }
        if !report.reach.is_empty() {
            sections.push(Section::new("What else it reaches", reach(report)));
        }
        let files = "the heads of the steps in the `.sql` files";
        sections.push(Section::new("Steps", steps(report)).can_go(1, files));
        sections.push(Section::new("Locks, transactions, and the way back", locks(report)).can_go(2, files));
        if !report.schema_diff.is_empty() {
            let pointer = "`pgphase show . --format markdown`, or the schema files";
            sections.push(Section::new("Schema", schema(report)).can_go(2, pointer));
        }
        sections.push(Section::new("Order", order(report)).can_go(3, "`pgphase show . --format mermaid`"));
        if !report.tables.is_empty() {
            let pointer = "`pgphase show . --format tables-mermaid`";
            sections.push(Section::new("Tables", tables(report)).can_go(3, pointer));
        }
        for phase in &report.phases {
            let file = format!("`{}`", file_name(phase.phase));
            let title = format!("SQL of {} {}", phase.number, phase.phase);
            sections.push(Section::new(title, sql(report, phase.phase)).can_go(4, file));
        }
    }
    if !report.notes.is_empty() {
        let mut text: String = report
            .notes
            .iter()
            .take(LISTED)
            .map(|note| format!("- {}\n", inline(note)))
            .collect();
        text.push_str(&more(report.notes.len(), "- "));
        sections.push(Section::new("Not analysed, and other notes", text));
    }
    sections.push(Section::new("Basis", basis(report)));
    sections
}

fn reach(report: &Report) -> String {
    // What several steps reach in the same way is said once.
    let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
    for reach in &report.reach {
        match told.iter_mut().find(|(says, _)| *says == reach.says) {
            Some((_, steps)) => steps.push(&reach.step),
            None => told.push((&reach.says, vec![&reach.step])),
        }
    }
    let mut text: String = told
        .iter()
        .take(LISTED)
        .map(|(says, steps)| format!("- **{}** {}\n", inline(&steps.join(", ")), inline(says)))
        .collect();
    text.push_str(&more(told.len(), "- "));
    if told.len() <= SHORT {
        return text;
    }
    format!(
        "<details>\n<summary>{}</summary>\n\n{text}\n</details>\n",
        count(told.len(), "remark")
    )
}

fn hazards(report: &Report) -> String {
    let mut out = String::new();
    for hazard in report.hazards.iter().take(LISTED) {
        let state = if hazard.approved {
            "approved"
        } else {
            "**not approved**"
        };
        out.push_str(&format!(
            "- {state}, {}: {}<br>{}<br>{}\n",
            step_link(&hazard.step),
            inline(&hazard.explanation),
            code(&hazard.id),
            inline(&hazard.meaning),
        ));
    }
    out.push_str(&more(report.hazards.len(), "- "));
    let mut open: Vec<&str> = Vec::new();
    for hazard in report.hazards.iter().filter(|hazard| !hazard.approved).take(LISTED) {
        if !open.contains(&hazard.id.as_str()) {
            open.push(&hazard.id);
        }
    }
    if !open.is_empty() {
        let ids: String = open
            .iter()
            .map(|id| format!("- '{}'\n", id.replace('\'', "''")))
            .collect();
        let block = format!("approvals:\n{ids}");
        let fence = fence(&block);
        out.push_str(&format!(
            "\nNo phase runs while one of its hazards is not approved. To approve, put the ids into `plan.yaml`, or give each to \
             `pgphase plan --approve`; then `pgphase show . --format markdown > REVIEW.md` brings this page up to date.\n\n\
             {fence}yaml\n{block}{fence}\n"
        ));
    }
    out
}

fn schema(report: &Report) -> String {
    let text: String = report
        .schema_diff
        .iter()
        .map(|definition| {
            let object = comment_text(&definition.object);
            format!("@@ {}: {object} @@\n{}", definition.mark.word(), definition.diff)
        })
        .collect::<Vec<_>>()
        .join("\n");
    let fence = fence(&text);
    format!("{fence}diff\n{text}{fence}\n")
}

fn order(report: &Report) -> String {
    format!(
        "<details>\n<summary>What waits for what</summary>\n\n```mermaid\n{}```\n\n</details>\n",
        mermaid(report)
    )
}

fn tables(report: &Report) -> String {
    let (diagram, left_out) = bounded_mermaid(report);
    let more = match left_out {
        0 => String::new(),
        more => format!("\n{} more {} not drawn.\n", more, if more == 1 { "is" } else { "are" }),
    };
    format!(
        "<details>\n<summary>The changed tables, and those that they reference</summary>\n\n```mermaid\n{diagram}```\n{more}\n</details>\n"
    )
}

fn sql(report: &Report, phase: Phase) -> String {
    let steps: Vec<&StepReport> = report.steps_of(phase).collect();
    let mut out = format!("<details>\n<summary>{}</summary>\n", count(steps.len(), "step"));
    for step in steps {
        out.push_str(&format!("\n**{}** {}\n", step.id, inline(&step.title)));
        if let Some(why) = &step.why {
            out.push_str(&format!("\n{}\n", inline(why)));
        }
        let fence = fence(&step.sql);
        out.push_str(&format!("\n{fence}sql\n{}{fence}\n", step.sql));
    }
    out.push_str("\n</details>\n");
    out
}

fn basis(report: &Report) -> String {
    let from = match &report.basis.fingerprint {
        Some(text) => format!(", from a schema with fingerprint `{}`", text.get(..16).unwrap_or(text)),
        None => String::new(),
    };
    format!(
        "Plan `{}`, made for PostgreSQL {}{from}. {}\n",
        report.id, report.basis.server_version, report.basis.staleness
    )
}

fn step_link(id: &str) -> String {
    format!("step {id}")
}
