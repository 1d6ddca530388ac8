//! Sequences out of the catalog.

use super::Sequence;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "sequences",
    sql: include_str!("introspect.sql"),
    read: plain::<Sequence>,
};
