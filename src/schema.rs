//! `Schema`: all managed objects by id.
//!
//! Partitions and inheritance children hold only the columns and constraints that differ from their parent's; both doors
//! leave out what is merely inherited (see [`Schema::drop_inherited`]).

mod declared;
mod inherited;
mod labels;
mod namers;
mod session_roles;

pub use inherited::parents;
pub use session_roles::{SessionRoles, names_session_roles};

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::attach::names::Called;
use crate::expr::{rename_column, rename_relation, rename_type};
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::Index;
use crate::object::table::Table;
use crate::object::{Kind, NameRole, Object, ObjectId, Visitor};

/// All managed objects by id. Equality ignores the order of objects, and so of columns.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Shared between copies of a schema until one of them changes an object.
    objects: IndexMap<ObjectId, Arc<Object>>,
    /// Children by the id of their home; a home may be absent (a comment on a column of a view).
    children: HashMap<ObjectId, Ids, RandomState>,
    /// Tables that have parents, and some that may have: what cannot be missed by a change in place.
    heirs: Ids,
    /// Foreign keys and sequences by the table whose columns they name, and some that named it once.
    named_from: HashMap<QualifiedName, Ids, RandomState>,
    /// Ids by kind, of the kinds that do not live in tables.
    kinds: BTreeMap<Kind, Ids>,
    /// Set while changes are recorded.
    record: Option<Record>,
}

/// What some operations changed: each object touched, as it was before; `None` for objects that were not there.
pub type Record = IndexMap<ObjectId, Option<Arc<Object>>>;

/// Ids are looked up all the time, so by a fast hash; it is seeded anew in each process.
type IndexMap<K, V> = indexmap::IndexMap<K, V, RandomState>;
type Ids = IndexSet<ObjectId, RandomState>;

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.objects == other.objects
    }
}

/// Whether ids of this kind are kept apart: not those that every table has many of.
fn is_counted(kind: Kind) -> bool {
    !kind.is_satellite() && !matches!(kind, Kind::Column | Kind::Constraint | Kind::Index)
}

/// Tables, views, materialized views and composite types share one name space, and their parts do not say which of them they are on.
fn home(id: &ObjectId) -> ObjectId {
    match id.kind {
        Kind::View | Kind::MaterializedView | Kind::CompositeType => ObjectId {
            kind: Kind::Table,
            ..id.clone()
        },
        _ => id.clone(),
    }
}

