//! The desired schema with the shadow in the place of the table, while both stand.

use std::sync::Arc;

use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::plan::context::Context;
use crate::plan::strategy::not_null::helper_name;
use crate::schema::Schema;

use super::incoming;

/// The columns of a desired key over which the live table is unique as well, and that are not null in both.
pub(super) fn key(table: &QualifiedName, context: &Context) -> Option<Vec<Ident>> {
    let refuses_null = |name: &Ident| context.live_column(table, name).is_some_and(|column| column.not_null);
    let unique = |columns: &[Ident]| {
        context.schemas.live.constraints(table).any(|constraint| {
            constraint
                .key()
                .is_some_and(|key| !constraint.deferrable && key.columns.iter().all(|name| columns.contains(name)))
        })
    };
    let mut keys: Vec<&[Ident]> = context
        .schemas
        .desired
        .constraints(table)
        .filter(|constraint| !constraint.deferrable)
        .filter_map(|constraint| constraint.key())
        .filter(|key| !key.without_overlaps)
        .map(|key| key.columns.as_slice())
        .filter(|columns| columns.iter().all(refuses_null) && unique(columns))
        .collect();
    keys.sort_by_key(|columns| columns.len());
    keys.first().map(|columns| columns.to_vec())
}

/// Tables below a table at every level, parents first.
pub(super) fn partitions(schema: &Schema, table: &QualifiedName) -> Vec<QualifiedName> {
    let mut found: Vec<QualifiedName> = Vec::new();
    for heir in schema.heirs(table) {
        found.push(heir.name.clone());
        found.extend(partitions(schema, &heir.name));
    }
    found
}

/// What has a name in the namespace, or is a foreign key of another table, gets a name of ours where the live database has it.
pub(super) fn schema(table: &QualifiedName, shadow: &QualifiedName, context: &Context) -> Schema {
    let mut schema = context.schemas.desired.clone();
    let (from, to) = (
        ObjectId::named(Kind::Table, table),
        ObjectId::named(Kind::Table, shadow),
    );
    schema.rename(&from, &to);
    for (part, name) in renamed_parts(table, shadow, context) {
        let under_way = part.with_own_name(&name);
        schema.rename(&part, &under_way);
    }
    keep_places(&mut schema, table, &to, context);
    // A sequence of an identity is named after its table.
    for name in schema
        .columns(shadow)
        .map(|column| column.name.clone())
        .collect::<Vec<_>>()
    {
        if let Some(Object::Column(column)) = schema.get_mut(&ObjectId::part(Kind::Column, shadow, &name)) {
            column.identity = None;
        }
    }
    // Rows come to the shadow through the function of its owner; sequences stay with the table until it goes.
    if let Some(Object::Table(shadow)) = schema.get_mut(&to) {
        shadow.row_security = false;
        shadow.force_row_security = false;
    }
    for on in granted(&schema, &to) {
        schema.remove(&ObjectId::satellite(Kind::Acl, &on));
    }
    for id in context.live_owned_sequences(table) {
        if let Some(Object::Sequence(sequence)) = schema.get_mut(&id) {
            sequence.owned_by = None;
        }
    }
    schema
}

/// Columns of the shadow stand where those of the table stand, as applications may insert without naming them; what is new comes
/// last.
fn keep_places(schema: &mut Schema, table: &QualifiedName, shadow: &ObjectId, context: &Context) {
    let places = context.schemas.live.all_columns(table);
    let place = |id: &ObjectId| match id.kind {
        Kind::Column => places
            .iter()
            .position(|column| column.name == *id.own_name())
            .unwrap_or(places.len()),
        _ => places.len() + 1,
    };
    let mut parts: Vec<ObjectId> = schema.children(shadow).cloned().collect();
    if parts.is_sorted_by_key(place) {
        return;
    }
    parts.sort_by_key(place);
    for id in parts {
        for object in schema.remove(&id) {
            schema.put(Arc::unwrap_or_clone(object));
        }
    }
}

/// A table and its columns, on which there may be privileges.
pub(super) fn granted(schema: &Schema, table: &ObjectId) -> Vec<ObjectId> {
    let mut found = vec![table.clone()];
    let columns = schema.children(table).filter(|child| child.kind == Kind::Column);
    found.extend(columns.cloned());
    found
}

/// Parts of the shadow, under its name, with the names that they have until the table goes.
pub(super) fn renamed_parts(
    table: &QualifiedName,
    shadow: &QualifiedName,
    context: &Context,
) -> Vec<(ObjectId, Ident)> {
    let desired = context.schemas.desired;
    let live = context.schemas.live;
    let on_shadow = |id: &ObjectId| match id.kind {
        Kind::Constraint => ObjectId::part(Kind::Constraint, shadow, id.own_name()),
        _ => id.clone(),
    };
    let own = desired
        .parts(table)
        .filter(|part| match part {
            Object::Constraint(constraint) => constraint.has_index(),
            Object::Index(_) | Object::Statistics(_) => true,
            _ => false,
        })
        .map(Object::id)
        .filter(|id| live.contains(id))
        .map(|id| (on_shadow(&id), id.own_name().clone()));
    let keys = incoming(desired, table)
        .into_iter()
        .map(|key| key.id())
        .filter(|id| live.contains(id))
        .map(|id| (id.clone(), id.own_name().clone()));
    own.chain(keys)
        .map(|(id, name)| (id, Ident::new(helper_name(name.as_str(), "new"))))
        .collect()
}

/// Whether a rule is one that the live table keeps as well, or one that follows from a key of it.
pub(super) fn holds(constraint: &Constraint, table: &QualifiedName, context: &Context) -> bool {
    let deferrable = constraint.deferrable;
    let live = || context.schemas.live.constraints(table);
    match &constraint.rule {
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => live().any(|constraint| {
            constraint.key().is_some_and(|have| {
                have.columns.iter().all(|name| key.columns.contains(name))
                    && (have.nulls_not_distinct || !key.nulls_not_distinct)
                    && (deferrable || !constraint.deferrable)
            })
        }),
        rule => live().any(|constraint| constraint.rule == *rule && !constraint.not_valid),
    }
}
