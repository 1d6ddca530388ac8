//! `databases` in `pgphase.yaml`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::cli::error::CliError;

/// A database: its connection string, or more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Database {
    /// A URL or connection string. Passwords belong into the password file.
    Conninfo(String),
    /// More.
    Entry(DatabaseEntry),
}

/// What is known about a database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseEntry {
    /// A URL or connection string.
    pub conninfo: Option<String>,
    /// The environment variable that holds it.
    pub env: Option<String>,
    /// Its desired schema, where it has one of its own.
    pub schemas: Option<PathBuf>,
}

impl Database {
    /// Its connection string.
    pub(crate) fn conninfo(&self, name: &str) -> Result<String, CliError> {
        let entry = match self {
            Self::Conninfo(text) => return Ok(text.clone()),
            Self::Entry(entry) => entry,
        };
        match (&entry.conninfo, &entry.env) {
            (Some(text), None) => Ok(text.clone()),
            (None, Some(variable)) => std::env::var(variable)
                .map_err(|_| CliError::usage(format!("{variable}, which holds the connection of {name}, is not set"))),
            _ => Err(CliError::usage(format!(
                "the database {name} needs either `conninfo` or `env` in the configuration"
            ))),
        }
    }

    /// Its own desired schema.
    pub(super) fn schemas_mut(&mut self) -> Option<&mut PathBuf> {
        match self {
            Self::Entry(entry) => entry.schemas.as_mut(),
            Self::Conninfo(_) => None,
        }
    }
}
