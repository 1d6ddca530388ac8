//! The review of a plan: one value, [`Report`], from which the terminal text, `REVIEW.md`, the HTML page and the JSON document
//! are all rendered. It is computed from a plan folder alone, without a database.
//!
//! The order is the reader's: what the verdict is, what is destroyed, what happens phase by phase, what each version of the
//! application sees and when to deploy, how the schema differs, the SQL, the hazards and how to approve them, what nobody has
//! looked at, and what the plan was made from.

mod applications;
mod definitions;
mod diagram;
mod entities;
mod graph;
mod html;
mod layout;
mod make;
mod markdown;
mod svg;
mod text;

use schemars::JsonSchema;
use serde::Serialize;

pub use crate::plan::reach::{Reach, What};
pub use crate::plan::{Class, HazardKind, LockMode, Phase, Size};
pub use definitions::Definition;
pub use diagram::{tables_dot, tables_mermaid};
pub use entities::{Column, Entity, Key, Mark};
pub use graph::{dot, mermaid};
pub use html::html;
pub use markdown::{COMMENT_LIMIT, markdown};
pub use text::text;

/// The version of the JSON form. It grows when a reader of the version before would misread a document.
pub const VERSION: u32 = 1;

/// Everything a review says about a plan.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this form: 1.
    pub version: u32,
    /// The name of the plan.
    pub name: String,
    /// The identity of the plan: what it starts from and what it runs.
    pub id: String,
    /// What to think of it at first sight.
    pub verdict: Verdict,
    /// What is lost for good, in the order of the steps.
    pub destroys: Vec<Destruction>,
    /// What goes while something else holds the same values, in the order of the steps.
    pub replaces: Vec<Destruction>,
    /// The phases that have steps.
    pub phases: Vec<PhaseReport>,
    /// The steps, in the order in which they run.
    pub steps: Vec<StepReport>,
    /// When the new version of the application is deployed. Sentences.
    pub deploy: Vec<String>,
    /// The definitions that differ, as unified differences from before to after the plan.
    pub schema_diff: Vec<Definition>,
    /// The tables that the plan changes, as they are before and after.
    pub tables: Vec<Entity>,
    /// What the steps reach beside what they change, in their order.
    pub reach: Vec<Reach>,
    /// Dangers, in the order of the steps.
    pub hazards: Vec<HazardReport>,
    /// Ids approved in the plan.
    pub approvals: Vec<String>,
    /// What was not analysed or decided, and what else no step says. One sentence each.
    pub notes: Vec<String>,
    /// What every session that runs steps sets first: `name = value`.
    pub settings: Vec<String>,
    /// What the plan was made from.
    pub basis: Basis,
}

/// What to think of a plan at first sight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// In one sentence.
    pub summary: String,
    /// How careful a reader should be.
    pub risk: Risk,
    /// The number of steps.
    pub steps: usize,
    /// The number of steps that lose data.
    pub destructive: usize,
    /// The number of hazards.
    pub hazards: usize,
    /// The number of hazards that nobody has approved.
    pub unapproved: usize,
    /// The strongest lock that a step takes on an existing relation.
    pub strongest_lock: Option<LockMode>,
}

/// How careful a reader should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Nothing to do.
    None,
    /// No hazard.
    Low,
    /// An old shape goes, access changes, something was not decided, or a step cannot be undone.
    Medium,
    /// Data is lost, reads or writes wait for long, or the old application breaks.
    High,
}

impl Risk {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Something that goes for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Destruction {
    /// The step that it goes with.
    pub step: String,
    /// What the step does.
    pub title: String,
    /// What goes, one sentence.
    pub loses: String,
    /// The id to approve.
    pub approval: String,
    /// Whether it is approved.
    pub approved: bool,
}

/// A phase.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PhaseReport {
    /// Which.
    pub phase: Phase,
    /// Its place, from 1.
    pub number: usize,
    /// When it may run, relative to the deployment of the application.
    pub when: String,
    /// The ids of its steps.
    pub steps: Vec<String>,
    /// The strongest lock that one of them takes on an existing relation.
    pub strongest_lock: Option<LockMode>,
    /// How many of the steps take longer on larger tables.
    pub growing: usize,
    /// Bytes that they add to the disk of the server, at most, the write-ahead log not counted; nothing where the sizes of the
    /// tables are not known.
    pub space: Option<u64>,
    /// What the old version of the application sees once the phase is done.
    pub old_application: Sees,
    /// What the new version sees.
    pub new_application: Sees,
}

/// What a version of the application sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sees {
    /// Whether everything it names in its queries is there.
    pub works: bool,
    /// What it lacks or meets; what it needs comes first.
    pub remarks: Vec<Remark>,
}

