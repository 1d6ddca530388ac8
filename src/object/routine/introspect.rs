//! Functions and procedures out of the catalog.

use super::Routine;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "functions and procedures",
    sql: include_str!("introspect.sql"),
    read: plain::<Routine>,
};
