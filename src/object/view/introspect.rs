//! Views out of the catalog.

use super::View;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "views",
    found: Found::Where("'v' = any (c.kinds)"),
    sql: include_str!("introspect.sql"),
    read: plain::<View>,
};
