//! Subscriptions out of the catalog.

use super::Subscription;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "subscriptions",
    found: Found::Where("exists (select from pg_subscription)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Subscription>,
};
