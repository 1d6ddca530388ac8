//! Materialized views out of the catalog.

use super::MaterializedView;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "materialized views",
    found: Found::Where("'m' = any (c.kinds)"),
    sql: include_str!("introspect.sql"),
    read: plain::<MaterializedView>,
};
