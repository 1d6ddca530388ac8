//! Text search parsers out of the catalog.

use super::TextSearchParser;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search parsers",
    found: Found::Where("exists (select from pg_ts_parser where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<TextSearchParser>,
};
