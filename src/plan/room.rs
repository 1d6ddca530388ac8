//! Room for keys and indexes that are wanted under the names of others.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::name::{Ident, QualifiedName};
use crate::object::column::{ColumnChange, Identity};
use crate::object::constraint::ConstraintRule;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::strategy::helper_name;
use crate::rename::Renamed;
use crate::schema::Schema;

/// For whom room is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// For what can come before the old form goes.
    Usual,
    /// Also for a table in place of a view: it waits for contract anyway, and may wait there for the table that goes.
    Wide,
}

/// Gives other names to keys and indexes where one of another table, or of another part in the same table, is wanted under theirs, so
/// that both can stand side by side. A table that was renamed by hand keeps the names of its keys, and so may be wanted under them.
pub fn with_room<'a>(renamed: &'a Renamed, desired: &Schema, room: Room) -> Cow<'a, Renamed> {
    let live = &renamed.live;
    let waiting = waiting(live, desired);
    let wanted: BTreeMap<QualifiedName, ObjectId> = named(desired).collect();
    let in_the_way = named(live).filter(|(name, from)| {
        let to = wanted.get(name).filter(|to| stands_in_the_way(from, to, live, desired));
        let table = to.and_then(|to| table_of(desired, to));
        let in_place_of_view = |table: &QualifiedName| live.relation(table).is_some_and(|id| id.kind != Kind::Table);
        table.is_some_and(|table| !waiting.contains(table) && (room == Room::Wide || !in_place_of_view(table)))
    });
    let mut roomy = Cow::Borrowed(renamed);
    for (_, from) in in_the_way {
        let to = from.with_own_name(&Ident::new(helper_name(from.own_name().as_str(), "old")));
        let roomy = roomy.to_mut();
        roomy.live.rename(&from, &to);
        roomy.operations.push(Operation::Rename { from, to });
    }
    roomy
}

/// Gives other names to the sequences of identity columns that go with their tables, where a new table wants theirs, so that it need
/// not wait until the old one is gone.
pub fn with_numbers_aside(renamed: &Renamed, desired: &Schema) -> Renamed {
    let wanted = numbered(desired, &renamed.live);
    let mut roomy = renamed.clone();
    for (sequence, (column, identity)) in numbered(&renamed.live, desired) {
        if !wanted.contains_key(&sequence) {
            continue;
        }
        let spare = QualifiedName {
            namespace: sequence.namespace,
            name: Ident::new(helper_name(sequence.name.as_str(), "old")),
        };
        let aside = Identity {
            sequence: Some(spare),
            ..identity.clone()
        };
        let change = ColumnChange::Identity {
            from: Some(identity),
            to: Some(aside),
        };
        let operation = Operation::alter(column, change);
        // It cannot fail: the column has just been seen.
        if operation.apply(&mut roomy.live).is_ok() {
            roomy.operations.push(operation);
        }
    }
    roomy
}

/// The keys and indexes, each with the name of its index. No two have one in a namespace, but while renames are still to do.
fn named(schema: &Schema) -> impl Iterator<Item = (QualifiedName, ObjectId)> {
    let name = |object: &Object| match object {
        Object::Index(index) => Some(index.name.clone()),
        Object::Constraint(constraint) => constraint.index_name(),
        _ => None,
    };
    schema
        .iter()
        .filter_map(move |(id, object)| Some((name(object)?, id.clone())))
}

fn table_of<'a>(schema: &'a Schema, id: &ObjectId) -> Option<&'a QualifiedName> {
    match schema.get(id)? {
        Object::Index(index) => Some(&index.table),
        Object::Constraint(constraint) => Some(&constraint.table),
        _ => None,
    }
}

/// Whether one has to go before the other can come under its name: it is of another table, or only one of both is the primary key, so
/// that another primary key comes or goes as well, and a table never has two.
fn stands_in_the_way(from: &ObjectId, to: &ObjectId, live: &Schema, desired: &Schema) -> bool {
    let Some((of, table)) = table_of(live, from).zip(table_of(desired, to)) else {
        return false;
    };
    let is_primary = |schema: &Schema, id: &ObjectId| match schema.get(id) {
        Some(Object::Constraint(constraint)) => matches!(constraint.rule, ConstraintRule::PrimaryKey(_)),
        _ => false,
    };
    let both_have_one = live.primary_key(of).is_some() && desired.primary_key(table).is_some();
    let is_plain = live.table(of).is_some_and(|table| table.partition_by.is_none());
    of != table || (both_have_one && is_plain && is_primary(live, from) != is_primary(desired, to))
}

/// The sequence of an identity column goes with its column alone, so that a new table that wants its name comes after the old one.
fn waiting(live: &Schema, desired: &Schema) -> BTreeSet<QualifiedName> {
    let going = numbered(live, desired);
    let coming = numbered(desired, live).into_iter();
    let waiting = coming.filter(|(sequence, _)| going.contains_key(sequence));
    waiting.map(|(_, (column, _))| column.qualified()).collect()
}

/// The identity columns of tables that the other schema has not, by the names of their sequences.
fn numbered(schema: &Schema, other: &Schema) -> BTreeMap<QualifiedName, (ObjectId, Identity)> {
    let columns = schema.of_kind(Kind::Column).filter_map(|(id, object)| match object {
        Object::Column(column) if other.table(&column.table).is_none() => {
            let identity = column.identity.clone()?;
            Some((identity.sequence_of(id), (id.clone(), identity)))
        }
        _ => None,
    });
    columns.collect()
}
