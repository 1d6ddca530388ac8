//! What undoes a step: computed from the schema before it, so that no strategy has to write its own way back.

use crate::object::{Comparison, Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::Step;
use crate::schema::{Record, Schema};

/// The operations that lead from after a step back to before it, or why there are none. The schema is the one before the
/// step; it is changed on the way and is as before in the end.
pub fn inverse(step: &Step, schema: &mut Schema) -> Result<Vec<Operation>, String> {
    let mut records = Vec::new();
    let result = attempt(step, schema, &mut records);
    for record in records.into_iter().rev() {
        schema.revert(record);
    }
    result
}

fn attempt(step: &Step, schema: &mut Schema, records: &mut Vec<Record>) -> Result<Vec<Operation>, String> {
    let mut groups = Vec::new();
    for operation in &step.operations {
        recorded(operation, schema, records)?;
        let before = records.last().ok_or("nothing was recorded")?;
        groups.push(inverse_of(operation, before, schema)?);
    }
    let mut operations: Vec<Operation> = groups.into_iter().rev().flatten().collect();
    for operation in &operations {
        recorded(operation, schema, records)?;
    }
    // What an operation does on the side, such as a primary key making its columns not null, is seen by trying.
    let mut first: Record = Record::new();
    for (id, before) in records.iter().flatten() {
        first.entry(id.clone()).or_insert_with(|| before.clone());
    }
    for (id, before) in first {
        match (schema.get(&id), before) {
            (None, None) => {}
            (Some(now), Some(before)) => match now.compare(&before) {
                Comparison::Same => {}
                Comparison::Altered(changes) => {
                    operations.extend(changes.into_iter().map(|change| Operation::alter(id.clone(), change)));
                }
                Comparison::Replaced(_) => return Err(format!("{id} would not come back as it was")),
            },
            _ => return Err(format!("{id} would not come back as it was")),
        }
    }
    Ok(operations)
}

fn recorded(operation: &Operation, schema: &mut Schema, records: &mut Vec<Record>) -> Result<(), String> {
    schema.start_record();
    let applied = operation.apply(schema);
    records.push(schema.end_record());
    applied.map_err(|error| error.to_string())
}

/// What undoes one operation: `before` holds what it touched, `after` is the schema behind it.
fn inverse_of(operation: &Operation, before: &Record, after: &Schema) -> Result<Vec<Operation>, String> {
    let was = |id: &ObjectId| before.get(id).and_then(Option::as_ref);
    match operation {
        Operation::Create {
            object, concurrently, ..
        } => {
            let id = object.id();
            match (was(&id), after.get(&id)) {
                _ if !before.contains_key(&id) => Ok(vec![]),
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
            let (Some(old), Some(new)) = (was(id), after.get(id)) else {
                return Ok(match after.get(id) {
                    // An alteration of privileges that nobody had spoken of makes the satellite.
                    Some(_) if before.contains_key(id) => vec![Operation::drop(id.clone())],
                    _ => vec![],
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
        Operation::Count { from, to } => Ok(vec![Operation::Count {
            from: to.clone(),
            to: from.clone(),
        }]),
    }
}

/// Creates what went away, in the order in which objects can be made.
fn recreate(before: &Record, after: &Schema, concurrently: bool) -> Vec<Operation> {
    let mut gone: Vec<(&ObjectId, &Object)> = before
        .iter()
        .filter_map(|(id, object)| Some((id, object.as_ref()?)))
        .filter(|(id, _)| !after.contains(id))
        .collect();
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
