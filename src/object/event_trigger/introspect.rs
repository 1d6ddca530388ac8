//! Event triggers out of the catalog.

use super::EventTrigger;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "event triggers",
    sql: include_str!("introspect.sql"),
    read: plain::<EventTrigger>,
};
