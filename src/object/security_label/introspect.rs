//! Security labels out of the catalog.

use super::SecurityLabel;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "security labels",
    found: Found::Where("exists (select from pg_seclabel) or exists (select from pg_shseclabel)"),
    sql: include_str!("introspect.sql"),
    read: plain::<SecurityLabel>,
};
