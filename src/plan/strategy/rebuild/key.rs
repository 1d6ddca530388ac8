//! Keys that are replaced while foreign keys rely on them.
//!
//! Their unique indexes are built before, concurrently. In the transaction the foreign keys go, the old key goes, the new one takes
//! over its index, and the foreign keys come back NOT VALID, over whichever key serves them then.

use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::{Kind, Object};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::constraint::unique;
use crate::plan::strategy::not_null::helper_name;

/// What is done ahead of a step in which nothing but constraints goes and comes; the step is changed to rely on it.
pub(super) fn ahead(draft: &mut Draft, context: &Context) -> Recipe {
    let mut recipe = Recipe::new();
    if !draft.operations.iter().all(is_of_constraints) {
        return recipe;
    }
    for operation in &mut draft.operations {
        let Operation::Create {
            object: Object::Constraint(constraint),
            ..
        } = operation
        else {
            continue;
        };
        let plain = constraint.attached_to.is_none()
            && !context.is_new(&constraint.table)
            && !context.is_partitioned(&constraint.table);
        let Some(key) = constraint.key().filter(|key| plain && !key.without_overlaps) else {
            continue;
        };
        let name = Ident::new(helper_name(constraint.name.as_str(), "new"));
        let mut steps = unique(constraint, key, &name, context);
        let Some(mut last) = steps.pop() else { continue };
        draft.needs_not_null.append(&mut last.needs_not_null);
        recipe.append(&mut steps);
        if let Some(use_index) = last.operations.pop() {
            *operation = use_index;
        }
    }
    if !recipe.is_empty() {
        let tables = tables(&draft.operations, context);
        draft.operations.insert(
            0,
            Operation::Lock {
                tables,
                mode: "ACCESS EXCLUSIVE".into(),
            },
        );
    }
    recipe
}

fn is_of_constraints(operation: &Operation) -> bool {
    match operation {
        Operation::Create { object, .. } => {
            let kind = object.id().kind;
            kind == Kind::Constraint || kind.is_satellite()
        }
        Operation::Drop { id, .. } => id.kind == Kind::Constraint || id.kind.is_satellite(),
        _ => false,
    }
}

/// The tables of the foreign keys that go, referenced ones first, as the applications lock them.
fn tables(operations: &[Operation], context: &Context) -> Vec<QualifiedName> {
    let gone: Vec<&Constraint> = operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::Drop { id, .. } => match context.schemas.live.get(id) {
                Some(Object::Constraint(constraint)) => Some(constraint),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let referenced = gone.iter().filter_map(|constraint| match &constraint.rule {
        ConstraintRule::ForeignKey(key) => Some(&key.references),
        _ => None,
    });
    let mut tables: Vec<QualifiedName> = Vec::new();
    for table in referenced.chain(gone.iter().map(|constraint| &constraint.table)) {
        if !tables.contains(table) {
            tables.push(table.clone());
        }
    }
    tables
}
