//! Kept objects: live ones that others make, so that the files do not rule them: what a project ignores, and partitions made
//! while the application runs.
//!
//! A plan that does not reach them does not know them, and stays valid whatever becomes of them. One that reaches them (it
//! changes what a kept view reads, or the parent of a kept partition) takes them as they are: into the live schema, so that what
//! it locks and builds is counted, and into the desired schema, so that none is dropped.

use std::collections::HashSet;

use crate::expr::{Expr, Query, mentions};
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::sequence::Sequence;
use crate::object::{Kind, Object, ObjectId, Visitor};
use crate::refs::References;
use crate::schema::{Schema, parents};

/// What others make, taken out of a schema.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The objects that are kept for their own sake.
    pub roots: Vec<ObjectId>,
    /// They with everything that lives in them or belongs to them, homes first.
    pub objects: Vec<Object>,
}

/// Something kept needs what the files do not have.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kept} is left as it is, but needs {needed}, which the files do not have")]
pub struct Needed {
    /// What is kept.
    pub kept: ObjectId,
    /// What it needs.
    pub needed: ObjectId,
}

/// Takes the kept objects out of a live schema.
pub fn take_out(schema: &mut Schema, is_kept: impl Fn(&Schema, &ObjectId) -> bool) -> Kept {
    let mut found: Vec<ObjectId> = schema
        .iter()
        .map(|(id, _)| id)
        .filter(|id| is_kept(schema, id))
        .cloned()
        .collect();
    // What lives in something kept goes with it.
    found.sort_by_key(|id| id.part.is_some() || id.on.is_some());
    let tables: HashSet<&ObjectId> = found.iter().filter(|id| id.kind == Kind::Table).collect();
    // The sequence of a serial column belongs to its table under whatever name.
    let owned: Vec<ObjectId> = schema
        .of_kind(Kind::Sequence)
        .filter(|(_, object)| {
            matches!(object, Object::Sequence(Sequence { owned_by: Some(owner), .. })
                if tables.contains(&ObjectId::named(Kind::Table, &owner.table)))
        })
        .map(|(id, _)| id.clone())
        .collect();
    let mut kept = Kept::default();
    for id in found.iter().chain(&owned) {
        let removed = schema.remove(id);
        if !removed.is_empty() {
            kept.roots.push(id.clone());
        }
        kept.objects
            .extend(removed.iter().map(|object| object.as_ref().clone()));
    }
    kept
}

impl Kept {
    /// That of some roots only.
    pub fn of(&self, is_wanted: impl Fn(&ObjectId) -> bool) -> Self {
        let mut all = Schema::new();
        self.put_into(&mut all);
        let roots: Vec<ObjectId> = self.roots.iter().filter(|root| is_wanted(root)).cloned().collect();
        let objects = roots.iter().flat_map(|root| all.remove(root));
        let objects = objects.map(|object| object.as_ref().clone()).collect();
        Self { roots, objects }
    }

    /// Adds more.
    pub fn extend(&mut self, other: Self) {
        self.roots.extend(other.roots);
        self.objects.extend(other.objects);
    }

    /// Puts all of it back.
    pub fn put_into(&self, schema: &mut Schema) {
        for object in &self.objects {
            schema.put(object.clone());
        }
    }
}

/// A table that is a partition or child, directly or not, of one that fits.
pub fn descends(schema: &Schema, table: &QualifiedName, fits: &impl Fn(&QualifiedName) -> bool) -> bool {
    let mut open = vec![table.clone()];
    let mut seen = HashSet::new();
    while let Some(next) = open.pop() {
        let Some(found) = schema.table(&next) else { continue };
        for parent in parents(found) {
            if fits(parent) {
                return true;
            }
            if seen.insert(parent.clone()) {
                open.push(parent.clone());
            }
        }
    }
    false
}

/// Which kept objects are reached by changes to these objects. `schema` is the live one, with them in it.
pub fn reached(schema: &Schema, roots: &[ObjectId], changed: impl IntoIterator<Item = ObjectId>) -> Vec<ObjectId> {
    let mut touched: HashSet<ObjectId> = HashSet::new();
    for id in changed {
        touch(schema, &id, &mut touched);
    }
    let references = References::new(schema);
    let mut open: Vec<(&ObjectId, HashSet<ObjectId>)> = roots
        .iter()
        .map(|root| {
            let inside = schema.descendants(root);
            let needs = inside.iter().filter_map(|id| schema.get(id));
            (root, needs.flat_map(|object| references.of(object)).collect())
        })
        .collect();
    let mut found = Vec::new();
    loop {
        let before = found.len();
        open.retain(|(root, needs)| {
            let untouched = touched.is_disjoint(needs) && !touched.contains(*root);
            if !untouched {
                found.push((*root).clone());
                touched.extend(schema.descendants(root));
                touch(schema, root, &mut touched);
            }
            untouched
        });
        if found.len() == before {
            return found;
        }
    }
}

