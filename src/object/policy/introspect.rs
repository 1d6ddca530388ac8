//! Policies out of the catalog.

use super::Policy;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "policies",
    sql: include_str!("introspect.sql"),
    read: plain::<Policy>,
};
