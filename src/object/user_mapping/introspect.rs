//! User mappings out of the catalog.

use super::UserMapping;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "user mappings",
    found: Found::Where("exists (select from pg_foreign_server where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<UserMapping>,
};
