//! Operator families out of the catalog.

use super::OperatorFamily;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "operator families",
    sql: include_str!("introspect.sql"),
    read: plain::<OperatorFamily>,
};
