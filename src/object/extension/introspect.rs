//! Extensions out of the catalog.

use super::Extension;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "extensions",
    sql: include_str!("introspect.sql"),
    read: plain::<Extension>,
};
