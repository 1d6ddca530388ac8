//! Access methods out of the catalog.

use super::AccessMethod;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "access methods",
    found: Found::Where("exists (select from pg_am where oid >= 16384)"),
    sql: include_str!("introspect.sql"),
    read: plain::<AccessMethod>,
};
