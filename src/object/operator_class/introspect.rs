//! Operator classes out of the catalog.

use super::OperatorClass;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "operator classes",
    found: Found::Where("'pg_opclass'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<OperatorClass>,
};
