//! Text search configurations out of the catalog.

use super::TextSearchConfiguration;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search configurations",
    found: Found::Where("exists (select from pg_ts_config where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<TextSearchConfiguration>,
};
