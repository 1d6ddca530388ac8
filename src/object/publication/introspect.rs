//! Publications out of the catalog.

use super::Publication;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "publications",
    found: Found::Where("exists (select from pg_publication)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Publication>,
};
