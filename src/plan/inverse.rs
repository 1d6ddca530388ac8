//! What undoes the steps of a plan: computed from the schema before each of them, so that no strategy has to write its own way
//! back.

use std::collections::HashSet;

use crate::attach;
use crate::name::QualifiedName;
use crate::object::column::{ColumnChange, Reach};
use crate::object::constraint::{ConstraintChange, ConstraintRule};
use crate::object::domain::DomainConstraintChange;
use crate::object::enum_type::EnumChange;
use crate::object::index::IndexChange;
use crate::object::range_type::RangeChange;
use crate::object::table::TableChange;
use crate::object::{Change, Comparison, Definition, Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::lent::{lent, used_up};
use crate::plan::switch;
use crate::plan::{Step, Turn};
use crate::refs::dependents;
use crate::schema::{Record, Schema};

/// The way back over a step, or why there is none.
pub type WayBack = Result<Way, String>;

/// A way back over a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    /// What is done before, each alone; it may be run again.
    pub before: Vec<Operation>,
    /// What leads back, together where the step was.
    pub operations: Vec<Operation>,
    /// What is left to do when an earlier step is undone, each alone; it may be run again.
    pub after: Vec<Operation>,
    /// What the way back uses up of the work of earlier steps.
    pub spent: Vec<ObjectId>,
    /// Columns that come back without the values that earlier steps gave them.
    pub emptied: Vec<ObjectId>,
    /// Those steps; they are to run again.
    pub again: Vec<String>,
}

/// The way back over steps, last step first, and the schema it leads to. Each way back holds whether the later steps have run and been
/// undone or have not run. What is harmless and cannot be taken away stays: a new label of an enum, the proof of a
/// constraint, an index that a parent of the beginning has taken. `show` is given each step with its way back, and the schema
/// that this runs on.
pub fn way_back<'a>(
    steps: &[&'a Step],
    live: &Schema,
    mut show: impl FnMut(&'a Step, &WayBack, &mut Schema),
) -> Schema {
    let mut schema = live.clone();
    let mut passed = Vec::new();
    let mut held = HashSet::new();
    for (at, &step) in steps.iter().enumerate() {
        held.extend(
            step.operations
                .iter()
                .filter_map(|operation| attaching(operation, &schema))
                .filter(|(_, parent)| live.contains(parent))
                .map(|(child, _)| child.clone()),
        );
        let lent = lent(&step.operations, steps[..at].iter().copied());
        let mut inverse = inverse(step, &lent, &mut schema, live);
        if let Ok(way) = &mut inverse {
            way.again = used_up(&steps[..at], way);
        }
        schema.start_record();
        for operation in &step.operations {
            // A plan that does not fold has been refused before.
            let _ = operation.apply(&mut schema);
        }
        passed.push((step, inverse, schema.end_record()));
    }
    // Where the way back has led to, beside the schema as it was behind each step.
    let mut back = schema.clone();
    // What swaps leave to do is done with the proof before them.
    let mut left = Vec::new();
    for (step, inverse, record) in passed.into_iter().rev() {
        let mut inverse = inverse.and_then(|way| {
            let operations = settled(way.operations, &held, &back, live)?;
            Ok(Way { operations, ..way })
        });
        if let Ok(way) = &mut inverse {
            left.append(&mut way.after);
            if step.turn == Turn::Ready && !step.class.in_transaction() && way.operations.is_empty() {
                way.operations = std::mem::take(&mut left);
            }
        }
        show(step, &inverse, &mut schema);
        schema.revert(record.clone());
        match &inverse {
            Ok(way) => {
                for operation in way.before.iter().chain(&way.operations) {
                    let _ = operation.apply(&mut back);
                }
            }
            Err(_) => back.revert(record),
        }
    }
    back
}

/// The operations of a way back, with respect to what the way back from later steps has left.
fn settled(
    operations: Vec<Operation>,
    held: &HashSet<ObjectId>,
    back: &Schema,
    start: &Schema,
) -> Result<Vec<Operation>, String> {
    let taken = operations
        .iter()
        .find_map(|operation| taken_along(operation, back, start));
    if let Some(index) = taken {
        return Err(format!("{index}, which was there before, would go with it"));
    }
    Ok(operations
        .into_iter()
        .filter_map(|operation| match operation {
            Operation::Drop { id, .. } if held.contains(&id) => None,
            Operation::Drop { id, .. } if !back.contains(&id) && id.kind.is_satellite() => None,
            // It went with something else, and is there when the later steps have not run.
            Operation::Drop {
                id,
                cascade,
                concurrently,
                only,
                if_exists,
            } => Some(Operation::Drop {
                if_exists: if_exists || !back.contains(&id),
                id,
                cascade,
                concurrently,
                only,
            }),
            other => Some(other),
        })
        .collect())
}

/// An index or key of the beginning that has been attached to what shall be dropped.
fn taken_along<'a>(operation: &Operation, schema: &'a Schema, start: &Schema) -> Option<&'a ObjectId> {
    let Operation::Drop { id, .. } = operation else {
        return None;
    };
    let Some(Object::Index(parent)) = schema.get(id) else {
        return None;
    };
    attach::partitions(schema, &parent.table)
        .iter()
        .filter_map(|partition| attach::attached(schema, partition, &parent.name))
        .find(|child| start.contains(child))
}

