//! Comments out of the catalog.

use super::Comment;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "comments",
    sql: include_str!("introspect.sql"),
    read: plain::<Comment>,
};
