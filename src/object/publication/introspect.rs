//! Publications out of the catalog.

use super::Publication;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "publications",
    sql: include_str!("introspect.sql"),
    read: plain::<Publication>,
};
