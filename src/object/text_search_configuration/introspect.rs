//! Text search configurations out of the catalog.

use super::TextSearchConfiguration;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search configurations",
    sql: include_str!("introspect.sql"),
    read: plain::<TextSearchConfiguration>,
};
