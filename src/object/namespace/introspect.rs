//! Namespaces out of the catalog.

use super::Namespace;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "namespaces",
    sql: include_str!("introspect.sql"),
    read: plain::<Namespace>,
};
