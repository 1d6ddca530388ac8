//! Foreign data wrappers out of the catalog.

use super::ForeignDataWrapper;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "foreign data wrappers",
    found: Found::Where("exists (select from pg_foreign_data_wrapper where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<ForeignDataWrapper>,
};
