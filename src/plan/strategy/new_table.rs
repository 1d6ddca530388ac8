//! A new table.
//!
//! **The danger.** None for the table itself: nobody uses it yet. A foreign key to an existing table takes SHARE ROW
//! EXCLUSIVE there, so it is a step of its own; so is everything that would close a circle (a default that calls a function
//! that takes the table's row type).
//!
//! | phase | step |
//! |---|---|
//! | expand | a partition of a table that is there: CREATE TABLE (LIKE parent) with its indexes, then ATTACH PARTITION, in one transaction |
//! | validate | the same beside a default partition, which gets a check before that keeps the rows of the new one out (`attached`) |
//! | expand | CREATE TABLE with columns, keys and checks, its indexes, comments, owner and privileges, in one transaction |
//! | expand | its foreign keys, each alone |
//!
//! **If it stops half-way**: the table is there or not; nothing to clean up.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::attach;
use crate::expr::Expr;
use crate::name::object_name;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::index::{Index, IndexChange};
use crate::object::table::{PartitionBound, PartitionOf, Table, TableChange};
use crate::object::{Comparison, Definition, Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{attached, satellites, taken_over};
use crate::plan::{Class, HazardKind, Phase};
use crate::schema::parents;

/// Creates the table with everything that can be made in one go.
pub fn recipe(table: &Table, context: &Context) -> Recipe {
    let id = ObjectId::named(Kind::Table, &table.name);
    let desired = context.schemas.desired;
    let attached = is_attached(table, context);
    let mut inside = vec![match attached {
        Some(_) => Operation::Create {
            object: table.clone().into(),
            if_exists: IfExists::Fail,
            concurrently: false,
            like: true,
        },
        None => Operation::create(table.clone()),
    }];
    // A table like its parent has the column already.
    let column_of = |column: Column| match attached {
        Some(_) => Operation::put(column),
        None => Operation::create(column),
    };
    let mut indexes = Vec::new();
    let mut spoken: Vec<Operation> = satellites(&id, context);
    let mut later: Recipe = Vec::new();
    // Last, so that tables may refer to each other by keys that come later.
    let mut foreign_keys: Recipe = Vec::new();
    for child in desired.children(&id) {
        let Some(object) = desired.get(child) else { continue };
        let held = context.schemas.live.get(child).and_then(Object::parent);
        if held.is_some_and(|other| other.qualified() != id.qualified()) {
            // The name of an index that is on another table so far: a delta of its own.
            continue;
        }
        let circular = reaches(object, &id, context) || comes_after_heirs(object, &id, context);
        match object {
            Object::Column(column) => {
                spoken.extend(taken_over(&column.table, &column.name, context));
                if circular && column.generated.is_some() {
                    later.push(Draft::instant(Phase::Expand, vec![Operation::create(column.clone())]));
                } else if circular && column.default.is_some() {
                    inside.push(column_of(Column {
                        default: None,
                        ..column.clone()
                    }));
                    let change = ColumnChange::Default(column.default.clone());
                    later.push(Draft::instant(
                        Phase::Expand,
                        vec![Operation::alter(child.clone(), change)],
                    ));
                } else {
                    inside.push(column_of(column.clone()));
                }
            }
            Object::Constraint(constraint) => {
                let foreign = matches!(constraint.rule, ConstraintRule::ForeignKey(_));
                if attached.is_some() && !circular && finds_parent(constraint.attached_to.as_ref(), context) {
                    inside.push(Operation::create(Constraint {
                        attached_to: None,
                        ..constraint.clone()
                    }));
                } else if let Some(parent) = constraint.attached_to.as_ref().filter(|_| !circular) {
                    later.extend(key_of_partition(constraint, parent, context, &mut inside));
                } else if !foreign && !circular && (!constraint.not_valid || table.partition_by.is_none()) {
                    inside.push(Operation::create(constraint.clone()));
                } else {
                    let mut operations = vec![Operation::create(constraint.clone())];
                    operations.extend(satellites(child, context));
                    let heirs = context.schemas.desired.all_heirs(&table.name);
                    let why = match heirs.iter().all(|heir| context.is_new(heir)) {
                        true => "The table is new, so there are no rows to check.",
                        false => "It comes last: the rows are those of the partitions that have moved here.",
                    };
                    let drafts = if foreign { &mut foreign_keys } else { &mut later };
                    drafts.push(Draft::instant(Phase::Expand, operations).because(why));
                    continue;
                }
            }
            Object::Index(index)
                if attached.is_some() && !circular && finds_parent(index.attached_to.as_ref(), context) =>
            {
                indexes.push(Operation::create(Index {
                    attached_to: None,
                    ..index.clone()
                }));
            }
            Object::Index(index) if !circular && comes_as(index, context).is_some() => {
                indexes.extend(
                    comes_as(index, context)
                        .into_iter()
                        .flat_map(|(name, above)| settled(index, name, above)),
                );
            }
            Object::Index(index) if !circular && adopts(index, context) => {
                let mut operations = vec![Operation::create(Index {
                    attached_to: None,
                    ..index.clone()
                })];
                operations.extend(satellites(child, context));
                later.push(
                    Draft::instant(Phase::Expand, operations)
                        .because("It takes over what its partitions have already."),
                );
                if let Some(parent) = index.attached_to.as_ref().filter(|parent| !made_later(parent, context)) {
                    let attach = IndexChange::Attach(parent.clone());
                    later.push(Draft::instant(
                        Phase::Expand,
                        vec![Operation::alter(child.clone(), attach)],
                    ));
                }
                continue;
            }
            Object::Index(index) if !circular => {
                indexes.push(Operation::create(Index {
                    attached_to: None,
                    ..index.clone()
                }));
                if let Some(parent) = index.attached_to.as_ref().filter(|parent| !made_later(parent, context)) {
                    let attach = IndexChange::Attach(parent.clone());
                    later.push(Draft::instant(
                        Phase::Expand,
                        vec![Operation::alter(child.clone(), attach)],
                    ));
                }
            }
            Object::Index(_) | Object::Statistics(_) => {
                let mut operations = vec![Operation::create(object.clone())];
                operations.extend(satellites(child, context));
                later.push(Draft::instant(Phase::Expand, operations));
                continue;
            }
            // Triggers, rules and policies wait for the functions they call and are deltas of their own.
            _ => continue,
        }
        spoken.extend(satellites(child, context));
    }
    let mut operations = inside;
    operations.extend(said_of_columns(table, context));
    operations.extend(indexes);
    operations.extend(spoken);
    operations.extend(attached.map(|of| Operation::alter(id.clone(), TableChange::Attach(of.clone()))));
    let beside = table
        .partition_of
        .as_ref()
        .filter(|of| !context.is_new(&of.parent))
        .and_then(|of| attached::beside_default(&table.name, of, context));
    let (apart, proof) = beside.unzip();
    let is_proved = proof.is_some();
    operations.extend(proof.map(Operation::drop));
    let mut draft = Draft::instant(Phase::Expand, operations);
    if let Some(parent) = table
        .partition_of
        .as_ref()
        .map(|of| &of.parent)
        .filter(|parent| !context.is_new(parent))
    {
        let default = context.schemas.live.heirs(parent).find(|heir| {
            heir.partition_of
                .as_ref()
                .is_some_and(|of| of.bound == PartitionBound::Default)
        });
        if let Some(default) = default.filter(|_| !is_proved) {
            draft.class = Class::Blocking;
            draft = draft.hazard(
                HazardKind::BlockingScan,
                &ObjectId::named(Kind::Table, &default.name),
                format!(
                    "Reads and writes of {} wait while it is searched for rows of the new partition of {parent}.",
                    default.name
                ),
            );
        } else if attached.is_some() {
            draft = draft.because("Made apart and then attached, so that reads and writes of the parent go on.");
        } else {
            draft = draft.because("CREATE TABLE ... PARTITION OF takes ACCESS EXCLUSIVE on the parent for a moment.");
        }
    }
    let mut recipe = apart.unwrap_or_default();
    recipe.push(draft);
    recipe.extend(later);
    recipe.extend(foreign_keys);
    // What a check of the default partition refuses is tightened in validate.
    let earliest = match (making_room(table, context).is_empty(), is_proved) {
        (false, _) => Phase::Contract,
        (true, true) => Phase::Validate,
        (true, false) => Phase::Expand,
    };
    for draft in &mut recipe {
        draft.phase = draft.phase.max(earliest);
    }
    recipe
}

/// What it has in common with its parents, although a new table begins without it.
fn said_of_columns(table: &Table, context: &Context) -> Vec<Operation> {
    let desired = context.schemas.desired;
    let columns = parents(table).flat_map(|parent| desired.all_columns(parent));
    let shared = columns.filter(|column| desired.column(&table.name, &column.name).is_none());
    let mut said = IndexMap::new();
    for column in shared {
        let below = column.below(&table.name);
        if let Comparison::Altered(changes) = column.begun(&table.name).compare(&below) {
            said.insert(below.id(), changes);
        }
    }
    said.into_iter()
        .flat_map(|(id, changes)| {
            let alter = move |change| Operation::alter(id.clone(), change);
            changes.into_iter().map(alter)
        })
        .collect()
}

/// Whether the heirs of the table come before what it has.
fn comes_after_heirs(object: &Object, table: &ObjectId, context: &Context) -> bool {
    partitions_first(object, context).iter().any(|first| first != table)
}

/// The partitions of a table that gets an index or a key with `ONLY`: a later partition would get an index of its own. An index
/// that belongs to one of the parent is made where its table is a partition already.
pub fn partitions_first(object: &Object, context: &Context) -> Vec<ObjectId> {
    let table = match object {
        Object::Index(index) if index.attached_to.is_some() => return vec![ObjectId::named(Kind::Table, &index.table)],
        Object::Index(index) if index.invalid => &index.table,
        Object::Constraint(constraint) if !constraint.missing.is_empty() => &constraint.table,
        // Rows that come with a partition would be asked for under the lock that moves them, before those that they refer to are there.
        Object::Constraint(Constraint {
            rule: ConstraintRule::ForeignKey(key),
            table,
            ..
        }) if context.is_new(table) => {
            let (live, desired) = (context.schemas.live, context.schemas.desired);
            let heirs = [table, &key.references]
                .into_iter()
                .flat_map(|table| desired.all_heirs(table));
            let moved = heirs.filter(|heir| live.table(heir).is_some());
            return moved.map(|heir| ObjectId::named(Kind::Table, &heir)).collect();
        }
        // A partition that comes later would have it as a valid one.
        Object::Constraint(constraint)
            if constraint.not_valid && matches!(constraint.rule, ConstraintRule::Check { .. }) =>
        {
            &constraint.table
        }
        _ => return Vec::new(),
    };
    let heirs = context.schemas.desired.all_heirs(table);
    heirs.iter().map(|heir| ObjectId::named(Kind::Table, heir)).collect()
}

/// Live partitions of the same parent that go or get another bound: a new one may take rows that are theirs until then.
pub fn making_room(table: &Table, context: &Context) -> Vec<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let Some(of) = &table.partition_of else {
        return Vec::new();
    };
    live.heirs(&of.parent)
        .filter(|heir| {
            heir.partition_of.is_some()
                && heir.name != table.name
                && desired
                    .table(&heir.name)
                    .is_none_or(|after| after.partition_of != heir.partition_of)
        })
        .filter(|heir| {
            heir.partition_of
                .as_ref()
                .is_some_and(|theirs| may_overlap(&theirs.bound, &of.bound))
        })
        .map(|heir| ObjectId::named(Kind::Table, &heir.name))
        .collect()
}