/// Whether PostgreSQL has no way back, and none is needed.
fn stays(operation: &Operation, start: &Schema) -> bool {
    match operation {
        Operation::Alter { change, .. } => matches!(
            change,
            Change::EnumType(EnumChange::AddLabel { .. })
                | Change::Table(TableChange::Declare)
                | Change::Constraint(ConstraintChange::Validate)
                | Change::DomainConstraint(DomainConstraintChange::Validate)
        ),
        // A table comes to declare a check that it inherits.
        Operation::Create {
            object: Object::Constraint(check),
            ..
        } => start.inherits_check(check),
        _ => false,
    }
}

/// The index or key of a partition that is attached, and the one it is attached to.
fn attaching<'a>(operation: &'a Operation, schema: &Schema) -> Option<(&'a ObjectId, ObjectId)> {
    let Operation::Alter { id, change } = operation else {
        return None;
    };
    let (Change::Index(IndexChange::Attach(parent)) | Change::Constraint(ConstraintChange::Attach(parent))) = change
    else {
        return None;
    };
    let partition = match schema.get(id)? {
        Object::Index(index) => &index.table,
        Object::Constraint(constraint) => &constraint.table,
        _ => return None,
    };
    Some((id, attach::parent_index(schema, partition, parent)?))
}

/// The operations that lead from after a step back to before it, or why there are none. The schema is the one before the
/// step; it is changed on the way and is as before in the end.
fn inverse(step: &Step, lent: &[ObjectId], schema: &mut Schema, start: &Schema) -> WayBack {
    let mut records = Vec::new();
    let result = attempt(step, lent, schema, start, &mut records);
    for record in records.into_iter().rev() {
        schema.revert(record);
    }
    result
}

