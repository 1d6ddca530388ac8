//! Operator classes out of the catalog.

use super::OperatorClass;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "operator classes",
    found: Found::Where("exists (select from pg_opclass where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<OperatorClass>,
};
