//! Where live databases differ from the desired schema, object by object, and the forms in which that is told.

mod difference;
mod markdown;
mod prometheus;
mod slack;
mod text;

use schemars::JsonSchema;
use serde::Serialize;

pub use difference::{Difference, State, differences, renamed};
pub use markdown::markdown;
pub use prometheus::prometheus;
pub use slack::slack;
pub use text::{differences as difference_text, text};

/// The version of the JSON form. It grows when a reader of the version before would misread a document.
pub const VERSION: u32 = 1;

/// What a run found in all databases that it looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DriftReport {
    /// The version of this form: 1.
    pub version: u32,
    /// Whether any database differs.
    pub drift: bool,
    /// Whether every database could be looked at.
    pub complete: bool,
    /// In one sentence.
    pub summary: String,
    /// The databases, in the order of the configuration.
    pub databases: Vec<DatabaseDrift>,
}

/// What was found in a database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DatabaseDrift {
    /// Its name in the configuration; without one that of the database.
    pub name: String,
    /// Why it could not be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What differs and is not ignored.
    pub differences: Vec<Difference>,
    /// What differs and is ignored by a rule.
    pub ignored: Vec<Ignored>,
    /// Rules that have expired and hide nothing any more.
    pub expired: Vec<Expired>,
    /// What the database holds that pgphase does not manage.
    pub unmanaged: Vec<String>,
    /// What else a reader should know: remarks about the files, differences that could not be decided.
    pub notes: Vec<String>,
}

/// A difference that a rule hides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ignored {
    /// The object.
    pub object: String,
    /// How it differs.
    pub state: State,
    /// Why that is no drift, as the rule says.
    pub reason: String,
    /// The last day of the rule, `YYYY-MM-DD`.
    pub until: String,
}

/// A rule whose last day has passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Expired {
    /// Its pattern.
    pub object: String,
    /// Its reason.
    pub reason: String,
    /// Its last day, `YYYY-MM-DD`.
    pub until: String,
    /// How many differences it would hide.
    pub matches: usize,
}

impl DatabaseDrift {
    /// Whether it was looked at and nothing differs.
    pub fn is_clean(&self) -> bool {
        self.error.is_none() && self.differences.is_empty()
    }
}

impl DriftReport {
    /// The report about these databases.
    pub fn of(databases: Vec<DatabaseDrift>) -> Self {
        Self {
            version: VERSION,
            drift: databases.iter().any(|database| !database.differences.is_empty()),
            complete: databases.iter().all(|database| database.error.is_none()),
            summary: summary(&databases),
            databases,
        }
    }

    /// Whether every database was looked at and nothing differs.
    pub fn is_clean(&self) -> bool {
        !self.drift && self.complete
    }

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
}

fn summary(databases: &[DatabaseDrift]) -> String {
    let objects: usize = databases.iter().map(|database| database.differences.len()).sum();
    let failed = databases.iter().filter(|database| database.error.is_some()).count();
    if let [one] = databases {
        return match (&one.error, objects) {
            (Some(_), _) => format!("{} could not be looked at.", one.name),
            (None, 0) => "No drift: the database is as the files want it.".into(),
            (None, objects) => format!("Drift in {}: {}.", one.name, differ(objects)),
        };
    }
    let drifted = databases
        .iter()
        .filter(|database| !database.differences.is_empty())
        .count();
    let mut text = match drifted {
        0 if failed == 0 => format!(
            "No drift: all {} databases are as the files want them.",
            databases.len()
        ),
        0 => "No drift in those that could be looked at.".to_owned(),
        drifted => format!(
            "Drift in {drifted} of {} databases: {}.",
            databases.len(),
            differ(objects)
        ),
    };
    if failed > 0 {
        text.push_str(&format!(" {failed} of {} could not be looked at.", databases.len()));
    }
    text
}

fn differ(objects: usize) -> String {
    match objects {
        1 => "1 object differs".into(),
        objects => format!("{objects} objects differ"),
    }
}
