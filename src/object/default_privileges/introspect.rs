//! Default privileges out of the catalog.

use super::DefaultPrivileges;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "default privileges",
    found: Found::Where("exists (select from pg_default_acl)"),
    sql: include_str!("introspect.sql"),
    read: plain::<DefaultPrivileges>,
};
