//! Composite types out of the catalog.

use super::CompositeType;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "composite types",
    found: Found::Where("'c' = any (c.kinds)"),
    sql: include_str!("introspect.sql"),
    read: plain::<CompositeType>,
};
