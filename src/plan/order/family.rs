//! What waits for what in a family of tables: a table comes to a parent when both have taken their last shape, and a parent gets
//! stricter when those that leave it have left.

use std::collections::BTreeSet;

use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::{Table, TableChange};
use crate::object::{Change, Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::strategy::proof_name;

/// Columns of a table that comes to a parent, and of the parent, as both are by then: afterwards neither changes its type alone.
pub(super) fn shapes(table: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let above = new_ancestors(table, context);
    if above.is_empty() {
        return Vec::new();
    }
    let own = context.schemas.live.children(table);
    let own = own.filter(|id| id.kind == Kind::Column).cloned();
    let columns = |parent: &QualifiedName| context.schemas.desired.all_columns(parent);
    let above = above.iter().flat_map(columns).map(Definition::id);
    own.chain(above).collect()
}

/// Those above a table that it has not been below; one that leaves its parent and comes back finds what it has been part of.
fn new_ancestors(table: &ObjectId, context: &Context) -> BTreeSet<QualifiedName> {
    let table = table.qualified();
    let before = context.schemas.live.ancestors(&table);
    let mut above = context.schemas.desired.ancestors(&table);
    above.retain(|parent| !before.contains(parent));
    above
}

/// Columns of the parents of which a new table says something of its own: that is about the form that they get.
pub(super) fn own_forms(table: &Table, context: &Context) -> Vec<ObjectId> {
    let desired = context.schemas.desired;
    let above = desired.ancestors(&table.name).into_iter();
    let above = above.flat_map(|parent| desired.all_columns(&parent));
    let said = above.filter(|column| desired.column(&table.name, &column.name).is_some());
    said.map(Definition::id).collect()
}

/// The tables of which no column, and no check of the live schema, goes once this change of a table is made: PostgreSQL attaches
/// only what has the columns and checks of its parent, and as a partition nothing but these columns.
pub(super) fn joined(table: &ObjectId, change: &Change, context: &Context) -> BTreeSet<QualifiedName> {
    let is_attached = matches!(change, Change::Table(TableChange::Attach(_)));
    let is_joined = is_attached || matches!(change, Change::Table(TableChange::Inherit(_)));
    let mut tables = new_ancestors(table, context);
    if !is_joined || tables.is_empty() {
        return BTreeSet::new();
    }
    if is_attached {
        tables.insert(table.qualified());
    }
    tables
}

/// Whether a part that goes would be missed by a table that comes.
pub(super) fn is_shape(part: &ObjectId, context: &Context) -> bool {
    match context.schemas.live.get(part) {
        Some(Object::Constraint(constraint)) => matches!(constraint.rule, ConstraintRule::Check { .. }),
        _ => part.kind == Kind::Column,
    }
}

/// Tables that leave this family later, where the operation asks something of every row of it: PostgreSQL would ask it of theirs.
pub(super) fn leaving(operation: &Operation, context: &Context) -> Vec<ObjectId> {
    let Some(table) = asked_of(operation, context) else {
        return Vec::new();
    };
    let stays = context.schemas.desired.all_heirs(&table);
    let leaves = |heir: &QualifiedName| !stays.contains(heir) && context.desired_table(heir).is_some();
    let heirs = context.schemas.live.all_heirs(&table).into_iter().filter(leaves);
    heirs.map(|heir| ObjectId::named(Kind::Table, &heir)).collect()
}

/// The live table whose rows shall keep a new rule from this operation on, or are asked whether they do.
fn asked_of(operation: &Operation, context: &Context) -> Option<QualifiedName> {
    let desired = context.schemas.desired;
    let is_new = |id: &ObjectId| !context.schemas.live.contains(id) && desired.contains(id);
    let (table, is_asked) = match operation {
        Operation::Create {
            object: Object::Constraint(constraint),
            ..
        } => {
            let proves = |column: &Ident| proof_name(column) == constraint.name.as_str();
            let is_asked = match constraint.rule {
                ConstraintRule::Check { no_inherit, .. } => {
                    !no_inherit && is_new(&constraint.id()) || tightened(&constraint.table, context).iter().any(proves)
                }
                ConstraintRule::NotNull { .. } => true,
                _ => false,
            };
            (constraint.table.clone(), is_asked)
        }
        Operation::Alter {
            id,
            change: Change::Column(ColumnChange::NotNull(true)),
        } => {
            let table = id.qualified();
            let is_asked = tightened(&table, context).contains(id.own_name());
            (table, is_asked)
        }
        Operation::Check { table, .. } => {
            let checks = desired
                .constraints(table)
                .filter(|own| matches!(own.rule, ConstraintRule::Check { .. }));
            let is_asked = checks.map(Definition::id).any(|id| is_new(&id)) || !tightened(table, context).is_empty();
            (table.clone(), is_asked)
        }
        _ => return None,
    };
    (is_asked && context.schemas.live.table(&table).is_some()).then_some(table)
}

/// Columns of a table that take nulls, and shall not.
fn tightened(table: &QualifiedName, context: &Context) -> Vec<Ident> {
    let before = context.schemas.live.all_columns(table);
    let takes_nulls = |name: &Ident| before.iter().any(|column| column.name == *name && !column.not_null);
    let after = context.schemas.desired.all_columns(table).into_iter();
    let refusing = after.filter(|column| column.not_null && takes_nulls(&column.name));
    refusing.map(|column| column.name.clone()).collect()
}

/// Live foreign keys to a table, or to one that it is a partition of, that go.
pub(super) fn keys_that_go(table: &QualifiedName, context: &Context) -> Vec<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let mut referenced = live.ancestors(table);
    referenced.insert(table.clone());
    let refers = |object: &Object| match object {
        Object::Constraint(Constraint {
            rule: ConstraintRule::ForeignKey(key),
            ..
        }) => referenced.contains(&key.references),
        _ => false,
    };
    let keys = live.of_kind(Kind::Constraint);
    let going = keys.filter(|(id, object)| !desired.contains(id) && refers(object));
    going.map(|(id, _)| id.clone()).collect()
}

/// The partitions that go with their parent: for good, or to come again with it.
pub(super) fn partitions_along(parent: &ObjectId, context: &Context) -> Vec<QualifiedName> {
    let desired = context.schemas.desired;
    let name = parent.qualified();
    if desired.table(&name).is_none() {
        return context.partitions_that_go(&name);
    }
    let mut partitions = context.live_partitions(&name);
    partitions.retain(|partition| desired.table(partition).is_none() || desired.ancestors(partition).contains(&name));
    partitions
}
