//! Text search templates out of the catalog.

use super::TextSearchTemplate;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search templates",
    sql: include_str!("introspect.sql"),
    read: plain::<TextSearchTemplate>,
};
