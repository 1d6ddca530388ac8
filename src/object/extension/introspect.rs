//! Extensions out of the catalog.

use super::Extension;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "extensions",
    found: Found::Always,
    sql: include_str!("introspect.sql"),
    read: plain::<Extension>,
};
