//! What is near a plan that has begun: what its steps work on, what they refer to, and what refers to that.
//!
//! Whatever else changes in the database changes nothing for the plan, so that it neither waits for it nor stops at it. Where
//! that is not certain, an object is near.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::progress::{Event, Progress};
use super::staleness::Difference;
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::Step;
use crate::plan::fold;
use crate::refs::References;
use crate::schema::{Schema, parents};

/// What a plan reaches, among the objects that a database had when it began and those that it has now.
pub(super) struct Near {
    /// All of them, the live form first.
    all: Schema,
    /// Those on top that the plan reaches.
    tops: HashSet<ObjectId>,
    /// The names that its steps give to what they make, with their namespaces.
    names: HashSet<(Option<Ident>, Ident)>,
}

impl Near {
    /// `start` is the schema when the plan began. None where that leaves open what its steps reach: then everything may be near.
    pub(super) fn of(steps: &[Step], start: &Schema, live: &Schema) -> Option<Self> {
        let mut all = live.clone();
        add_missing(&mut all, start);
        let mut folded = start.clone();
        let mut made: Vec<Object> = Vec::new();
        for step in steps {
            fold::apply(&mut folded, &step.operations, &step.id).ok()?;
            let subjects = step.operations.iter().filter_map(subject_after);
            made.extend(subjects.filter_map(|id| folded.get(&id).cloned()));
            made.extend(step.operations.iter().filter_map(created).cloned());
        }
        for object in &made {
            if !all.contains(&object.id()) {
                all.put(object.clone());
            }
        }
        // A step that names nothing may reach anything.
        if steps
            .iter()
            .any(|step| worked_on(std::slice::from_ref(step), &all).0.is_empty())
        {
            return None;
        }
        let (worked_on, names) = worked_on(steps, &all);
        let references = References::new(&all);
        let forms = [live, start];
        // What it refers to: by what it makes and changes, and as heirs do to their parents.
        let mut near: HashSet<ObjectId> = worked_on.clone();
        let tops_of = |ids: BTreeSet<ObjectId>| ids.into_iter().map(|id| all.top_level(&id));
        near.extend(made.iter().flat_map(|object| tops_of(references.of(object))));
        for schema in forms {
            for table in worked_on.iter().filter_map(|id| schema.table(&id.qualified())) {
                near.extend(parents(table).map(|parent| ObjectId::named(Kind::Table, parent)));
            }
        }
        // What refers to it, directly or not, then or now.
        let mut users: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for (id, object) in forms.into_iter().flat_map(Schema::iter) {
            for used in references.of(object) {
                users.entry(used).or_default().push(id.clone());
            }
        }
        let mut seen: HashSet<ObjectId> = HashSet::new();
        let mut open: Vec<ObjectId> = worked_on.iter().flat_map(|id| all.descendants(id)).collect();
        while let Some(next) = open.pop() {
            if seen.insert(next.clone()) {
                open.extend(users.get(&next).into_iter().flatten().cloned());
                open.extend(all.children(&next).cloned());
                near.insert(all.top_level(&next));
            }
        }
        let namespaces: Vec<ObjectId> = near.iter().filter_map(namespace_of).collect();
        near.extend(namespaces);
        Some(Self { all, tops: near, names })
    }

    /// The differences that the plan reaches; the others are told. `parts` says what it is in an object that differs.
    pub(super) fn sift(
        &self,
        differences: Vec<Difference>,
        parts: &[Difference],
        progress: &dyn Progress,
    ) -> Vec<Difference> {
        let tops: HashMap<String, ObjectId> = self
            .all
            .iter()
            .map(|(id, _)| (id.to_string(), self.all.top_level(id)))
            .collect();
        let top = |difference: &Difference| tops.get(difference.object.as_ref()?);
        let mut told: HashSet<&ObjectId> = HashSet::new();
        let mut near = Vec::new();
        for difference in differences {
            match top(&difference) {
                Some(far) if !self.holds(far) => {
                    if told.insert(far) {
                        let what = format!("{far} has changed since, and the plan does not reach it");
                        progress.event(Event::Notice(what));
                    }
                }
                top_of_it => {
                    let inside = parts
                        .iter()
                        .filter(|part| top_of_it.is_some() && top(part) == top_of_it);
                    let inside: Vec<Difference> = inside.cloned().collect();
                    if inside.is_empty() {
                        near.push(difference);
                    } else {
                        near.extend(inside);
                    }
                }
            }
        }
        near.dedup();
        near
    }

