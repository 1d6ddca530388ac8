//! Namespaces out of the catalog.

use super::Namespace;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "namespaces",
    found: Found::Always,
    sql: include_str!("introspect.sql"),
    read: plain::<Namespace>,
};