fn attempt(step: &Step, lent: &[ObjectId], schema: &mut Schema, start: &Schema, records: &mut Vec<Record>) -> WayBack {
    let mut way = Way::default();
    let mut groups = Vec::new();
    let mut staying: HashSet<ObjectId> = HashSet::new();
    let mut detaches = false;
    let mut left = Left::of(step);
    for operation in &step.operations {
        let attached = attaching(operation, schema).map(|(_, parent)| parent);
        recorded(operation, schema, records)?;
        let before = records.last().ok_or("nothing was recorded")?;
        if let Some(parent) = attached.as_ref().filter(|parent| !start.contains(parent)) {
            // Nothing can be detached; what is attached goes with the parent.
            detaches = true;
            groups.push(vec![dropping(parent.clone())]);
            continue;
        }
        if attached.is_some() || stays(operation, start) {
            staying.extend(before.iter().map(|(id, _)| id.clone()));
            continue;
        }
        let part = step.switch().and_then(|_| switch::part(operation, before, schema));
        if let Some(part) = part {
            way.before.extend(part.before);
            way.after.extend(part.after);
            way.spent.extend(part.spent);
            groups.push(part.operations);
            continue;
        }
        if let Operation::Drop { id, .. } = operation
            && lent.contains(id)
        {
            // Its indexes would be built under the lock, and its values are copied in batches.
            let (indexes, rest): (Vec<_>, Vec<_>) = recreate(before, schema, false)
                .into_iter()
                .partition(|operation| operation.subject().is_some_and(|id| id.kind == Kind::Index));
            way.spent.extend(indexes.iter().filter_map(Operation::subject));
            let columns = rest.iter().filter_map(Operation::subject);
            way.emptied.extend(columns.filter(|id| id.kind == Kind::Column));
            groups.push(rest);
            continue;
        }
        if let Some(group) = left.way_back(operation, before, schema) {
            groups.push(group);
            continue;
        }
        if let Operation::UseIndex { constraint, index } = operation {
            // An index that the plan has built goes with the constraint.
            let name = QualifiedName {
                namespace: constraint.table.namespace.clone(),
                name: index.clone(),
            };
            let index = ObjectId::named(Kind::Index, &name);
            if !start.contains(&index) {
                staying.insert(index);
            }
        }
        groups.push(inverse_of(operation, before, schema, start)?);
    }
    for operation in &way.before {
        recorded(operation, schema, records)?;
    }
    staying.extend(way.spent.iter().cloned());
    let mut operations = whole(
        groups.into_iter().rev().flatten().collect(),
        schema,
        step.switch().is_some(),
    );
    for operation in &operations {
        recorded(operation, schema, records)?;
    }
    // What an operation does on the side, such as a primary key making its columns not null, is seen by trying.
    let mut first: Record = Record::default();
    for (id, before) in records.iter().flatten().filter(|(id, _)| !staying.contains(*id)) {
        first.entry(id.clone()).or_insert_with(|| before.clone());
    }
    for (id, before) in first {
        match (schema.get(&id), before.as_deref()) {
            (None, None) => {}
            (Some(now), Some(before)) => match now.compare(before) {
                Comparison::Same => {}
                Comparison::Altered(changes) => {
                    operations.extend(changes.into_iter().map(|change| Operation::alter(id.clone(), change)));
                }
                Comparison::Replaced(_) => return Err(format!("{id} would not come back as it was")),
            },
            // The check that a concurrent detachment left proves where the rows belong, and goes when they are back.
            (Some(Object::Constraint(now)), None) if matches!(now.rule, ConstraintRule::Check { .. }) => {
                operations.push(dropping(id));
            }
            // What an index or key took over stays with it as long as it is there.
            (Some(Object::Index(index)), None) if index.attached_to.is_some() => {}
            // A primary key makes columns that a partition inherits not null.
            (Some(Object::Column(now)), None) => {
                let inherited = schema.handed_down(&now.table, &now.name);
                if let Some(parent) = inherited.filter(|parent| now.not_null && !parent.not_null) {
                    let id = ObjectId::part(Kind::Column, &now.table, &parent.name);
                    operations.push(Operation::alter(id, ColumnChange::NotNull(false)));
                }
            }
            (None, Some(_)) if detaches && !start.contains(&id) => {}
            // A foreign key that the plan gave a partition goes with the parent's that took it over.
            (None, Some(Object::Constraint(own)))
                if matches!(own.rule, ConstraintRule::ForeignKey(_)) && !start.contains(&id) => {}
            // That of a partition that the plan made goes with the parent's, and the partition goes by an earlier step.
            (None, Some(Object::Index(own))) if !start.contains(&ObjectId::named(Kind::Table, &own.table)) => {}
            (None, Some(Object::Index(_))) if detaches => {
                return Err(format!(
                    "{id}, which was there before, would go with what it is attached to"
                ));
            }
            // A key that a parent's took over goes with it, and is built anew.
            (None, Some(before @ Object::Constraint(_))) => {
                operations.push(Operation::create(before.clone()));
            }
            _ => return Err(format!("{id} would not come back as it was")),
        }
    }
    way.spent.retain(|id| !schema.contains(id));
    way.operations = operations;
    Ok(match step.switch() {
        Some(switch) => switch::around(step, switch, way),
        None => way,
    })
}

