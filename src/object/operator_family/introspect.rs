//! Operator families out of the catalog.

use super::OperatorFamily;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "operator families",
    found: Found::Where("exists (select from pg_opfamily where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<OperatorFamily>,
};
