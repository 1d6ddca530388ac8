//! The differences that the strategies take: those of the two schemas, with what PostgreSQL hands down to partitions and children,
//! and what it cannot change, seen for what they are.

use std::collections::BTreeSet;

use crate::diff::{Delta, diff};
use crate::expr::with_fewer_targets;
use crate::object::column::{Column, ColumnChange};
use crate::object::composite_type::CompositeChange;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::TableChange;
use crate::object::{Change, Comparison, Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::held;
use crate::plan::strategy::is_forgotten;
use crate::refs::{is_partitioned_by, uses_word};
use crate::schema::{Schema, parents};

/// The differences between the schemas of the context, as the strategies take them.
pub(super) fn deltas(context: &Context) -> Vec<Delta> {
    let mut found: Vec<Delta> = own_deltas(context)
        .into_iter()
        .map(|delta| gains_columns(&delta, context).unwrap_or(delta))
        .map(|delta| keeps_attributes(&delta, context).unwrap_or(delta))
        .collect();
    let anew = parts_of_other_relations(context);
    found.retain(|delta| !anew.contains(delta.id()));
    found.extend(anew.into_iter().map(Delta::Create));
    for table in declaring(context) {
        let change = Change::from(TableChange::Declare);
        let known = found.iter_mut().find_map(|delta| match delta {
            Delta::Alter(id, changes) if *id == table => Some(changes),
            _ => None,
        });
        match known {
            Some(changes) => changes.push(change),
            None => found.push(Delta::Alter(table, vec![change])),
        }
    }
    // PostgreSQL documentation, ALTER TABLE: the type of a column of the partition key cannot be changed.
    let repartitioned: BTreeSet<ObjectId> = found
        .iter()
        .filter_map(|delta| match delta {
            Delta::Alter(id, changes) => Some((id, changes)),
            _ => None,
        })
        .filter(|(_, changes)| {
            let is_type = |change: &Change| matches!(change, Change::Column(ColumnChange::Type { .. }));
            changes.iter().any(is_type)
        })
        .filter(|(id, _)| {
            let table = context.schemas.live.table(&id.qualified());
            let key = table.and_then(|table| table.partition_by.as_ref());
            key.is_some_and(|key| is_partitioned_by(key, id.own_name()))
        })
        .map(|(id, _)| ObjectId::named(Kind::Table, &id.qualified()))
        .collect();
    if repartitioned.is_empty() {
        return found;
    }
    let part_of =
        |id: &ObjectId| id.part.is_some() && repartitioned.contains(&ObjectId::named(Kind::Table, &id.qualified()));
    let anew = repartitioned.iter().map(|table| {
        Delta::Replace(
            table.clone(),
            "the type of a column of its partition key differs".into(),
        )
    });
    let rest = found
        .iter()
        .filter(|delta| !repartitioned.contains(delta.id()) && !part_of(delta.id()))
        .cloned();
    anew.chain(rest).collect()
}

/// What goes with its relation and comes with one of another kind under the same name.
fn parts_of_other_relations(context: &Context) -> BTreeSet<ObjectId> {
    let Pair { live, desired } = context.schemas;
    let becomes_another = |id: &ObjectId| {
        let name = id.qualified();
        desired
            .relation(&name)
            .is_some_and(|new| live.relation(&name).is_some_and(|old| old != new))
    };
    let parts = desired.iter().filter_map(|(id, object)| Some((id, object.parent()?)));
    parts
        .filter(|(id, parent)| live.contains(id) && becomes_another(parent))
        .map(|(id, _)| id.clone())
        .collect()
}

/// The children by `INHERITS` that come to declare what they inherit.
fn declaring(context: &Context) -> Vec<ObjectId> {
    let Pair { live, desired } = context.schemas;
    let tables = desired.of_kind(Kind::Table).filter(|(_, object)| match object {
        Object::Table(table) => desired.comes_to_declare(live, table),
        _ => false,
    });
    tables.map(|(id, _)| id.clone()).collect()
}

/// A view that no server has been asked about, and that only gains columns at its end: `CREATE OR REPLACE VIEW` takes it.
fn gains_columns(delta: &Delta, context: &Context) -> Option<Delta> {
    let Delta::Replace(id, _) = delta else { return None };
    let Pair { live, desired } = context.schemas;
    let (Some(Object::View(before)), Some(after_object @ Object::View(after))) = (live.get(id), desired.get(id)) else {
        return None;
    };
    let unknown = before.output.is_empty() || after.output.is_empty();
    let named = before.columns.is_empty() == after.columns.is_empty() && after.columns.starts_with(&before.columns);
    let gains = with_fewer_targets(&after.query).contains(&before.query);
    // What it reads has the same columns, of the same types, as before.
    let same_type = |column: &&Column| {
        let old = context.live_column(&column.table, &column.name);
        old.is_none_or(|old| old.type_name == column.type_name && old.collation == column.collation)
            || !uses_word(&after.query.text, &column.name)
    };
    let reads_same = |used: &ObjectId| match used.kind {
        Kind::Table => desired.all_columns(&used.qualified()).iter().all(same_type),
        Kind::View | Kind::MaterializedView => live.get(used) == desired.get(used),
        _ => true,
    };
    let stays = context.references.desired.of(after_object).iter().all(reads_same);
    (unknown && named && gains && stays).then(|| {
        let changes = before.replaced_by(after).into_iter().map(Change::from);
        Delta::Alter(id.clone(), changes.collect())
    })
}

/// A composite type with an attribute that gets another type while a column has it, for which PostgreSQL has no statement.
fn keeps_attributes(delta: &Delta, context: &Context) -> Option<Delta> {
    let Delta::Alter(id, changes) = delta else { return None };
    let retyped = changes.iter().find_map(|change| match change {
        Change::CompositeType(CompositeChange::Type(attribute)) => Some(&attribute.name),
        _ => None,
    });
    let column = held::anywhere(&id.qualified(), context.schemas.live);
    retyped
        .zip(column)
        .map(|(attribute, _)| Delta::Replace(id.clone(), format!("the type of its attribute {attribute} differs")))
}

/// The differences, a partition's own variant of an inherited column seen as a change of the column it inherits. Where a named
/// not-null constraint comes or goes, its column changes along.
fn own_deltas(context: &Context) -> Vec<Delta> {
    diff(context.schemas)
        .into_iter()
        .filter_map(|delta| match delta {
            Delta::Alter(id, mut changes) if id.kind == Kind::Column => {
                changes.retain(|change| match change {
                    Change::Column(ColumnChange::NotNull(true)) => !names_not_null(context.schemas.desired, &id),
                    Change::Column(ColumnChange::NotNull(false)) => !names_not_null(context.schemas.live, &id),
                    _ => true,
                });
                (!changes.is_empty()).then_some(Delta::Alter(id, changes))
            }
            delta => Some(delta),
        })
        .filter_map(|delta| match &delta {
            // A column or check may be inherited on one side and its own on the other.
            Delta::Create(id) if id.kind == Kind::Column => {
                let inherited = context.live_column(&id.qualified(), id.own_name());
                // Where the parent's column is new as well, the partition's begins as the parent's will be. A table that comes to the
                // parent needs the column before.
                let table = id.qualified();
                let Pair { live, desired } = context.schemas;
                let staying = desired.table(&table).into_iter().flat_map(parents).filter(|parent| {
                    let mut before = live.table(&table).into_iter().flat_map(parents);
                    before.any(|before| before == *parent)
                });
                let coming = staying
                    .flat_map(|parent| context.schemas.desired.all_columns(parent))
                    .find(|column| column.name == *id.own_name() && !context.is_new(&id.qualified()));
                let live = inherited.or(coming);
                let live = live.map(|column| column.below(&id.qualified()));
                between(
                    delta.clone(),
                    live.map(Object::from),
                    context.schemas.desired.get(id).cloned(),
                )
            }
            Delta::Drop(id) if id.kind == Kind::Column => {
                let inherited = context.desired_column(&id.qualified(), id.own_name());
                let desired = inherited.map(|column| column.below(&id.qualified()));
                between(
                    delta.clone(),
                    context.schemas.live.get(id).cloned(),
                    desired.map(Object::from),
                )
            }
            Delta::Create(id) if id.kind == Kind::Constraint => {
                let live = inherited_check(context.schemas.live, id);
                // The table comes to declare what it goes on to inherit.
                if live.is_some() && live == inherited_check(context.schemas.desired, id) {
                    let declares = context.schemas.desired.table(&id.qualified());
                    let declares = declares
                        .is_some_and(|table| context.schemas.desired.comes_to_declare(context.schemas.live, table));
                    return (!declares).then_some(delta);
                }
                between(delta.clone(), live, context.schemas.desired.get(id).cloned())
            }
            Delta::Drop(id) if id.kind == Kind::Constraint => {
                let desired = inherited_check(context.schemas.desired, id);
                between(delta.clone(), context.schemas.live.get(id).cloned(), desired)
            }
            _ => Some(delta),
        })
        .filter_map(|delta| match delta {
            Delta::Alter(id, mut changes) if id.kind == Kind::Column => {
                let comes_down = |change: &Change| goes_down(&id, change, context);
                let is_type = |change: &Change| matches!(change, Change::Column(ColumnChange::Type { .. }));
                // With the type comes what it makes PostgreSQL forget, and a default of the new type.
                let retyped = changes.iter().any(|change| is_type(change) && comes_down(change));
                let with_type = |change: &Change| {
                    is_forgotten(change) || matches!(change, Change::Column(ColumnChange::Default(Some(_))))
                };
                changes.retain(|change| !(comes_down(change) || retyped && with_type(change)));
                (!changes.is_empty()).then_some(Delta::Alter(id, changes))
            }
            _ => Some(delta),
        })
        .collect()
}

/// Whether a change of type, or the loss of an expression, comes down from the same change of the parent's column.
fn goes_down(id: &ObjectId, change: &Change, context: &Context) -> bool {
    let Change::Column(change @ (ColumnChange::Type { .. } | ColumnChange::Generated(None))) = change else {
        return false;
    };
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let (Some(before), Some(after)) = (live.table(&id.qualified()), desired.table(&id.qualified())) else {
        return false;
    };
    parents(after)
        .filter(|parent| parents(before).any(|other| other == *parent))
        .any(|parent| {
            let of_parent = |column: &&Column| column.name == *id.own_name();
            let before = live.all_columns(parent).into_iter().find(of_parent);
            let after = desired.all_columns(parent).into_iter().find(of_parent);
            let of_type = |column: &Column| (column.type_name.clone(), column.collation.clone());
            match (change, before, after) {
                (_, None, _) => false,
                (ColumnChange::Generated(_), Some(before), after) => {
                    before.generated.is_some() && after.is_some_and(|after| after.generated.is_none())
                }
                (_, Some(before), after) => Some(of_type(before)) != after.map(of_type),
            }
        })
}

/// The difference between two forms of an object; the delta as it is where one of them does not exist.
fn between(delta: Delta, live: Option<Object>, desired: Option<Object>) -> Option<Delta> {
    let (Some(live), Some(desired)) = (live, desired) else {
        return Some(delta);
    };
    match live.compare(&desired) {
        Comparison::Same => None,
        Comparison::Altered(changes) => Some(Delta::Alter(delta.id().clone(), changes)),
        Comparison::Replaced(why) => Some(Delta::Replace(delta.id().clone(), why)),
    }
}

/// The check that a table inherits under this name.
fn inherited_check(schema: &Schema, id: &ObjectId) -> Option<Object> {
    let table = id.qualified();
    schema
        .inherited_checks(&table)
        .into_iter()
        .find(|check| check.name == *id.own_name())
        .map(|check| {
            Object::from(Constraint {
                table: table.clone(),
                ..check.clone()
            })
        })
}

fn names_not_null(schema: &Schema, column: &ObjectId) -> bool {
    schema.constraints(&column.qualified()).any(|constraint| {
        !constraint.not_valid
            && matches!(&constraint.rule, ConstraintRule::NotNull { column: of, .. } if of == column.own_name())
    })
}
