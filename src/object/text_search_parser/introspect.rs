//! Text search parsers out of the catalog.

use super::TextSearchParser;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search parsers",
    found: Found::Where("'pg_ts_parser'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<TextSearchParser>,
};
