//! Every error of the command line: one sentence, the place, a hint, an exit code.

use std::fmt;
use std::path::Path;

use crate::apply::ApplyError;
use crate::conn::ConnError;
use crate::introspect::IntrospectError;
use crate::parse::ParseError;
use crate::plan::file::PlanFileError;

mod document;

pub use document::{ErrorDocument, ErrorKind, ErrorPlace};

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
    /// Where.
    pub place: Option<Box<ErrorPlace>>,
    /// What to do.
    pub hint: Option<String>,
    /// The exit code.
    pub code: u8,
    /// What programs tell errors apart by.
    pub kind: ErrorKind,
}

impl CliError {
    /// An error with exit code 1.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
            hint: None,
            code: code::ERROR,
            kind: ErrorKind::Other,
        }
    }

    /// A file that cannot be used; `verb` says what was wanted, such as `write`.
    pub fn file(verb: &str, path: &Path, error: impl fmt::Display) -> Self {
        Self::new(format!("cannot {verb} {}: {error}", path.display()))
            .at(path)
            .kind(ErrorKind::File)
    }

    /// A file that is there and is not written over.
    pub fn is_there(path: impl Into<ErrorPlace>) -> Self {
        let path = path.into();
        Self::new(format!("{path} is there already"))
            .at(path)
            .kind(ErrorKind::File)
    }

    /// A file or folder that is named and not there.
    pub fn not_there(path: impl fmt::Display) -> Self {
        Self::new(format!("there is no file or folder {path}")).kind(ErrorKind::File)
    }

    /// What policy does not allow.
    pub fn refused(message: impl Into<String>) -> Self {
        Self {
            code: code::REFUSED,
            kind: ErrorKind::Policy,
            ..Self::new(message)
        }
    }

    /// A command line that cannot be understood.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            code: code::USAGE,
            kind: ErrorKind::Usage,
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
    pub fn at(mut self, place: impl Into<ErrorPlace>) -> Self {
        self.place = Some(Box::new(place.into()));
        self
    }

    /// The same as another kind.
    #[must_use]
    pub fn kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        // A message that names the place need not say it twice.
        let place = self.place.as_ref().map(ToString::to_string);
        if let Some(place) = place.filter(|place| !self.message.contains(place.as_str())) {
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
        let place = match &error {
            ConnError::File { path, .. } => Some(Box::new(path.as_path().into())),
            _ => None,
        };
        Self {
            message: error.to_string(),
            place,
            hint: error.hint(),
            code,
            kind: ErrorKind::of_connection(&error),
        }
    }
}

impl From<ApplyError> for CliError {
    fn from(error: ApplyError) -> Self {
        Self {
            message: error.to_string(),
            place: error.step().map(|step| Box::new(ErrorPlace::step(step))),
            hint: error.hint(),
            code: error.exit_code(),
            kind: ErrorKind::of_run(&error),
        }
    }
}

impl From<IntrospectError> for CliError {
    fn from(error: IntrospectError) -> Self {
        let plain = Self {
            code: if error.is_temporary() {
                code::TEMPORARY
            } else {
                code::ERROR
            },
            ..Self::new(error.to_string()).kind(ErrorKind::of_reading(&error))
        };
        match error.hint() {
            Some(hint) => plain.hint(hint),
            None => plain,
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
            place: Some(Box::new(error.path().into())),
            hint: error.hint().map(str::to_owned),
            code,
            kind: ErrorKind::PlanFolder,
        }
    }
}

impl From<ParseError> for CliError {
    fn from(error: ParseError) -> Self {
        let place = match (error.place, error.head) {
            (None, None) => None,
            (Some(place), head) => Some(ErrorPlace {
                text: head,
                ..place.into()
            }),
            (None, Some(head)) => Some(head.into()),
        };
        Self {
            message: error.message,
            place: place.map(Box::new),
            hint: error.hint,
            code: code::ERROR,
            kind: ErrorKind::Schema,
        }
    }
}

impl From<clap::Error> for CliError {
    fn from(error: clap::Error) -> Self {
        let text = error.render().to_string();
        let mut parts = text.split("\n\n").map(str::trim);
        let first = parts.next().unwrap_or_default();
        let message = first.strip_prefix("error: ").unwrap_or(first);
        let tip = parts.find_map(|part| part.strip_prefix("tip: "));
        Self::usage(message.split_whitespace().collect::<Vec<_>>().join(" "))
            .hint(tip.unwrap_or("--help lists what a command takes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_sentence_place_hint() {
        let error = CliError::new("it broke").at("a statement").hint("mend it");
        assert_eq!(error.to_string(), "error: it broke\n   at: a statement\n hint: mend it");
        let error = CliError::file("read", Path::new("a.sql"), "no");
        assert_eq!(error.to_string(), "error: cannot read a.sql: no");
    }
}
