//! Policies out of the catalog.

use super::Policy;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "policies",
    found: Found::Where("'pg_policy'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Policy>,
};
