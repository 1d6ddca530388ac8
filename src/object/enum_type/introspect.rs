//! Enumerated types out of the catalog.

use super::EnumType;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "enumerated types",
    sql: include_str!("introspect.sql"),
    read: plain::<EnumType>,
};
