//! Default privileges out of the catalog.

use super::DefaultPrivileges;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "default privileges",
    found: Found::Where("pg_relation_size('pg_default_acl') > 0"),
    sql: include_str!("introspect.sql"),
    read: plain::<DefaultPrivileges>,
};
