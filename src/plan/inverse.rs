//! What undoes a step: computed from the schema before it, so that no strategy has to write its own way back.

use crate::diff::{Delta, diff};
use crate::object::{Comparison, Kind, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::pair::Pair;
use crate::plan::Step;
use crate::schema::Schema;

/// The operations that lead from after a step back to before it, or why there are none.
pub fn inverse(step: &Step, before: &Schema) -> Result<Vec<Operation>, String> {
    let mut states = vec![before.clone()];
    let mut schema = before.clone();
    for operation in &step.operations {
        operation.apply(&mut schema).map_err(|error| error.to_string())?;
        states.push(schema.clone());
    }
    let mut operations = Vec::new();
    for (index, operation) in step.operations.iter().enumerate().rev() {
        operations.extend(inverse_of(operation, &states[index], &states[index + 1])?);
    }
    // What an operation does on the side, such as a primary key making its columns not null, is seen by trying.
    for operation in &operations {
        operation.apply(&mut schema).map_err(|error| error.to_string())?;
    }
    for delta in diff(Pair::new(&schema, before)) {
        match delta {
            Delta::Alter(id, changes) => {
                operations.extend(changes.into_iter().map(|change| Operation::alter(id.clone(), change)));
            }
            Delta::Create(id) | Delta::Drop(id) | Delta::Replace(id, _) => {
                return Err(format!("{id} would not come back as it was"));
            }
        }
    }
    Ok(operations)
}

fn inverse_of(operation: &Operation, before: &Schema, after: &Schema) -> Result<Vec<Operation>, String> {
    match operation {
        Operation::Create {
            object, concurrently, ..
        } => {
            let id = object.id();
            match (before.get(&id), after.get(&id)) {
                (Some(old), Some(new)) if old == new => Ok(vec![]),
                (Some(old), _) => Ok(vec![Operation::put(old.clone())]),
                (None, _) => Ok(vec![Operation::Drop {
                    id,
                    if_exists: false,
                    cascade: false,
                    concurrently: *concurrently,
                }]),
            }
        }
        Operation::Drop { concurrently, .. } => Ok(recreate(before, after, *concurrently)),
        Operation::Alter { id, .. } => {
            let (Some(old), Some(new)) = (before.get(id), after.get(id)) else {
                return Ok(match after.get(id) {
                    // An alteration of privileges that nobody had spoken of makes the satellite.
                    Some(_) => vec![Operation::drop(id.clone())],
                    None => vec![],
                });
            };
            match new.compare(old) {
                Comparison::Same => Ok(vec![]),
                Comparison::Altered(changes) => Ok(changes
                    .into_iter()
                    .map(|change| Operation::alter(id.clone(), change))
                    .collect()),
                Comparison::Replaced(why) => Err(format!("PostgreSQL cannot change {id} back: {why}")),
            }
        }
        Operation::Rename { from, to } => Ok(vec![Operation::Rename {
            from: to.clone(),
            to: from.clone(),
        }]),
        Operation::UseIndex { constraint, .. } => {
            let id = ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name);
            let mut operations = vec![Operation::drop(id)];
            operations.extend(recreate(before, after, false));
            Ok(operations)
        }
        Operation::Backfill { .. } | Operation::Check { .. } | Operation::Lock { .. } => Ok(vec![]),
    }
}

/// Creates what went away, in the order in which objects can be made.
fn recreate(before: &Schema, after: &Schema, concurrently: bool) -> Vec<Operation> {
    let mut gone: Vec<_> = before.iter().filter(|(id, _)| !after.contains(id)).collect();
    gone.sort_by_key(|(id, _)| id.subject().kind.max(id.kind));
    gone.into_iter()
        .map(|(id, object)| Operation::Create {
            object: object.clone(),
            if_exists: if id.kind.is_satellite() {
                IfExists::Replace
            } else {
                IfExists::Fail
            },
            concurrently: concurrently && id.kind == Kind::Index,
        })
        .collect()
}