/// What tables below keep as their own when it goes from a table alone.
struct Left {
    /// What the step drops.
    gone: HashSet<ObjectId>,
    /// What tables below have got so far.
    given: HashSet<ObjectId>,
}

impl Left {
    fn of(step: &Step) -> Self {
        let drops = step.operations.iter().filter_map(|operation| match operation {
            Operation::Drop { id, .. } => Some(id.clone()),
            _ => None,
        });
        Self {
            gone: drops.collect(),
            given: HashSet::new(),
        }
    }

    /// The way back of a DROP that leaves something below, or drops what was left there: what tables below got goes first, so
    /// that they inherit it again.
    fn way_back(&mut self, operation: &Operation, before: &Record, after: &Schema) -> Option<Vec<Operation>> {
        let Operation::Drop { id, only, .. } = operation else {
            return None;
        };
        let was_given = self.given.contains(id);
        if !only && !was_given {
            return None;
        }
        let new = before
            .iter()
            .filter(|(id, was)| was.is_none() && after.contains(id))
            .map(|(id, _)| id);
        let new: Vec<ObjectId> = new.cloned().collect();
        let kept = new.iter().filter(|id| !self.gone.contains(*id));
        let mut operations: Vec<Operation> = kept.cloned().map(Operation::drop).collect();
        if !was_given {
            operations.extend(recreate(before, after, false));
        }
        self.given.extend(new);
        Some(operations)
    }
}

/// Operations without drops of what goes with something else.
fn whole(operations: Vec<Operation>, schema: &Schema, swaps: bool) -> Vec<Operation> {
    let dropped = |operation: &Operation| match operation {
        Operation::Drop { id, .. } => Some(id.clone()),
        _ => None,
    };
    let mut along: HashSet<ObjectId> = HashSet::new();
    for id in operations.iter().filter_map(dropped) {
        along.extend(schema.descendants(&id).into_iter().filter(|part| *part != id));
    }
    // What comes on the way and goes again.
    let comes: HashSet<ObjectId> = operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::Rename { to, .. } if swaps => Some(to.clone()),
            Operation::Create { object, .. } if swaps => Some(object.id()),
            _ => None,
        })
        .collect();
    let mut seen = HashSet::new();
    operations
        .into_iter()
        .filter(|operation| match operation {
            Operation::Drop { id, .. } => {
                let attached = match schema.get(id) {
                    Some(Object::Index(index)) => index.attached_to.is_some(),
                    Some(Object::Constraint(constraint)) => constraint.attached_to.is_some(),
                    Some(_) => false,
                    None => !comes.contains(id),
                };
                !attached && !along.contains(id) && seen.insert(id.clone())
            }
            _ => true,
        })
        .collect()
}

/// Whether foreign keys lead to a table, or to one that it is a partition of, or may: it was there in the beginning.
fn comes_under(table: &QualifiedName, schema: &Schema, start: &Schema) -> bool {
    let leads_to = |name: &QualifiedName| {
        schema.of_kind(Kind::Constraint).any(|(_, object)| match object {
            Object::Constraint(constraint) => {
                matches!(&constraint.rule, ConstraintRule::ForeignKey(key) if key.references == *name)
            }
            _ => false,
        })
    };
    std::iter::successors(Some(table), |name| {
        schema.table(name)?.partition_of.as_ref().map(|of| &of.parent)
    })
    .any(|name| start.table(name).is_some() || leads_to(name))
}

/// The parent of a partition.
fn partition_of(object: &Object) -> Option<&QualifiedName> {
    match object {
        Object::Table(table) => table.partition_of.as_ref().map(|of| &of.parent),
        _ => None,
    }
}

/// A drop that may be run again.
fn dropping(id: ObjectId) -> Operation {
    Operation::Drop {
        id,
        if_exists: true,
        cascade: false,
        concurrently: false,
        only: false,
    }
}

fn recorded(operation: &Operation, schema: &mut Schema, records: &mut Vec<Record>) -> Result<(), String> {
    schema.start_record();
    let applied = operation.apply(schema);
    records.push(schema.end_record());
    applied.map_err(|error| error.to_string())
}

