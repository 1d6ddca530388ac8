//! User mappings out of the catalog.

use super::UserMapping;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "user mappings",
    sql: include_str!("introspect.sql"),
    read: plain::<UserMapping>,
};
