//! Security labels out of the catalog.

use super::SecurityLabel;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "security labels",
    found: Found::Where("pg_relation_size('pg_seclabel') + pg_relation_size('pg_shseclabel') > 0"),
    sql: include_str!("introspect.sql"),
    read: plain::<SecurityLabel>,
};