/// What undoes one operation: `before` holds what it touched, `after` is the schema behind it.
fn inverse_of(
    operation: &Operation,
    before: &Record,
    after: &Schema,
    start: &Schema,
) -> Result<Vec<Operation>, String> {
    let was = |id: &ObjectId| before.get(id).and_then(Option::as_deref);
    match operation {
        Operation::Create {
            object, concurrently, ..
        } => {
            let id = object.id();
            match (was(&id), after.get(&id)) {
                _ if !before.contains_key(&id) => Ok(vec![]),
                (Some(old), Some(new)) if old == new => Ok(vec![]),
                (Some(old), _) => Ok(vec![Operation::put(old.clone())]),
                (None, new) => {
                    let detach = new
                        .and_then(partition_of)
                        .filter(|parent| comes_under(parent, after, start))
                        .map(|parent| {
                            // A foreign key to the parent keeps a partition from being dropped, but not from being detached.
                            let change = TableChange::Detach {
                                parent: parent.clone(),
                                concurrently: false,
                            };
                            Operation::alter(id.clone(), change)
                        });
                    let drop = Operation::Drop {
                        id,
                        // Outside a transaction it may be run again.
                        if_exists: *concurrently,
                        cascade: false,
                        concurrently: *concurrently,
                        only: false,
                    };
                    Ok(detach.into_iter().chain([drop]).collect())
                }
            }
        }
        Operation::Drop { concurrently, .. } => Ok(recreate(before, after, *concurrently)),
        Operation::Alter {
            id,
            change: Change::EnumType(EnumChange::RenameLabel { from, to }),
        } => {
            let back = EnumChange::RenameLabel {
                from: to.clone(),
                to: from.clone(),
            };
            Ok(vec![Operation::alter(id.clone(), back)])
        }
        Operation::Alter {
            id,
            change: Change::RangeType(RangeChange::Multirange { from, to }),
        } => {
            let back = RangeChange::Multirange {
                from: to.clone(),
                to: from.clone(),
            };
            Ok(vec![Operation::alter(id.clone(), back)])
        }
        Operation::Alter { id, change } => {
            if let Change::Index(IndexChange::Clustered(true)) = change {
                // The mark goes back to the index that it was taken from.
                let marked = before.values().flatten().find_map(|object| match object.as_ref() {
                    Object::Index(index) if index.clustered => Some(ObjectId::named(Kind::Index, &index.name)),
                    _ => None,
                });
                let unmarked = || Operation::alter(id.clone(), IndexChange::Clustered(false));
                return Ok(vec![marked.map_or_else(unmarked, |other| {
                    Operation::alter(other, IndexChange::Clustered(true))
                })]);
            }
            let (Some(old), Some(new)) = (was(id), after.get(id)) else {
                return Ok(match after.get(id) {
                    // An alteration of privileges that nobody had spoken of makes the satellite.
                    Some(_) if before.contains_key(id) => vec![Operation::drop(id.clone())],
                    _ => vec![],
                });
            };
            match new.compare(old) {
                Comparison::Same => Ok(vec![]),
                Comparison::Altered(mut changes) => {
                    changes.extend(default_of_type(old, &changes));
                    let below = own_below(id, &changes, before, after);
                    let back = changes.into_iter().map(|change| Operation::alter(id.clone(), change));
                    Ok(back.chain(below).collect())
                }
                Comparison::Replaced(_) if id.kind == Kind::View && dependents(after, id).is_empty() => {
                    Ok(made_anew(id, old, after))
                }
                Comparison::Replaced(why) => Err(format!("PostgreSQL cannot change {id} back: {why}")),
            }
        }
        Operation::Rename { from, to } => Ok(vec![Operation::Rename {
            from: to.clone(),
            to: from.clone(),
        }]),
        Operation::UseIndex { constraint, index } => {
            let id = ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name);
            let mut operations = vec![Operation::drop(id)];
            operations.extend(recreate(before, after, false));
            let name = QualifiedName {
                namespace: constraint.table.namespace.clone(),
                name: index.clone(),
            };
            let index = ObjectId::named(Kind::Index, &name);
            operations.retain(|operation| start.contains(&index) || operation.subject().as_ref() != Some(&index));
            Ok(operations)
        }
        Operation::Backfill { .. } | Operation::CopyRows { .. } | Operation::Check { .. } | Operation::Lock { .. } => {
            Ok(vec![])
        }
        // What partitions have got belongs to the index of their table.
        Operation::StartAfter { .. } | Operation::Extend { .. } => Ok(vec![]),
        Operation::Count { from, to } => Ok(vec![Operation::Count {
            from: to.clone(),
            to: from.clone(),
        }]),
    }
}

