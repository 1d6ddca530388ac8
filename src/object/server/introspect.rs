//! Servers out of the catalog.

use super::Server;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "servers",
    sql: include_str!("introspect.sql"),
    read: plain::<Server>,
};
