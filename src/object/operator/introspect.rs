//! Operators out of the catalog.

use super::Operator;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "operators",
    sql: include_str!("introspect.sql"),
    read: plain::<Operator>,
};
