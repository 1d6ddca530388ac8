//! Every error of the command line: one sentence, the place, a hint, an exit code.

use std::fmt;

use crate::apply::ApplyError;
use crate::conn::ConnError;
use crate::parse::ParseError;
use crate::plan::file::PlanFileError;

/// Exit codes, the same in every command.
pub mod code {
    /// Nothing to do, or done.
    pub const OK: u8 = 0;
    /// An error.
    pub const ERROR: u8 = 1;
    /// There is a difference.
    pub const DIFFERENCE: u8 = 2;
    /// Refused by policy.
    pub const REFUSED: u8 = 3;
    /// The plan is stale.
    pub const STALE: u8 = 4;
    /// The command line, or a connection string, cannot be understood.
    pub const USAGE: u8 = 64;
    /// Temporary: the same command may work later.
    pub const TEMPORARY: u8 = 75;
}

/// What the user is told when a command fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliError {
    /// One sentence.
    pub message: String,
    /// Where, as `file:line:column` or a part of a statement.
    pub place: Option<String>,
    /// What to do.
    pub hint: Option<String>,
    /// The exit code.
    pub code: u8,
}

impl CliError {
    /// An error with exit code 1.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
            hint: None,
            code: code::ERROR,
        }
    }

    /// A command line that cannot be understood.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            code: code::USAGE,
            ..Self::new(message)
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with a place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        if let Some(place) = &self.place {
            write!(f, "\n   at: {place}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n hint: {hint}")?;
        }
        Ok(())
    }
}

impl From<ConnError> for CliError {
    fn from(error: ConnError) -> Self {
        let code = match &error {
            ConnError::Invalid { .. } => code::USAGE,
            error if error.is_temporary() => code::TEMPORARY,
            _ => code::ERROR,
        };
        Self {
            message: error.to_string(),
            place: None,
            hint: error.hint(),
            code,
        }
    }
}

impl From<ApplyError> for CliError {
    fn from(error: ApplyError) -> Self {
        Self {
            message: error.to_string(),
            place: None,
            hint: error.hint(),
            code: error.exit_code(),
        }
    }
}

impl From<PlanFileError> for CliError {
    fn from(error: PlanFileError) -> Self {
        let code = match error {
            PlanFileError::Edited { .. } => code::REFUSED,
            _ => code::ERROR,
        };
        Self {
            message: error.to_string(),
            place: None,
            hint: error.hint().map(str::to_owned),
            code,
        }
    }
}

impl From<ParseError> for CliError {
    fn from(error: ParseError) -> Self {
        let place = match (&error.place, &error.head) {
            (Some(place), Some(head)) => Some(format!("{place}: {head}")),
            (Some(place), None) => Some(place.to_string()),
            (None, head) => head.clone(),
        };
        Self {
            message: error.message.clone(),
            place,
            hint: error.hint.clone(),
            code: code::ERROR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_sentence_place_hint() {
        let error = CliError::new("it broke").at("a.sql:1:2").hint("mend it");
        assert_eq!(error.to_string(), "error: it broke\n   at: a.sql:1:2\n hint: mend it");
    }
}
