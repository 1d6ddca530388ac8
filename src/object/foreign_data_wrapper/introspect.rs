//! Foreign data wrappers out of the catalog.

use super::ForeignDataWrapper;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "foreign data wrappers",
    found: Found::Where("pg_relation_size('pg_foreign_data_wrapper') > 0"),
    sql: include_str!("introspect.sql"),
    read: plain::<ForeignDataWrapper>,
};
