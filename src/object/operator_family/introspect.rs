//! Operator families out of the catalog.

use super::OperatorFamily;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "operator families",
    found: Found::Where("'pg_opfamily'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<OperatorFamily>,
};