/// Whether two bounds may hold the same row, as far as their texts say.
fn may_overlap(one: &PartitionBound, other: &PartitionBound) -> bool {
    let same = |a: &Expr, b: &Expr| a.canonical() == b.canonical();
    let all = |a: &[Expr], b: &[Expr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (one, other) {
        (PartitionBound::Default, PartitionBound::Default) => true,
        (PartitionBound::Default, _) | (_, PartitionBound::Default) => false,
        (PartitionBound::List(a), PartitionBound::List(b)) => a.iter().any(|a| b.iter().any(|b| same(a, b))),
        // Ranges that meet at one end do not overlap, as one comes after the other.
        (
            PartitionBound::Range { from, to },
            PartitionBound::Range {
                from: other_from,
                to: other_to,
            },
        ) => !all(to, other_from) && !all(from, other_to),
        _ => true,
    }
}

/// The partition that the table becomes where it can be made like its parent and attached. A foreign table cannot, and neither can
/// one that has its access method from its parent.
fn is_attached<'a>(table: &'a Table, context: &Context) -> Option<&'a PartitionOf> {
    let of = table.partition_of.as_ref()?;
    let parent = context.schemas.live.table(&of.parent)?;
    let stays = context.schemas.desired.table(&of.parent)?;
    let settled = parent.partition_by.is_some() && parent.partition_by == stays.partition_by;
    let method = table.access_method == parent.access_method || table.access_method.is_some();
    (settled && table.foreign.is_none() && method).then_some(of)
}

