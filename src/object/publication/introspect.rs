//! Publications out of the catalog.

use super::Publication;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "publications",
    found: Found::Where("pg_relation_size('pg_publication') > 0"),
    sql: include_str!("introspect.sql"),
    read: plain::<Publication>,
};
