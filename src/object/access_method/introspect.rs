//! Access methods out of the catalog.

use super::AccessMethod;
use crate::introspect::source::{Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "access methods",
    sql: include_str!("introspect.sql"),
    read: plain::<AccessMethod>,
};
