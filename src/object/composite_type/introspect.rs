//! Composite types out of the catalog.

use super::CompositeType;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "composite types",
    found: Found::Where("exists (select from pg_class where relkind = 'c' and oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<CompositeType>,
};
