//! User mappings out of the catalog.

use super::UserMapping;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "user mappings",
    found: Found::Where("'pg_user_mapping'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<UserMapping>,
};
