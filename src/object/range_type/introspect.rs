//! Range types out of the catalog.

use super::RangeType;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "range types",
    found: Found::Where("'r' = any (t.kinds)"),
    sql: include_str!("introspect.sql"),
    read: plain::<RangeType>,
};
