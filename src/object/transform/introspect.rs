//! Transforms out of the catalog.

use super::Transform;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "transforms",
    found: Found::Where("exists (select from pg_transform)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Transform>,
};
