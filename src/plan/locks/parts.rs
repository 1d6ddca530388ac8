//! What is known of the parts of a table: its indexes and constraints.

use crate::name::{Ident, QualifiedName};
use crate::object::constraint::ConstraintRule;
use crate::object::index::KeyExpr;
use crate::object::{Object, ObjectId};
use crate::operation::unnamed_not_null;
use crate::schema::Schema;

/// Whether heirs have the constraint too, under the same name.
pub(super) fn goes_down(constraint: &ObjectId, schema: &Schema) -> bool {
    match schema.get(constraint) {
        Some(Object::Constraint(constraint)) => matches!(
            constraint.rule,
            ConstraintRule::Check { no_inherit: false, .. } | ConstraintRule::NotNull { no_inherit: false, .. }
        ),
        // A not-null constraint with the name that PostgreSQL gave it.
        _ => unnamed_not_null(schema, constraint).is_some(),
    }
}

/// The index of a constraint that has one.
pub(super) fn index_of(constraint: &ObjectId, schema: &Schema) -> Option<QualifiedName> {
    match schema.get(constraint) {
        Some(Object::Constraint(constraint)) => constraint.index_name(),
        _ => None,
    }
}

/// Whether the largest value of a column is found at the end of an index.
pub(crate) fn leads_index(table: &QualifiedName, column: &Ident, schema: &Schema) -> bool {
    let first = |keys: &[Ident]| keys.first() == Some(column);
    schema
        .constraints(table)
        .any(|constraint| constraint.key().is_some_and(|key| first(&key.columns)))
        || schema.indexes(table).any(|index| {
            let key = index.keys.first().map(|key| &key.key);
            let leads = matches!(key, Some(KeyExpr::Column(name)) if name == column);
            leads && index.method.as_str() == "btree" && index.predicate.is_none() && !index.invalid
        })
}

/// Whether an index has the column in it.
pub(super) fn is_indexed(column: &ObjectId, schema: &Schema) -> bool {
    let parts = crate::refs::parts_of_column(schema, column);
    parts.iter().filter_map(|id| schema.get(id)).any(|part| match part {
        Object::Index(_) => true,
        Object::Constraint(constraint) => matches!(
            constraint.rule,
            ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) | ConstraintRule::Exclude(_)
        ),
        _ => false,
    })
}
