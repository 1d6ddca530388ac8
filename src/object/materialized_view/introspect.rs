//! Materialized views out of the catalog.

use super::MaterializedView;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "materialized views",
    sql: include_str!("introspect.sql"),
    read: plain::<MaterializedView>,
};