/// Whether the index or key of the parent, if there is to be one, is there to be found when the partition is attached.
fn finds_parent(index: Option<&QualifiedName>, context: &Context) -> bool {
    let there = |index: &QualifiedName| {
        let id = ObjectId::named(Kind::Index, index);
        let (live, desired) = (context.schemas.live.get(&id), context.schemas.desired.get(&id));
        live.is_some() && live == desired
    };
    index.is_some_and(there)
}

/// The key of a new partition whose index serves an index of the parent.
fn key_of_partition(
    constraint: &Constraint,
    parent: &QualifiedName,
    context: &Context,
    inside: &mut Vec<Operation>,
) -> Option<Draft> {
    if context.schemas.live.contains(&ObjectId::named(Kind::Index, parent)) {
        // The partition gets the index with the parent's, under the name that PostgreSQL chooses.
        let middle = constraint.key().map(attach::columns_part).unwrap_or_default();
        let use_index = Operation::UseIndex {
            constraint: constraint.clone(),
            index: context.free_relation_name(&constraint.table, &middle, "idx"),
        };
        let draft = Draft::instant(Phase::Expand, vec![use_index]);
        return Some(draft.because("The partition has the index already: it came with the parent's."));
    }
    inside.push(Operation::create(Constraint {
        attached_to: None,
        ..constraint.clone()
    }));
    if made_later(parent, context) {
        return None;
    }
    let id = ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name);
    let attach = ConstraintChange::Attach(parent.clone());
    Some(Draft::instant(Phase::Expand, vec![Operation::alter(id, attach)]))
}

