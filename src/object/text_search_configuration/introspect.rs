//! Text search configurations out of the catalog.

use super::TextSearchConfiguration;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search configurations",
    found: Found::Where("'pg_ts_config'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<TextSearchConfiguration>,
};