/// A default is stored with the type of its column: it is given again after the type.
fn default_of_type(old: &Object, changes: &[Change]) -> Option<Change> {
    let Object::Column(old) = old else { return None };
    let has = |wanted: fn(&ColumnChange) -> bool| {
        changes
            .iter()
            .any(|change| matches!(change, Change::Column(change) if wanted(change)))
    };
    let type_changes = has(|change| matches!(change, ColumnChange::Type { .. }));
    let default_changes = has(|change| matches!(change, ColumnChange::Default(_)));
    let default = old.default.clone().filter(|_| type_changes && !default_changes)?;
    Some(Change::Column(ColumnChange::Default(Some(default))))
}

/// What tables below have of their own and would lose, because the statements of a parent reach them too.
fn own_below(column: &ObjectId, changes: &[Change], before: &Record, schema: &Schema) -> Vec<Operation> {
    if column.kind != Kind::Column {
        return Vec::new();
    }
    // Level by level, because a child's statement reaches its own children too.
    let mut tables = vec![column.qualified()];
    let mut at = 0;
    while let Some(parent) = tables.get(at).cloned() {
        let heirs = schema.heirs(&parent).map(|heir| &heir.name);
        let new: Vec<QualifiedName> = heirs.filter(|heir| !tables.contains(heir)).cloned().collect();
        tables.extend(new);
        at += 1;
    }
    // What the step itself has brought down to them counts as it was before.
    let own = tables.iter().skip(1).filter_map(|table| {
        let id = ObjectId::part(Kind::Column, table, column.own_name());
        match before.get(&id).and_then(Option::as_deref).or_else(|| schema.get(&id)) {
            Some(Object::Column(column)) => Some(column),
            _ => None,
        }
    });
    own.flat_map(|own| {
        changes.iter().filter_map(|change| match change {
            Change::Column(change) if change.reach() == Reach::Below && change.fits(own) => {
                Some(Operation::alter(own.id(), change.as_in(own)?))
            }
            _ => None,
        })
    })
    .collect()
}

/// A view of old, with what is said about it now.
fn made_anew(id: &ObjectId, old: &Object, now: &Schema) -> Vec<Operation> {
    let mut operations = vec![Operation::drop(id.clone()), Operation::create(old.clone())];
    let spoken = now.descendants(id).into_iter().filter(|part| part.kind.is_satellite());
    operations.extend(spoken.filter_map(|part| now.get(&part)).cloned().map(Operation::put));
    operations
}

/// Creates what went away, in the order in which objects can be made.
fn recreate(before: &Record, after: &Schema, concurrently: bool) -> Vec<Operation> {
    let mut gone: Vec<(&ObjectId, &Object)> = before
        .iter()
        .filter_map(|(id, object)| Some((id, object.as_deref()?)))
        .filter(|(id, _)| !after.contains(id))
        .collect();
    // The index of a materialized view comes after it, those of tables before views.
    let of_view = |object: &Object| {
        matches!(object, Object::Index(index)
            if before.contains_key(&ObjectId::named(Kind::MaterializedView, &index.table)))
    };
    gone.sort_by_key(|(id, object)| match of_view(object) {
        true => (Kind::MaterializedView, true),
        false => (id.subject().kind.max(id.kind), false),
    });
    gone.into_iter()
        .map(|(id, object)| Operation::Create {
            object: object.clone(),
            if_exists: if id.kind.is_satellite() {
                IfExists::Replace
            } else {
                IfExists::Fail
            },
            concurrently: concurrently && id.kind == Kind::Index,
            like: false,
        })
        .collect()
}
