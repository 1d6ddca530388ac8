//! Table constraints out of the catalog.

use super::{Constraint, ConstraintRule};
use crate::introspect::source::Source;
use crate::object::Object;
use crate::object::index::introspect::tidy_expressions;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "constraints",
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut constraint: Constraint = serde_json::from_str(row)?;
    if let ConstraintRule::Exclude(exclusion) = &mut constraint.rule {
        tidy_expressions(exclusion.elements.iter_mut().map(|element| &mut element.key), row)?;
    }
    Ok(constraint.into())
}
