//! Enumerated types out of the catalog.

use super::EnumType;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "enumerated types",
    found: Found::Where("'e' = any (t.kinds)"),
    sql: include_str!("introspect.sql"),
    read: plain::<EnumType>,
};
