//! Text search templates out of the catalog.

use super::TextSearchTemplate;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search templates",
    found: Found::Where("'pg_ts_template'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<TextSearchTemplate>,
};
