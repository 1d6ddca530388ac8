//! Casts out of the catalog.

use super::Cast;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "casts",
    found: Found::Where("exists (select from pg_cast where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Cast>,
};
