//! Enumerated types out of the catalog.

use super::EnumType;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "enumerated types",
    found: Found::Where("exists (select from pg_enum)"),
    sql: include_str!("introspect.sql"),
    read: plain::<EnumType>,
};
