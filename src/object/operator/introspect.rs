//! Operators out of the catalog.

use super::Operator;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "operators",
    found: Found::Where("'pg_operator'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Operator>,
};
