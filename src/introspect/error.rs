//! Why a database could not be read.

use std::fmt::Display;
use std::time::Duration;

use tokio_postgres::error::SqlState;

use crate::conn::{Blocker, named};

/// Why a database could not be read.
#[derive(Debug, thiserror::Error)]
pub enum IntrospectError {
    /// The server is older than [`super::OLDEST`].
    #[error("the server runs PostgreSQL {}, and only {} and later are understood", .0 / 10_000, super::OLDEST)]
    TooOld(u32),
    /// A catalog query failed.
    #[error("cannot read {what} from the catalogs: {}", reason(error))]
    Query {
        /// What was to be read.
        what: &'static str,
        /// What went wrong.
        error: tokio_postgres::Error,
    },
    /// A table is locked, and stayed so for as long as this may wait.
    #[error("a table is locked, and still was after {} s{}", .waited.as_secs(), named(.blockers))]
    Locked {
        /// For how long it was waited.
        waited: Duration,
        /// Who holds such a lock, or asks for one.
        blockers: Vec<Blocker>,
    },
    /// A row of the answer is not what the model expects.
    #[error("cannot understand what the catalogs say about {what}: {reason} ({row})")]
    Row {
        /// What was to be read.
        what: &'static str,
        /// The row.
        row: String,
        /// Why not.
        reason: String,
    },
}

impl IntrospectError {
    pub(super) fn row(what: &'static str, row: &str, reason: impl Display) -> Self {
        Self::Row {
            what,
            row: row.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// Whether an object was dropped while it was read.
    pub(super) fn is_race(&self) -> bool {
        let Self::Query { error, .. } = self else { return false };
        error.code().is_some_and(|code| {
            *code == SqlState::INTERNAL_ERROR
                || *code == SqlState::UNDEFINED_TABLE
                || *code == SqlState::UNDEFINED_OBJECT
        })
    }

    /// Whether a lock was not granted in time.
    pub(super) fn is_lock(&self) -> bool {
        matches!(self, Self::Query { error, .. } if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE))
    }

    /// Whether the same may work later.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooOld(_) => Some("upgrade the server first; PostgreSQL 13 and older get no more fixes"),
            Self::Query { error, .. } if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                Some("somebody has revoked the right to read pg_catalog from PUBLIC; grant it to this role")
            }
            Self::Locked { .. } => Some(
                "run this again when they have ended; `lock_budget` in pgphase.yaml says how long is waited for them",
            ),
            Self::Query { .. } => None,
            Self::Row { .. } => Some("this is a mistake in pgphase: report it with this text"),
        }
    }
}

fn reason(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => error.message().to_owned(),
        None => error.to_string(),
    }
}
