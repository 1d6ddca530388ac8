//! Sequences out of the catalog.

use super::Sequence;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "sequences",
    found: Found::Where("'S' = any (c.kinds)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Sequence>,
};
