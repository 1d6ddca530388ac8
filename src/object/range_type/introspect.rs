//! Range types out of the catalog.

use super::RangeType;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "range types",
    found: Found::Where("exists (select from pg_range where rngtypid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<RangeType>,
};
