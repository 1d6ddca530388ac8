//! What differs between two schemas, object by object. This file names no kind: every kind compares itself.

use std::collections::{BTreeMap, HashSet};

use crate::name::{Ident, QualifiedName};
use crate::object::{Change, Comparison, Kind, ObjectId};
use crate::pair::Pair;
use crate::schema::Schema;

/// What differs for one object.
#[derive(Clone, Debug, PartialEq)]
pub enum Delta {
    /// Only the desired schema has it.
    Create(ObjectId),
    /// Only the live schema has it.
    Drop(ObjectId),
    /// Both have it, and these changes lead from the live to the desired one.
    Alter(ObjectId, Vec<Change>),
    /// Both have it, and it must be made anew for the reason given.
    Replace(ObjectId, String),
}

impl Delta {
    /// The object that differs.
    pub fn id(&self) -> &ObjectId {
        match self {
            Self::Create(id) | Self::Drop(id) | Self::Alter(id, _) | Self::Replace(id, _) => id,
        }
    }
}

/// Compares two schemas. Creates come first in reading order, then changes, then drops in the opposite order. What dies with
/// a dropped object is not listed on its own.
pub fn diff(pair: Pair<&Schema>) -> Vec<Delta> {
    let mut creates = Vec::new();
    let mut changes = Vec::new();
    let mut drops = Vec::new();
    for (id, desired) in pair.desired.iter() {
        match pair.live.get(id) {
            None => creates.push(Delta::Create(id.clone())),
            Some(live) => match live.compare(desired) {
                Comparison::Same => {}
                Comparison::Altered(list) => changes.push(Delta::Alter(id.clone(), list)),
                Comparison::Replaced(why) => changes.push(Delta::Replace(id.clone(), why)),
            },
        }
    }
    for (id, live) in pair.live.iter() {
        if pair.desired.contains(id) {
            continue;
        }
        let dies_with = live.parent().and_then(|parent| pair.live.relation_or(&parent));
        if dies_with.is_none_or(|parent| pair.desired.contains(&parent) || !pair.live.contains(&parent)) {
            drops.push(Delta::Drop(id.clone()));
        }
    }
    let position = if creates.is_empty() {
        BTreeMap::new()
    } else {
        columns_in_order(pair.desired)
    };
    creates.sort_by(|a, b| {
        let key = |delta: &Delta| {
            (
                rank(delta.id()),
                top(delta.id()),
                position.get(delta.id()).copied().unwrap_or(0),
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.id().cmp(b.id()))
    });
    changes.sort_by(|a, b| (rank(a.id()), a.id()).cmp(&(rank(b.id()), b.id())));
    drops.sort_by(|a, b| (rank(b.id()), b.id()).cmp(&(rank(a.id()), a.id())));
    creates.into_iter().chain(changes).chain(drops).collect()
}

fn rank(id: &ObjectId) -> Kind {
    id.kind
}

fn top(id: &ObjectId) -> ObjectId {
    ObjectId {
        part: None,
        ..id.clone()
    }
}

/// Tables whose columns stand in another order in the two schemas; columns that only one of them has do not count. PostgreSQL
/// cannot change the order of columns, so no plan does.
pub fn reordered(pair: Pair<&Schema>) -> Vec<QualifiedName> {
    let names = |schema: &Schema, table: &QualifiedName, other: &Schema| -> Vec<Ident> {
        let others: HashSet<&Ident> = other.all_columns(table).iter().map(|column| &column.name).collect();
        let columns = schema.all_columns(table).into_iter().map(|column| &column.name);
        columns.filter(|name| others.contains(name)).cloned().collect()
    };
    pair.desired
        .of_kind(Kind::Table)
        .map(|(id, _)| id.qualified())
        .filter(|table| names(pair.live, table, pair.desired) != names(pair.desired, table, pair.live))
        .collect()
}

/// The place of each column in its table, so that new columns are added in the order of the files.
fn columns_in_order(schema: &Schema) -> BTreeMap<ObjectId, usize> {
    let mut places = BTreeMap::new();
    for (id, _) in schema.of_kind(Kind::Table) {
        for (place, child) in schema
            .children(id)
            .filter(|child| child.kind == Kind::Column)
            .enumerate()
        {
            places.insert(child.clone(), place);
        }
    }
    places
}
