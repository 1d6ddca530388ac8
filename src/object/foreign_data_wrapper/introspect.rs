//! Foreign data wrappers out of the catalog.

use super::ForeignDataWrapper;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "foreign data wrappers",
    sql: include_str!("introspect.sql"),
    read: plain::<ForeignDataWrapper>,
};
