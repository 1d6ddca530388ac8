//! Languages out of the catalog.

use super::Language;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "languages",
    found: Found::Where("exists (select from pg_language where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Language>,
};
