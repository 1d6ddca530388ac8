//! Errors as programs read them: one JSON object on one line, the last line of standard error.

use std::fmt;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::CliError;
use crate::apply::ApplyError;
use crate::conn::ConnError;
use crate::introspect::IntrospectError;
use crate::parse::Place;

/// The version of the JSON form. It grows when a reader of the version before would misread a document.
pub const VERSION: u32 = 1;

/// An error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Error")]
pub struct ErrorDocument {
    /// The version of this form: 1.
    pub version: u32,
    /// The exit code that the error alone has.
    pub code: u8,
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// What is wrong, in one sentence; lines after the first list what it is about.
    pub message: String,
    /// Where.
    pub place: Option<ErrorPlace>,
    /// What to do.
    pub hint: Option<String>,
    /// The database, by its name in the configuration, where `drift --all` looked at several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

/// What programs tell errors apart by. The exit code says what to do next, the kind what it is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// The command line cannot be understood, or lacks something.
    Usage,
    /// The configuration cannot be understood.
    Configuration,
    /// A file cannot be read or written, is there already, or is not there.
    File,
    /// Schema files or migrations do not say a schema.
    Schema,
    /// No plan keeps the rules that plans have to keep.
    Plan,
    /// A plan folder cannot be read, or is not what was planned.
    PlanFolder,
    /// There is no connection to the server.
    Connection,
    /// The server, or what it answered, cannot be used.
    Database,
    /// A hazard is not approved, nobody confirmed, the plan was abandoned, or there is no way back.
    Policy,
    /// The schema of the database is not the one that the plan expects.
    Stale,
    /// An earlier phase is not complete.
    PhaseOrder,
    /// Another run, another plan, a lock or a maintenance window has to be waited for.
    Busy,
    /// A step failed, or the connection was lost in it.
    Step,
    /// A signal ended the run.
    Stopped,
    /// What is remembered in namespace `pgphase` cannot be used.
    Journal,
    /// Anything else.
    #[default]
    Other,
}

impl ErrorKind {
    pub(super) fn of_connection(error: &ConnError) -> Self {
        match error {
            ConnError::Invalid { .. } => Self::Usage,
            ConnError::File { .. } => Self::File,
            ConnError::Unreachable { .. }
            | ConnError::PasswordMissing { .. }
            | ConnError::Refused { .. }
            | ConnError::Unspoken { .. }
            | ConnError::Unwanted { .. }
            | ConnError::Tls { .. } => Self::Connection,
        }
    }

    pub(super) fn of_reading(error: &IntrospectError) -> Self {
        if error.is_temporary() {
            Self::Busy
        } else {
            Self::Database
        }
    }

    pub(super) fn of_run(error: &ApplyError) -> Self {
        match error {
            ApplyError::Connect(error) => Self::of_connection(error),
            ApplyError::Disconnected(_) => Self::Connection,
            ApplyError::Inspect(error) | ApplyError::Unremembered(error) => Self::of_reading(error),
            ApplyError::Database { .. } | ApplyError::Unsuitable { .. } | ApplyError::Rights { .. } => Self::Database,
            ApplyError::Busy { .. }
            | ApplyError::GaveUp { .. }
            | ApplyError::OutsideWindow { .. }
            | ApplyError::CoolingDown { .. }
            | ApplyError::Overlap { .. } => Self::Busy,
            ApplyError::Abandoned { .. }
            | ApplyError::Unapproved { .. }
            | ApplyError::NoWayBack { .. }
            | ApplyError::NoSpace { .. }
            | ApplyError::Guarded { .. } => Self::Policy,
            ApplyError::PhaseOrder { .. } => Self::PhaseOrder,
            ApplyError::Stale { .. } => Self::Stale,
            ApplyError::Changed { .. } => Self::PlanFolder,
            ApplyError::Step { .. } | ApplyError::Lost { .. } => Self::Step,
            ApplyError::Stopped { .. } => Self::Stopped,
            ApplyError::Journal(_) => Self::Journal,
        }
    }
}

/// Where an error is. What is not known is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorPlace {
    /// The file, as the command line or the configuration leads to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The step of the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The first words of the statement, or another word for the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl ErrorPlace {
    /// A line of a file.
    pub fn line(file: impl Into<String>, line: usize) -> Self {
        Self {
            file: Some(file.into()),
            line: Some(line),
            ..Self::default()
        }
    }

    /// A step of a plan.
    pub fn step(id: &str) -> Self {
        Self {
            step: Some(id.to_owned()),
            ..Self::default()
        }
    }
}

impl From<&Path> for ErrorPlace {
    fn from(path: &Path) -> Self {
        Self {
            file: Some(path.display().to_string()),
            ..Self::default()
        }
    }
}

impl From<Place> for ErrorPlace {
    fn from(place: Place) -> Self {
        Self {
            file: Some(place.file.to_string()),
            line: Some(place.line),
            column: Some(place.column),
            ..Self::default()
        }
    }
}

impl From<String> for ErrorPlace {
    fn from(text: String) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }
}

impl From<&str> for ErrorPlace {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for ErrorPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = [self.line, self.column].map(|number| number.map(|number| number.to_string()));
        let words: Vec<&str> = [self.file.as_deref(), self.step.as_deref()]
            .into_iter()
            .chain(numbers.iter().map(Option::as_deref))
            .flatten()
            .collect();
        let gap = if words.is_empty() || self.text.is_none() {
            ""
        } else {
            ": "
        };
        write!(
            f,
            "{}{gap}{}",
            words.join(":"),
            self.text.as_deref().unwrap_or_default()
        )
    }
}

impl ErrorDocument {
    /// The document of an error.
    pub fn of(error: &CliError, database: Option<&str>) -> Self {
        Self {
            version: VERSION,
            code: error.code,
            kind: error.kind,
            message: error.message.clone(),
            place: error.place.as_deref().cloned(),
            hint: error.hint.clone(),
            database: database.map(str::to_owned),
        }
    }

    /// On one line, without its end.
    pub fn line(&self) -> String {
        // Texts and numbers under names: nothing here that JSON does not have.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The JSON Schema of that document.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_as_they_are_typed() {
        let place = |file: Option<&str>, line, column, text: Option<&str>| ErrorPlace {
            file: file.map(str::to_owned),
            line,
            column,
            step: None,
            text: text.map(str::to_owned),
        };
        for (place, shown) in [
            (
                place(Some("a.sql"), Some(1), Some(2), Some("CREATE")),
                "a.sql:1:2: CREATE",
            ),
            (place(Some("a.sql"), Some(1), None, None), "a.sql:1"),
            (place(None, None, None, Some("CREATE")), "CREATE"),
            (ErrorPlace::step("expand-1"), "expand-1"),
        ] {
            assert_eq!(place.to_string(), shown);
        }
    }
}