/// Something to know about objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Remark {
    /// What is to know: `not there yet`.
    pub what: String,
    /// The objects.
    pub objects: Vec<String>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StepReport {
    /// Phase and number: `expand-1`.
    pub id: String,
    /// The phase.
    pub phase: Phase,
    /// What it does.
    pub title: String,
    /// The object it works on; nothing for work on rows.
    pub object: Option<String>,
    /// Why it is done in this way, or nothing.
    pub why: Option<String>,
    /// How it runs.
    pub class: Class,
    /// Its locks on existing relations.
    pub locks: Vec<LockReport>,
    /// Whether reads of an existing relation wait.
    pub blocks_reads: bool,
    /// Whether writes to an existing relation wait.
    pub blocks_writes: bool,
    /// Tables that are rewritten.
    pub rewrites: Vec<String>,
    /// Tables that are read completely.
    pub scans: Vec<String>,
    /// Relations on which an index is built.
    pub builds: Vec<String>,
    /// The size of the tables it works through, where it is known.
    pub sizes: Vec<TableSize>,
    /// How its duration grows.
    pub duration: Duration,
    /// The same in words.
    pub duration_words: String,
    /// The transaction it runs in, in words.
    pub transaction: String,
    /// The way back.
    pub undo: Undo,
    /// The ids of its hazards.
    pub hazards: Vec<String>,
    /// The steps that it waits for.
    pub waits_for: Vec<String>,
    /// The SQL that runs, transaction and limits included.
    pub sql: String,
    /// The SHA-256 of the SQL.
    pub checksum: String,
}

/// A lock on an existing relation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LockReport {
    /// The relation.
    pub relation: String,
    /// The mode.
    pub mode: LockMode,
}

/// How large a table is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TableSize {
    /// The table.
    pub table: String,
    /// Its size, in two significant digits.
    pub size: Size,
}

/// How the duration of a step grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Duration {
    /// Short, whatever the size of the tables.
    Short,
    /// Grows with the table.
    Grows,
    /// Grows with the table, in short batches.
    Batches,
}

/// The way back from a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "way", content = "why")]
pub enum Undo {
    /// `rollback` undoes it.
    Full,
    /// There is nothing to undo.
    Nothing,
    /// `rollback` brings back the definition, without what is named.
    Lossy(String),
    /// There is no way back, for this reason.
    Impossible(String),
}

/// A danger.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HazardReport {
    /// The id by which it is approved.
    pub id: String,
    /// The kind.
    pub kind: HazardKind,
    /// What the kind means.
    pub meaning: String,
    /// The object in danger.
    pub object: String,
    /// The step.
    pub step: String,
    /// What happens, one sentence.
    pub explanation: String,
    /// Whether it is approved.
    pub approved: bool,
    /// The argument of `pgphase plan` that approves it.
    pub approve_with: String,
}

/// What a plan was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Basis {
    /// The major version of the server it was made for.
    pub server_version: u32,
    /// The fingerprint of the live schema; nothing where the plan was made from files.
    pub fingerprint: Option<String>,
    /// When the plan is no longer good, one sentence.
    pub staleness: String,
}

impl Report {
    /// The report as a JSON document.
    pub fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        // Texts, numbers and lists under names: nothing here that JSON does not have.
        text.map(|text| format!("{text}\n")).unwrap_or_default()
    }

    /// The JSON Schema of that document.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    fn steps_of(&self, phase: Phase) -> impl Iterator<Item = &StepReport> {
        self.steps.iter().filter(move |step| step.phase == phase)
    }
}

/// `1 step`, `2 steps`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

impl PhaseReport {
    /// What it adds to the disk, in words; nothing where that is nothing or not known.
    fn space_words(&self) -> Option<String> {
        let space = self.space.filter(|space| *space > 0)?;
        Some(format!("up to {} more on the disk, beside the log", bytes(space)))
    }
}

/// `1.2 GB`, in units of 1000.
pub(crate) fn bytes(bytes: u64) -> String {
    scaled(bytes, &[" B", " kB", " MB", " GB", " TB", " PB"])
}

/// `12 M`, in units of 1000.
fn rows(rows: u64) -> String {
    scaled(rows, &["", " k", " M", " G", " T"])
}

fn scaled(number: u64, units: &[&str]) -> String {
    let (mut rest, mut at, mut tenth) = (number, 0, 0);
    while rest >= 1000 && at + 1 < units.len() {
        tenth = rest % 1000 / 100;
        rest /= 1000;
        at += 1;
    }
    let unit = units.get(at).copied().unwrap_or_default();
    if at > 0 && rest < 10 && tenth > 0 {
        format!("{rest}.{tenth}{unit}")
    } else {
        format!("{rest}{unit}")
    }
}

impl TableSize {
    /// `about 12 M rows, 1.2 GB`.
    fn words(&self) -> String {
        match self.size.rows {
            Some(count) => format!("about {} rows, {}", rows(count), bytes(self.size.bytes)),
            None => bytes(self.size.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(rows(0), "0");
        assert_eq!(rows(999), "999");
        assert_eq!(rows(1_200), "1.2 k");
        assert_eq!(rows(12_000_000), "12 M");
        assert_eq!(bytes(8192), "8.1 kB");
        assert_eq!(bytes(2_000_000_000), "2 GB");
    }
}
