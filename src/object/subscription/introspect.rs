//! Subscriptions out of the catalog.

use super::Subscription;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "subscriptions",
    found: Found::Where("pg_relation_size('pg_subscription') > 0"),
    sql: include_str!("introspect.sql"),
    read: plain::<Subscription>,
};