/// A change reaches the relation it is in, and what has it as a parent. Everything is in a namespace, so those do not count.
fn touch(schema: &Schema, id: &ObjectId, touched: &mut HashSet<ObjectId>) {
    let mut open = vec![id.clone()];
    while let Some(id) = open.pop() {
        let subject = id.subject();
        if subject.kind == Kind::Namespace || touched.contains(&id) {
            continue;
        }
        let home = match schema.get(subject).and_then(Object::parent) {
            Some(parent) => Some(parent),
            None => subject
                .part
                .as_ref()
                .and_then(|_| schema.relation(&subject.qualified())),
        };
        open.extend(home);
        if subject.kind == Kind::Table {
            let table = subject.qualified();
            open.extend(
                schema
                    .heirs(&table)
                    .map(|heir| ObjectId::named(Kind::Table, &heir.name)),
            );
        }
        touched.insert(subject.clone());
        touched.insert(id);
    }
}

/// Takes kept objects, as the live schema has them, into the desired one. What has no home any more goes with it, and partitions
/// follow their parent.
pub fn keep(live: &Schema, desired: &mut Schema, roots: &[ObjectId]) -> Result<(), Needed> {
    let mut kept: Vec<ObjectId> = Vec::new();
    for id in roots.iter().flat_map(|root| live.descendants(root)) {
        let Some(object) = live.get(&id) else { continue };
        let homeless = object
            .parent()
            .and_then(|home| live.relation_or(&home))
            .is_some_and(|home| live.contains(&home) && !desired.contains(&home));
        let object = match object {
            // What is attached follows the index of the parent.
            Object::Index(index) if index.attached_to.is_some() => continue,
            Object::Constraint(constraint) if constraint.attached_to.is_some() => continue,
            Object::Column(column) => match inherited(live, desired, column) {
                Some(column) => column.into(),
                None => continue,
            },
            other => other.clone(),
        };
        if !homeless {
            desired.put(object);
            kept.push(id);
        }
    }
    let references = References::new(live);
    for id in kept {
        let Some(object) = live.get(&id) else { continue };
        let mut words = Words::default();
        object.clone().visit(&mut words);
        for needed in references.of(object) {
            if needed.kind != Kind::Column && live.contains(&needed) && !desired.contains(&needed) {
                return Err(Needed { kept: id, needed });
            }
            let names = |schema: &Schema| -> HashSet<Ident> {
                let columns = schema.all_columns(&needed.qualified());
                columns.into_iter().map(|column| column.name.clone()).collect()
            };
            if needed.kind == Kind::Table {
                let before = names(live);
                let after = names(desired);
                if let Some(column) = before.difference(&after).find(|column| words.0.contains(column)) {
                    let needed = ObjectId::part(Kind::Column, &needed.qualified(), column);
                    return Err(Needed { kept: id, needed });
                }
            }
        }
    }
    Ok(())
}

/// Every word by which an object may mean a column.
#[derive(Default)]
struct Words(HashSet<Ident>);

impl Visitor for Words {
    fn column(&mut self, _relation: &QualifiedName, column: &mut Ident) {
        self.0.insert(column.clone());
    }

    fn expr(&mut self, _slot: &str, _relation: Option<&QualifiedName>, expr: &mut Expr) {
        self.0.extend(mentions(&expr.text).identifiers);
    }

    fn query(&mut self, _slot: &str, query: &mut Query) {
        self.0.extend(mentions(&query.text).identifiers);
    }
}

/// A column of a kept table as it will be: one that its parent has too goes and changes with the parent's.
fn inherited(live: &Schema, desired: &Schema, column: &Column) -> Option<Column> {
    let of_parents = |schema: &Schema| {
        let parents: Vec<QualifiedName> = live
            .table(&column.table)
            .into_iter()
            .flat_map(|table| parents(table).cloned())
            .collect();
        parents
            .iter()
            .flat_map(|parent| schema.all_columns(parent))
            .find(|found| found.name == column.name)
            .cloned()
    };
    match (of_parents(live), of_parents(desired)) {
        (None, _) => Some(column.clone()),
        (Some(_), None) => None,
        (Some(_), Some(parent)) => Some(Column {
            type_name: parent.type_name,
            collation: parent.collation,
            not_null: column.not_null || parent.not_null,
            ..column.clone()
        }),
    }
}

/// Whether a pattern, in which `*` stands for any text, fits a text.
pub fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(head) else {
        return false;
    };
    if tail.is_empty() {
        return true;
    }
    (0..=rest.len())
        .filter(|at| rest.is_char_boundary(*at))
        .any(|at| glob(tail, &rest[at..]))
}
