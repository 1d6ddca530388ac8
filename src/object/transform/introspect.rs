//! Transforms out of the catalog.

use super::Transform;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "transforms",
    found: Found::Where("pg_relation_size('pg_transform') > 0"),
    sql: include_str!("introspect.sql"),
    read: plain::<Transform>,
};