impl Schema {
    /// An empty schema.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of objects.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The object with this id.
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id).map(Arc::as_ref)
    }

    /// The object with this id, for changes that keep its id. After one that gives a sequence another owner or a foreign key
    /// another table, call [`Schema::names_changed`].
    pub fn get_mut(&mut self, id: &ObjectId) -> Option<&mut Object> {
        self.note(id);
        if id.kind == Kind::Table {
            self.heirs.insert(id.clone());
        }
        self.objects.get_mut(id).map(Arc::make_mut)
    }

    /// Starts to record what changes.
    pub fn start_record(&mut self) {
        self.record = Some(Record::default());
    }

    /// Ends the record and returns it.
    pub fn end_record(&mut self) -> Record {
        self.record.take().unwrap_or_default()
    }

    /// Puts every object back as the record has it.
    pub fn revert(&mut self, record: Record) {
        for (id, before) in record.into_iter().rev() {
            match before {
                Some(object) => {
                    self.put_shared(object);
                }
                None => {
                    self.take_out(&id);
                }
            }
        }
    }

    fn note(&mut self, id: &ObjectId) {
        if let Some(record) = &mut self.record {
            if !record.contains_key(id) {
                record.insert(id.clone(), self.objects.get(id).cloned());
            }
        }
    }

    /// Removes one object and leaves what lives in it.
    fn take_out(&mut self, id: &ObjectId) -> Option<Arc<Object>> {
        self.note(id);
        let object = self.objects.swap_remove(id)?;
        self.heirs.shift_remove(id);
        if let Some(ids) = self.kinds.get_mut(&id.kind) {
            ids.shift_remove(id);
        }
        if let Some(siblings) = object.parent().and_then(|parent| self.children.get_mut(&home(&parent))) {
            siblings.shift_remove(id);
        }
        Some(object)
    }

    /// Whether there is an object with this id.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.objects.contains_key(id)
    }

    /// All ids and objects.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectId, &Object)> {
        self.objects.iter().map(|(id, object)| (id, object.as_ref()))
    }

    /// Changes all objects, each in a way that keeps its id.
    pub fn change_all(&mut self, mut change: impl FnMut(&mut Object)) {
        for (id, object) in &mut self.objects {
            let object = Arc::make_mut(object);
            change(object);
            if let Some(table) = namers::names_columns_of(object) {
                self.named_from.entry(table.clone()).or_default().insert(id.clone());
            }
            if let Object::Table(table) = object {
                if parents(table).next().is_some() {
                    self.heirs.insert(id.clone());
                } else {
                    self.heirs.shift_remove(id);
                }
            }
        }
    }

    /// All objects of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&ObjectId, &Object)> {
        let ids = is_counted(kind).then(|| self.kinds.get(&kind).into_iter().flatten());
        let known = ids
            .into_iter()
            .flatten()
            .filter_map(|id| self.objects.get_key_value(id));
        let all = (!is_counted(kind)).then(|| self.objects.iter().filter(move |(id, _)| id.kind == kind));
        known
            .chain(all.into_iter().flatten())
            .map(|(id, object)| (id, object.as_ref()))
    }

    /// Adds an object, or takes the place of the one with the same id; returns that one.
    pub fn put(&mut self, object: impl Into<Object>) -> Option<Arc<Object>> {
        self.put_shared(Arc::new(object.into()))
    }

    fn put_shared(&mut self, object: Arc<Object>) -> Option<Arc<Object>> {
        let id = object.id();
        self.note(&id);
        if let Some(parent) = object.parent() {
            if let (Kind::Column, Some(part)) = (parent.kind, &parent.part) {
                let table = ObjectId::named(Kind::Table, &parent.qualified());
                self.children
                    .entry(table)
                    .or_default()
                    .insert(ObjectId::part(Kind::Column, &parent.qualified(), part));
            }
            self.children.entry(home(&parent)).or_default().insert(id.clone());
        }
        if is_counted(id.kind) {
            self.kinds.entry(id.kind).or_default().insert(id.clone());
        }
        if matches!(object.as_ref(), Object::Table(table) if parents(table).next().is_some()) {
            self.heirs.insert(id.clone());
        }
        let before = self.objects.insert(id.clone(), object);
        self.names_changed(&id);
        before
    }

    /// Removes an object with all its children; returns what was removed, parents first.
    pub fn remove(&mut self, id: &ObjectId) -> Vec<Arc<Object>> {
        let mut removed = Vec::new();
        self.remove_into(id, &mut removed);
        removed
    }

    fn remove_into(&mut self, id: &ObjectId, removed: &mut Vec<Arc<Object>>) {
        removed.extend(self.take_out(id));
        for child in self.children.remove(&home(id)).unwrap_or_default() {
            self.remove_into(&child, removed);
        }
    }

    /// Ids of the objects that live in this one, in the order in which they were added (columns: their order).
    pub fn children(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.children
            .get(&home(id))
            .into_iter()
            .flatten()
            .filter(|child| self.objects.contains_key(*child))
    }

    /// The object and everything below it.
    pub fn descendants(&self, id: &ObjectId) -> Vec<ObjectId> {
        let mut found = vec![];
        let mut stack = vec![id.clone()];
        while let Some(next) = stack.pop() {
            if let Some(children) = self.children.get(&home(&next)) {
                stack.extend(children.iter().rev().cloned());
            }
            if self.objects.contains_key(&next) {
                found.push(next);
            }
        }
        found
    }

    /// The table of this name.
    pub fn table(&self, name: &QualifiedName) -> Option<&Table> {
        match self.get(&ObjectId::named(Kind::Table, name)) {
            Some(Object::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// The column of this table and name, as the table itself holds it.
    pub fn column(&self, table: &QualifiedName, name: &Ident) -> Option<&Column> {
        match self.get(&ObjectId::part(Kind::Column, table, name)) {
            Some(Object::Column(column)) => Some(column),
            _ => None,
        }
    }

    /// The columns that a table itself holds, in order.
    pub fn columns<'a>(&'a self, table: &QualifiedName) -> impl Iterator<Item = &'a Column> {
        self.parts(table).filter_map(|object| match object {
            Object::Column(column) => Some(column),
            _ => None,
        })
    }

    /// The constraints that a table itself holds.
    pub fn constraints<'a>(&'a self, table: &QualifiedName) -> impl Iterator<Item = &'a Constraint> {
        self.parts(table).filter_map(|object| match object {
            Object::Constraint(constraint) => Some(constraint),
            _ => None,
        })
    }

    /// The indexes on a table or materialized view that no constraint owns.
    pub fn indexes<'a>(&'a self, table: &QualifiedName) -> impl Iterator<Item = &'a Index> {
        self.parts(table).filter_map(|object| match object {
            Object::Index(index) => Some(index),
            _ => None,
        })
    }

    /// The primary key of a table.
    pub fn primary_key(&self, table: &QualifiedName) -> Option<&Constraint> {
        self.constraints(table)
            .find(|constraint| matches!(constraint.rule, ConstraintRule::PrimaryKey(_)))
    }

    /// Every object in a relation: columns, constraints, indexes, triggers, rules, policies, statistics.
    pub fn parts<'a>(&'a self, relation: &QualifiedName) -> impl Iterator<Item = &'a Object> {
        let id = ObjectId::named(Kind::Table, relation);
        self.children
            .get(&id)
            .into_iter()
            .flatten()
            .filter_map(|child| self.get(child))
    }

    /// The id of the relation (table, view, materialized view, sequence, index) with this name.
    pub fn relation(&self, name: &QualifiedName) -> Option<ObjectId> {
        [
            Kind::Table,
            Kind::View,
            Kind::MaterializedView,
            Kind::Sequence,
            Kind::Index,
        ]
        .into_iter()
        .map(|kind| ObjectId::named(kind, name))
        .find(|id| self.contains(id))
    }

    /// The names of relations that are no objects of their own: indexes of keys, sequences of identity columns.
    pub fn owned_relations(&self) -> impl Iterator<Item = QualifiedName> {
        self.iter().filter_map(|(id, object)| match object {
            Object::Constraint(constraint) => constraint.index_name(),
            Object::Column(column) => column.identity.as_ref().map(|identity| identity.sequence_of(id)),
            _ => None,
        })
    }

    /// The id itself, or for a table id the view or materialized view of that name where there is no such table. Parts of
    /// relations and their satellites name their home as a table.
    pub fn relation_or(&self, id: &ObjectId) -> Option<ObjectId> {
        if id.kind == Kind::Table && !self.contains(id) {
            self.relation(&id.qualified())
        } else {
            Some(id.clone())
        }
    }

    /// The id of the enum, composite, range or domain with this name.
    pub fn type_id(&self, name: &QualifiedName) -> Option<ObjectId> {
        [Kind::EnumType, Kind::CompositeType, Kind::RangeType, Kind::Domain]
            .into_iter()
            .map(|kind| ObjectId::named(kind, name))
            .find(|id| self.contains(id))
    }

    /// Gives an object another id of the same kind, and follows it in everything that names it; texts are rewritten for
    /// tables, views and columns. The column of a table has its new name in partitions and children too.
    pub fn rename(&mut self, from: &ObjectId, to: &ObjectId) {
        let all_heirs = match from.part {
            Some(_) => self.all_heirs(&from.qualified()),
            None => BTreeSet::new(),
        };
        let heirs = match from.kind {
            Kind::Column => all_heirs.clone(),
            _ => BTreeSet::new(),
        };
        let called = Called::before(self, from);
        let mut moved = vec![(from.clone(), to.clone(), self.remove(from))];
        for heir in &heirs {
            let [from, to] = [from, to].map(|id| ObjectId::part(Kind::Column, heir, id.own_name()));
            let own = self.remove(&from);
            moved.push((from, to, own));
        }
        let mut rename = Renamer {
            from,
            to,
            heirs: &heirs,
        };
        self.follow(&self.namers(from, &all_heirs), &mut rename);
        for (from, to, objects) in moved {
            for object in objects {
                let mut object = Arc::unwrap_or_clone(object);
                let id = object.id();
                object.visit(&mut rename);
                object.rename(&moved_id(&id, &from, &to));
                self.put(object);
            }
        }
        called.stay(self, from, to);
    }

    /// Gives a type that is no object of its own another name in everything that names it.
    pub(crate) fn type_renamed(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let [from, to] = [from, to].map(|name| ObjectId::named(Kind::RangeType, name));
        let heirs = BTreeSet::new();
        let mut rename = Renamer {
            from: &from,
            to: &to,
            heirs: &heirs,
        };
        self.follow(&self.namers(&from, &heirs), &mut rename);
    }

    /// Follows a rename in these objects.
    fn follow(&mut self, namers: &[ObjectId], rename: &mut Renamer<'_>) {
        let mut changed = Vec::new();
        for id in namers {
            let Some(object) = self.get(id) else { continue };
            let mut renamed = object.clone();
            renamed.visit(rename);
            if renamed != *object {
                changed.push((id, renamed));
            }
        }
        for (id, object) in changed {
            let new = object.id();
            // The arguments of a routine are a part of its id, and what is said of it goes along.
            let said = match new == *id {
                true => Vec::new(),
                false => self.remove(id),
            };
            self.put(object);
            for satellite in said {
                let mut satellite = Arc::unwrap_or_clone(satellite);
                let old = satellite.id();
                if old != *id {
                    satellite.rename(&moved_id(&old, id, &new));
                    self.put(satellite);
                }
            }
        }
    }

    /// A SHA-256 over all objects, independent of their order; hexadecimal.
    pub fn fingerprint(&self) -> String {
        Self::fingerprint_of(&self.digests())
    }

    /// The fingerprint of a schema with these digests.
    pub fn fingerprint_of(digests: &BTreeMap<String, String>) -> String {
        let mut hash = Sha256::new();
        for (id, digest) in digests {
            hash.update(id.as_bytes());
            hash.update(digest.as_bytes());
        }
        hex(&hash.finalize())
    }

    /// A short digest per top-level object (parts and satellites are counted into it), by the text form of its id.
    pub fn digests(&self) -> BTreeMap<String, String> {
        let mut texts: HashMap<ObjectId, Vec<Vec<u8>>> = HashMap::new();
        for (id, object) in &self.objects {
            let mut text = format!("{id}\n").into_bytes();
            // A model is always JSON.
            let _ = match object.as_ref() {
                // Whoever runs a subscription may enable it between two phases.
                Object::Subscription(subscription) => {
                    serde_json::to_writer(&mut text, &subscription.without_run_state())
                }
                Object::Constraint(constraint) if !constraint.parts.is_empty() => {
                    serde_json::to_writer(&mut text, &Object::from(constraint.without_part_names()))
                }
                object => serde_json::to_writer(&mut text, object),
            };
            text.push(b'\n');
            texts.entry(self.top_level(id)).or_default().push(text);
        }
        let mut named: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        for (id, texts) in texts {
            named.entry(id.to_string()).or_default().extend(texts);
        }
        named
            .into_iter()
            .map(|(id, mut texts)| {
                texts.sort_unstable();
                let digest = Sha256::digest(texts.concat());
                (id, hex(&digest[..8]))
            })
            .collect()
    }

    /// The object at the top of the chain of parents.
    pub fn top_level(&self, id: &ObjectId) -> ObjectId {
        let mut top = id.clone();
        for _ in 0..16 {
            let parent = match self.objects.get(&top) {
                Some(object) => object.parent(),
                None if top.part.is_some() => self.relation(&top.qualified()),
                None => None,
            };
            match parent {
                Some(parent) if parent.kind == Kind::Table => match self.relation(&parent.qualified()) {
                    Some(relation) if relation != top => top = relation,
                    _ => break,
                },
                Some(parent) => top = parent,
                None => break,
            }
        }
        top
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where an object goes when `from`, in which it lives or about which it speaks, becomes `to`.
fn moved_id(id: &ObjectId, from: &ObjectId, to: &ObjectId) -> ObjectId {
    if id == from {
        return to.clone();
    }
    let mut moved = id.clone();
    if let Some(on) = &id.on {
        moved.on = Some(std::sync::Arc::new(moved_id(on, from, to)));
    } else if from.part.is_none() && id.part.is_some() && id.qualified() == from.qualified() {
        moved.namespace.clone_from(&to.namespace);
        moved.name = to.name.clone();
    } else if id.kind == Kind::Index && from.kind != Kind::Index {
        // An index follows its table into another namespace.
        moved.namespace.clone_from(&to.namespace);
    }
    moved
}

struct Renamer<'a> {
    from: &'a ObjectId,
    to: &'a ObjectId,
    /// Of a column: the tables that have it from its table.
    heirs: &'a BTreeSet<QualifiedName>,
}

