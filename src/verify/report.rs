//! The verdict as text and Markdown, and its place in REVIEW.md.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Serialize;

use super::observe::Seen;
use super::seed::Seeded;
use crate::name::QualifiedName;
use crate::plan::file::{PlanFileError, REVIEW_FILE};
use crate::render::script::comment_text;
use crate::report::count;

/// The line that begins the evidence in REVIEW.md.
const BEGIN: &str = "<!-- evidence of pgphase verify: replaced when it runs again -->";
/// The line that ends it.
const END: &str = "<!-- end of the evidence -->";

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// What was expected, as a clause that is true when it holds.
    pub what: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was found instead, or what is to be known about it; a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// What was seen of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepSeen {
    /// The step.
    pub step: String,
    /// What it does.
    pub title: String,
    /// What was seen.
    pub seen: Seen,
    /// Where the plan promises less trouble than there is.
    pub weaker: Vec<String>,
    /// Where the plan is more careful than what was seen.
    pub stronger: Vec<String>,
}

/// What the trial of a plan came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The plan's id.
    pub plan: String,
    /// Its name.
    pub name: String,
    /// The major version on which it was tried.
    pub server_version: u32,
    /// Whether everything holds.
    pub holds: bool,
    /// What was tried, in order.
    pub checks: Vec<Check>,
    /// What was seen of each step that ran.
    pub steps: Vec<StepSeen>,
    /// The generated rows.
    pub seeded: Vec<Seeded>,
    /// Rows that were there when the plan began, by table; also those of a seed script.
    pub rows: Vec<(QualifiedName, i64)>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

impl Verdict {
    /// The verdict in one sentence.
    pub fn summary(&self) -> String {
        let rows: i64 = self.rows.iter().map(|(_, rows)| rows).sum();
        format!(
            "{} on PostgreSQL {} with {rows} rows in {}: the plan {}.",
            if self.holds { "Verified" } else { "Tried" },
            self.server_version,
            count(self.rows.len(), "table"),
            if self.holds { "holds" } else { "does not hold" }
        )
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.summary());
        for check in &self.checks {
            _ = writeln!(out, "  {} {}", if check.holds { "ok  " } else { "FAIL" }, check.what);
            check
                .details
                .iter()
                .for_each(|detail| _ = writeln!(out, "         {}", comment_text(detail)));
        }
        for step in &self.steps {
            for line in &step.stronger {
                _ = writeln!(
                    out,
                    "note: {}: more careful than needed: {}",
                    step.step,
                    comment_text(line)
                );
            }
        }
        for line in self.remarks() {
            _ = writeln!(out, "note: {line}");
        }
        out
    }

    fn remarks(&self) -> Vec<String> {
        let short = self.seeded.iter().filter_map(|seeded| {
            let why = seeded.refused.as_ref()?;
            Some(format!(
                "{} got {} generated rows: {}",
                seeded.table,
                seeded.rows,
                comment_text(why)
            ))
        });
        short.chain(self.notes.iter().map(|note| comment_text(note))).collect()
    }

    /// For REVIEW.md.
    pub fn markdown(&self) -> String {
        let inline = |text: &str| comment_text(text).replace('<', "&lt;");
        let cell = |text: &str| inline(text).replace('|', "\\|");
        let mut out = format!("## Evidence\n\n{} Plan `{}`.\n\n", inline(&self.summary()), self.plan);
        for check in &self.checks {
            let state = if check.holds { "yes" } else { "**NO**" };
            _ = writeln!(out, "- {state}: {}", inline(&check.what));
            check
                .details
                .iter()
                .for_each(|detail| _ = writeln!(out, "  - {}", inline(detail)));
        }
        // The checks above say whether something is amiss; the table is for those who look closer.
        out.push_str(
            "\n<details>\n<summary>What was seen of each step</summary>\n\n\
             | step | locks seen | work seen | against the plan |\n|---|---|---|---|\n",
        );
        for step in &self.steps {
            let against = match (step.weaker.as_slice(), step.stronger.as_slice()) {
                ([], []) => "as stated".to_owned(),
                ([], careful) => format!("less than stated: {}", careful.join("; ")),
                (worse, _) => format!("**more than stated**: {}", worse.join("; ")),
            };
            _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                step.step,
                cell(&locks(&step.seen)),
                cell(&work(&step.seen)),
                cell(&against)
            );
        }
        out.push_str("\n</details>\n");
        let remarks = self.remarks();
        if !remarks.is_empty() {
            out.push('\n');
        }
        remarks.iter().for_each(|line| _ = writeln!(out, "- {}", inline(line)));
        out
    }
}

fn locks(seen: &Seen) -> String {
    let locks: Vec<String> = seen
        .facts
        .locks
        .iter()
        .map(|lock| format!("{} on {}", lock.mode, lock.relation))
        .collect();
    if locks.is_empty() {
        "none".into()
    } else {
        locks.join(", ")
    }
}

fn work(seen: &Seen) -> String {
    let lists = [
        ("rewrites", &seen.facts.rewrites),
        ("scans", &seen.facts.scans),
        ("builds on", &seen.facts.builds),
    ];
    let words: Vec<String> = lists
        .into_iter()
        .filter(|(_, tables)| !tables.is_empty())
        .map(|(verb, tables)| format!("{verb} {}", crate::sql::list(tables)))
        .collect();
    words.join("; ")
}

/// The review with the evidence at its end, in place of earlier evidence.
pub fn with_evidence(review: &str, evidence: &str) -> String {
    let (head, tail) = match (review.find(BEGIN), review.find(END)) {
        (Some(begin), Some(end)) if begin < end => (&review[..begin], review[end + END.len()..].trim_start()),
        _ => (review, ""),
    };
    format!(
        "{}\n\n{BEGIN}\n\n{}\n\n{END}\n{tail}",
        head.trim_end(),
        evidence.trim_end()
    )
}

/// Writes the evidence into the REVIEW.md of a plan folder. That file is no SQL, so the plan stays what was reviewed.
pub fn write_evidence(folder: &Path, verdict: &Verdict) -> Result<(), PlanFileError> {
    let path = folder.join(REVIEW_FILE);
    let io = |verb| {
        let path = path.clone();
        move |error| PlanFileError::Io { verb, path, error }
    };
    let review = fs::read_to_string(&path).map_err(io("read"))?;
    fs::write(&path, with_evidence(&review, &verdict.markdown())).map_err(io("write"))
}

#[cfg(test)]
mod tests {
    use super::with_evidence;

    #[test]
    fn evidence_replaces_itself() {
        let once = with_evidence("# plan\n\ntext\n", "first");
        assert!(
            once.starts_with("# plan\n\ntext\n\n<!--") && once.contains("first"),
            "{once}"
        );
        let twice = with_evidence(&once, "second");
        assert!(!twice.contains("first") && twice.contains("second"), "{twice}");
        assert_eq!(with_evidence(&twice, "second"), twice);
        assert_eq!(
            with_evidence(&format!("{once}more\n"), "x").lines().last(),
            Some("more")
        );
    }
}
