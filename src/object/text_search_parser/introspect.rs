//! Text search parsers out of the catalog.

use super::TextSearchParser;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search parsers",
    sql: include_str!("introspect.sql"),
    read: plain::<TextSearchParser>,
};
