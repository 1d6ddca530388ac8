//! Aggregates out of the catalog.

use super::Aggregate;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "aggregates",
    sql: include_str!("introspect.sql"),
    read: plain::<Aggregate>,
};
