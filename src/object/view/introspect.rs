//! Views out of the catalog.

use super::View;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "views",
    sql: include_str!("introspect.sql"),
    read: plain::<View>,
};
