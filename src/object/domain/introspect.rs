//! Domains and their checks out of the catalog.

use super::{Domain, DomainConstraint};
use crate::introspect::source::{Found, Source, plain};

/// The query for domains and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "domains",
    found: Found::Where("'d' = any (t.kinds)"),
    sql: include_str!("introspect.sql"),
    read: plain::<Domain>,
};

/// The query for their checks and its reader.
pub(crate) const CONSTRAINTS: Source = Source {
    what: "domain constraints",
    found: Found::Where("'d' = any (t.kinds)"),
    sql: include_str!("introspect_constraint.sql"),
    read: plain::<DomainConstraint>,
};
