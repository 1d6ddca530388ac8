//! Subscriptions out of the catalog.

use super::Subscription;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "subscriptions",
    sql: include_str!("introspect.sql"),
    read: plain::<Subscription>,
};
