//! Privileges out of the catalog.

use super::Acl;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "privileges",
    found: Found::Always,
    sql: include_str!("introspect.sql"),
    read: plain::<Acl>,
};
