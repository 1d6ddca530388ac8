//! Range types out of the catalog.

use super::RangeType;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "range types",
    sql: include_str!("introspect.sql"),
    read: plain::<RangeType>,
};