/// The name that PostgreSQL gives the index of a new partition where it makes it itself, and the index of the parent that it is made
/// after: one that is there, or comes to the parent in the same way. None where it makes none, or where the name cannot be told ahead.
fn comes_as<'a>(index: &Index, context: &'a Context) -> Option<(QualifiedName, &'a Index)> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let parent = ObjectId::named(Kind::Index, index.attached_to.as_ref()?);
    let Some(Object::Index(above)) = desired.get(&parent) else {
        return None;
    };
    let there = match live.get(&parent) {
        Some(before) => desired.get(&parent) == Some(before),
        None => context.is_new(&above.table) && comes_as(above, context).is_some(),
    };
    let alike = desired
        .indexes(&above.table)
        .filter(|other| other.name_part() == above.name_part())
        .count();
    if !there || alike > 1 {
        return None;
    }
    let name = QualifiedName {
        namespace: index.table.namespace.clone(),
        name: Ident::new(object_name(index.table.name.as_str(), &index.name_part(), "idx")),
    };
    let taken = live.relation(&name).is_some() || (name != index.name && desired.relation(&name).is_some());
    (!taken).then_some((name, above))
}

/// An index that is there under this name, with the settings of the parent's, gets its own.
fn settled(index: &Index, name: QualifiedName, above: &Index) -> Vec<Operation> {
    let (from, to) = (
        ObjectId::named(Kind::Index, &name),
        ObjectId::named(Kind::Index, &index.name),
    );
    let made = Index {
        options: above.options.clone(),
        tablespace: above.tablespace.clone(),
        clustered: false,
        ..index.clone()
    };
    let changes = match made.compare(index) {
        Comparison::Altered(changes) => changes,
        Comparison::Same | Comparison::Replaced(_) => Vec::new(),
    };
    let mut operations = vec![Operation::Create {
        object: Index { name, ..made }.into(),
        if_exists: IfExists::Skip,
        concurrently: false,
        like: false,
    }];
    if from != to {
        operations.push(Operation::Rename { from, to: to.clone() });
    }
    operations.extend(changes.into_iter().map(|change| Operation::alter(to.clone(), change)));
    operations
}

/// Whether a new index of a partitioned table finds indexes on its partitions to take over.
fn adopts(index: &Index, context: &Context) -> bool {
    !index.invalid
        && context
            .heirs(&index.table)
            .iter()
            .any(|heir| attach::attached(context.schemas.desired, heir, &index.name).is_some())
}

/// Whether the index of the parent comes with its table, after its partitions, and takes over what fits.
fn made_later(parent: &QualifiedName, context: &Context) -> bool {
    matches!(
        context.schemas.desired.get(&ObjectId::named(Kind::Index, parent)),
        Some(Object::Index(index)) if context.is_new(&index.table) && !index.invalid
    )
}

/// Whether something else that the object needs, and that this plan creates, needs the table in turn.
fn reaches(object: &Object, table: &ObjectId, context: &Context) -> bool {
    let parts = |id: &ObjectId| id == table || (id.part.is_some() && id.qualified() == table.qualified());
    let mut seen = BTreeSet::new();
    let mut stack: Vec<ObjectId> = context
        .references
        .desired
        .of(object)
        .into_iter()
        .filter(|id| !parts(id))
        .collect();
    while let Some(id) = stack.pop() {
        let worth = matches!(
            id.kind,
            Kind::Function | Kind::Procedure | Kind::Aggregate | Kind::View | Kind::MaterializedView
        ) || id.kind.is_type();
        if !worth || context.schemas.live.contains(&id) || !seen.insert(id.clone()) {
            continue;
        }
        if let Some(next) = context.schemas.desired.get(&id) {
            for needed in context.references.desired.of(next) {
                if parts(&needed) {
                    return true;
                }
                stack.push(needed);
            }
        }
    }
    false
}

/// The kinds that `recipe` takes along with a new table.
pub fn takes(kind: Kind) -> bool {
    matches!(kind, Kind::Column | Kind::Constraint | Kind::Index | Kind::Statistics)
}
