//! Security labels out of the catalog.

use super::SecurityLabel;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "security labels",
    sql: include_str!("introspect.sql"),
    read: plain::<SecurityLabel>,
};