impl Renamer<'_> {
    /// Whether a column of this relation may be the one that is renamed.
    fn is_home(&self, relation: &QualifiedName) -> bool {
        self.from.kind == Kind::Column && (*relation == self.from.qualified() || self.heirs.contains(relation))
    }
}

impl Visitor for Renamer<'_> {
    fn name(&mut self, role: NameRole, name: &mut QualifiedName) {
        let fits = match role {
            NameRole::Relation => matches!(
                self.from.kind,
                Kind::Table | Kind::View | Kind::MaterializedView | Kind::Sequence
            ),
            NameRole::Index => self.from.kind == Kind::Index,
            NameRole::Routine => matches!(self.from.kind, Kind::Function | Kind::Procedure),
            NameRole::Of(kind) => self.from.kind == kind,
            NameRole::Collation => self.from.kind == Kind::Collation,
            NameRole::OperatorClass => self.from.kind == Kind::OperatorClass,
        };
        if fits && self.from.part.is_none() && *name == self.from.qualified() {
            *name = self.to.qualified();
        }
    }

    fn column(&mut self, relation: &QualifiedName, column: &mut Ident) {
        if self.is_home(relation) && column == self.from.own_name() {
            *column = self.to.own_name().clone();
        }
    }

    fn type_name(&mut self, type_name: &mut crate::types::TypeName) {
        if self.from.kind.is_type() && type_name.namespace == self.from.namespace && type_name.name == self.from.name {
            type_name.namespace.clone_from(&self.to.namespace);
            type_name.name = self.to.name.clone();
        }
    }

    fn expr(&mut self, _slot: &str, relation: Option<&QualifiedName>, expr: &mut crate::expr::Expr) {
        if relation.is_some_and(|relation| self.is_home(relation)) {
            expr.text = rename_column(&expr.text, self.from.own_name(), self.to.own_name());
        } else if self.from.kind.is_relation() {
            expr.text = rename_relation(&expr.text, &self.from.qualified(), &self.to.qualified(), false);
        } else if self.from.kind.is_type() {
            expr.text = rename_type(&expr.text, &expr.path, &self.from.qualified(), &self.to.qualified());
        }
    }

    fn query(&mut self, _slot: &str, query: &mut crate::expr::Query) {
        if self.from.kind.is_relation() {
            query.text = rename_relation(&query.text, &self.from.qualified(), &self.to.qualified(), false);
        } else if self.from.kind.is_type() {
            query.text = rename_type(&query.text, &query.path, &self.from.qualified(), &self.to.qualified());
        }
    }
}

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.objects.values().map(Arc::as_ref))
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut schema = Self::new();
        for object in Vec::<Object>::deserialize(deserializer)? {
            schema.put(object);
        }
        Ok(schema)
    }
}
