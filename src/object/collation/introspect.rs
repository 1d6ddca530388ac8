//! Collations out of the catalog.

use super::Collation;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "collations",
    sql: include_str!("introspect.sql"),
    read: plain::<Collation>,
};