    /// Whether the plan reaches an object that is on top, or that cannot be told.
    fn holds(&self, top: &ObjectId) -> bool {
        let known = top.kind.is_relation() || top.kind.is_type() || top.kind == Kind::Namespace || is_routine(top.kind);
        let inside = self.all.descendants(top);
        let mut names = inside.iter().filter_map(given_name);
        !known || self.tops.contains(top) || names.any(|name| self.names.contains(&name))
    }
}

fn add_missing(all: &mut Schema, from: &Schema) {
    for (id, object) in from.iter() {
        if !all.contains(id) {
            all.put(object.clone());
        }
    }
}

fn is_routine(kind: Kind) -> bool {
    matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate)
}

/// The name that an object takes from all others of its namespace; a constraint may have an index of its name.
fn given_name(id: &ObjectId) -> Option<(Option<Ident>, Ident)> {
    let takes = id.kind.is_relation() || id.kind.is_type() || id.kind == Kind::Constraint;
    takes.then(|| (id.namespace.clone(), id.own_name().clone()))
}

fn namespace_of(id: &ObjectId) -> Option<ObjectId> {
    let namespace = id.namespace.as_ref()?;
    Some(ObjectId::global(Kind::Namespace, namespace))
}

fn created(operation: &Operation) -> Option<&Object> {
    match operation {
        Operation::Create { object, .. } => Some(object),
        _ => None,
    }
}

/// The subject, under the name that it has behind the operation.
fn subject_after(operation: &Operation) -> Option<ObjectId> {
    match operation {
        Operation::Rename { to, .. } => Some(to.clone()),
        _ => operation.subject(),
    }
}

/// What the steps work on, as the objects on top, and the names that they give. Namespaces count only where they are the subject: everything
/// is in one.
fn worked_on(steps: &[Step], all: &Schema) -> (HashSet<ObjectId>, HashSet<(Option<Ident>, Ident)>) {
    let mut ids: Vec<ObjectId> = Vec::new();
    let mut names = HashSet::new();
    let mut relations: Vec<QualifiedName> = Vec::new();
    for step in steps {
        let facts = &step.facts;
        relations.extend(facts.locks.iter().map(|lock| lock.relation.clone()));
        relations.extend(facts.rewrites.iter().chain(&facts.scans).chain(&facts.builds).cloned());
        for operation in &step.operations {
            ids.extend(operation.subject());
            ids.extend(operation.home().filter(|home| home.kind != Kind::Namespace));
            match operation {
                Operation::Create { object, .. } => {
                    names.extend(given_name(&object.id()));
                }
                Operation::Rename { to, .. } => {
                    names.extend(given_name(to));
                    ids.push(to.clone());
                }
                Operation::Extend { index, .. } => relations.push(index.table.clone()),
                Operation::Backfill { table, .. } | Operation::Check { table, .. } => relations.push(table.clone()),
                Operation::CopyRows { from, to, .. } => relations.extend([from.clone(), to.clone()]),
                Operation::Count { from, to } => ids.extend([from.clone(), to.clone()]),
                Operation::StartAfter { sequence, column, .. } => ids.extend([sequence.clone(), column.clone()]),
                Operation::Lock { tables, .. } => relations.extend(tables.iter().cloned()),
                Operation::UseIndex { constraint, index } => {
                    names.insert((constraint.table.namespace.clone(), constraint.name.clone()));
                    names.insert((constraint.table.namespace.clone(), index.clone()));
                }
                Operation::Drop { .. } | Operation::Alter { .. } => {}
            }
        }
    }
    ids.extend(relations.iter().filter_map(|name| all.relation(name)));
    let mut tops: HashSet<ObjectId> = ids.iter().map(|id| all.top_level(id.subject())).collect();
    let owned = all.of_kind(Kind::Sequence).filter_map(|(id, object)| match object {
        Object::Sequence(sequence) => Some((id, ObjectId::named(Kind::Table, &sequence.owned_by.as_ref()?.table))),
        _ => None,
    });
    let pairs: Vec<_> = owned
        .filter(|(id, table)| tops.contains(*id) || tops.contains(table))
        .collect();
    tops.extend(pairs.into_iter().flat_map(|(id, table)| [id.clone(), table]));
    (tops, names)
}
