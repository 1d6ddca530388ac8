//! Servers out of the catalog.

use super::Server;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "servers",
    found: Found::Where("'pg_foreign_server'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Server>,
};
