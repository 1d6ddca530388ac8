//! Casts out of the catalog.

use super::Cast;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "casts",
    sql: include_str!("introspect.sql"),
    read: plain::<Cast>,
};
