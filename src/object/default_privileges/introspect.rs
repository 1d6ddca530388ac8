//! Default privileges out of the catalog.

use super::DefaultPrivileges;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "default privileges",
    sql: include_str!("introspect.sql"),
    read: plain::<DefaultPrivileges>,
};
