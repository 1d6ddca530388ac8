//! Owners out of the catalog.

use super::Owner;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "owners",
    found: Found::Always,
    sql: include_str!("introspect.sql"),
    read: plain::<Owner>,
};
