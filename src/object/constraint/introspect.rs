//! Table constraints out of the catalog.

use super::{Constraint, ConstraintRule};
use crate::attach::names::forget_chosen;
use crate::introspect::source::{Found, Source};
use crate::name::object_name;
use crate::object::Object;
use crate::object::index::introspect::tidy_expressions;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "constraints",
    found: Found::Always,
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut constraint: Constraint = serde_json::from_str(row)?;
    if let ConstraintRule::Exclude(exclusion) = &mut constraint.rule {
        tidy_expressions(exclusion.elements.iter_mut().map(|element| &mut element.key), row)?;
    }
    constraint.parts.0.sort();
    forget_chosen(&mut constraint);
    Ok(constraint.into())
}

/// Whether this is a not-null constraint with the name that PostgreSQL gives, valid and inherited: its column says as much.
pub(crate) fn is_plain_not_null(constraint: &Constraint) -> bool {
    match &constraint.rule {
        ConstraintRule::NotNull {
            column,
            no_inherit: false,
        } => {
            !constraint.not_valid
                && constraint.name.as_str() == object_name(constraint.table.name.as_str(), column.as_str(), "not_null")
        }
        _ => false,
    }
}
