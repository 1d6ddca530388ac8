//! Aggregates out of the catalog.

use super::Aggregate;
use crate::introspect::source::{Found, Source};
use crate::object::routine::introspect::WithoutModifiers;
use crate::object::{Definition, Object};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "aggregates",
    found: Found::Where("'a' = any (p.kinds)"),
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut aggregate: Aggregate = serde_json::from_str(row)?;
    aggregate.visit(&mut WithoutModifiers);
    Ok(aggregate.into())
}
