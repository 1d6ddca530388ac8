//! Operator classes out of the catalog.

use super::OperatorClass;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "operator classes",
    sql: include_str!("introspect.sql"),
    read: plain::<OperatorClass>,
};
