//! Event triggers out of the catalog.

use super::EventTrigger;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "event triggers",
    found: Found::Where("'pg_event_trigger'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read: plain::<EventTrigger>,
};
