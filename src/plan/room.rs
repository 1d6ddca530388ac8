//! Room for keys and indexes that are wanted under the names of those of tables that go.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::strategy::helper_name;
use crate::rename::Renamed;
use crate::schema::Schema;

/// Gives other names to the keys and indexes of tables that go where a new table wants theirs, so that both tables can stand side by
/// side; a table that was renamed by hand keeps the names of its keys, and so may be wanted under them. So it is with an index whose
/// name another table gets, where steps wait for each other (`tied`).
pub fn with_room<'a>(renamed: &'a Renamed, desired: &Schema, tied: &BTreeSet<ObjectId>) -> Cow<'a, Renamed> {
    let mut going = parts_missing_in(desired, &renamed.live);
    let wanted = wanted(&going, &renamed.live, desired);
    let moves_on = |id: &ObjectId| id.kind == Kind::Index && tied.contains(id) && desired.contains(id);
    going.retain(|id| {
        let name = index_name(&renamed.live, id);
        name.is_some_and(|name| wanted.contains(&name) || moves_on(id))
    });
    if going.is_empty() {
        return Cow::Borrowed(renamed);
    }
    let mut roomy = renamed.clone();
    for from in going {
        let to = from.with_own_name(&Ident::new(helper_name(from.own_name().as_str(), "old")));
        roomy.live.rename(&from, &to);
        roomy.operations.push(Operation::Rename { from, to });
    }
    Cow::Owned(roomy)
}

/// The parts of tables of a schema that the other one lacks.
fn parts_missing_in(other: &Schema, schema: &Schema) -> Vec<ObjectId> {
    let tables = schema.of_kind(Kind::Table).map(|(id, _)| id);
    let missing = tables.filter(|id| other.relation(&id.qualified()).is_none());
    missing.flat_map(|id| schema.children(id)).cloned().collect()
}

/// What new tables call their keys and indexes.
fn wanted(going: &[ObjectId], live: &Schema, desired: &Schema) -> BTreeSet<QualifiedName> {
    let numbered: BTreeSet<QualifiedName> = going.iter().filter_map(|id| sequence_name(live, id)).collect();
    let coming = parts_missing_in(live, desired);
    // The sequence of an identity column goes with its column alone, so that such a table comes after the old one.
    let waiting: BTreeSet<QualifiedName> = coming
        .iter()
        .filter(|id| sequence_name(desired, id).is_some_and(|name| numbered.contains(&name)))
        .map(ObjectId::qualified)
        .collect();
    let beside = |id: &&ObjectId| {
        let table = desired.get(id).and_then(Object::parent);
        table.is_none_or(|table| !waiting.contains(&table.qualified()))
    };
    let names = coming.iter().filter(beside).filter_map(|id| index_name(desired, id));
    names.collect()
}

fn index_name(schema: &Schema, id: &ObjectId) -> Option<QualifiedName> {
    match schema.get(id) {
        Some(Object::Index(index)) => Some(index.name.clone()),
        Some(Object::Constraint(constraint)) => constraint.index_name(),
        _ => None,
    }
}

fn sequence_name(schema: &Schema, id: &ObjectId) -> Option<QualifiedName> {
    match schema.get(id) {
        Some(Object::Column(column)) => column.identity.as_ref().map(|identity| identity.sequence_of(id)),
        _ => None,
    }
}
