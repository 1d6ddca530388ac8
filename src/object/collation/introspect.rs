//! Collations out of the catalog.

use super::Collation;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "collations",
    found: Found::Where("'pg_collation'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Collation>,
};
