//! Languages out of the catalog.

use super::Language;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "languages",
    sql: include_str!("introspect.sql"),
    read: plain::<Language>,
};
