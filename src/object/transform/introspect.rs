//! Transforms out of the catalog.

use super::Transform;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "transforms",
    sql: include_str!("introspect.sql"),
    read: plain::<Transform>,
};
