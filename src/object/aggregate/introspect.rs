//! Aggregates out of the catalog.

use super::Aggregate;
use crate::introspect::source::Source;
use crate::object::routine::introspect::WithoutModifiers;
use crate::object::{Definition, Object};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "aggregates",
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut aggregate: Aggregate = serde_json::from_str(row)?;
    aggregate.visit(&mut WithoutModifiers);
    Ok(aggregate.into())
}
