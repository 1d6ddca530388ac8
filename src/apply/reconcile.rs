//! What of a plan has run, told from the catalogs alone: for databases in which the phase files are run with plain `psql`.

use std::collections::{BTreeMap, HashMap, HashSet};

use tokio_postgres::{Client, Error};

use crate::diff::diff;
use crate::name::QualifiedName;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation, is_not_null_of_helper};
use crate::pair::Pair;
use crate::plan::{Plan, Step};
use crate::render::sweep::Sweep;
use crate::schema::Schema;
use crate::settle::unify_with;

/// What the catalogs show of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Seen {
    /// Its effect is there.
    Done,
    /// Its effect is not there, or only a part of it.
    Open,
    /// It leaves no trace in the catalogs, and its neighbours do not tell.
    Unknown,
}

/// Says of every step whether it has run. Steps run in order, so the answer is the longest beginning of the plan after which
/// the schema would look as it does. None: the schema fits no point of the plan.
pub async fn reconcile(client: &Client, plan: &Plan, live: &Schema) -> Result<Option<Vec<Seen>>, Error> {
    let evidence = Evidence::gather(client, plan, live).await?;
    let Some(count) = evidence.count() else {
        return Ok(None);
    };
    // Steps without a trace before the border: a backfill has run when nothing is left to fill, a check when a later step has.
    let leaves = |index: &usize| leaves_trace(&plan.steps[*index]);
    let traced = (0..count).rev().find(leaves).map_or(0, |index| index + 1);
    let mut seen: Vec<Seen> = (0..plan.steps.len())
        .map(|index| if index < traced { Seen::Done } else { Seen::Open })
        .collect();
    for (step, seen) in plan.steps.iter().zip(&mut seen).take(count).skip(traced) {
        *seen = match step.operations.first() {
            Some(first) if Sweep::of(first).is_some() => match is_filled(client, step).await? {
                true => Seen::Done,
                false => Seen::Open,
            },
            _ => Seen::Unknown,
        };
    }
    Ok(Some(seen))
}

fn leaves_trace(step: &Step) -> bool {
    step.operations.iter().any(|operation| operation.subject().is_some())
}

/// What steps leave of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Made by this operation of this step.
    Made(usize, usize),
    /// Changed by it.
    Changed(usize, usize),
    /// Another one has got its name.
    Named,
    /// It is there, and what a later step has renamed may have changed its words.
    There,
    /// It is not there any more.
    Gone,
}

/// What the catalogs have to say about a plan.
struct Evidence<'a> {
    plan: &'a Plan,
    live: &'a Schema,
    /// Of each step and operation: whether its effect is there, where the definition of an object tells.
    effects: Vec<Vec<Option<bool>>>,
    /// Objects of the plan that were there at its start.
    before: HashSet<ObjectId>,
    /// The digests of the live objects.
    digests: BTreeMap<String, String>,
}

impl<'a> Evidence<'a> {
    async fn gather(client: &Client, plan: &'a Plan, live: &'a Schema) -> Result<Self, Error> {
        let mut met = HashSet::new();
        let mut before = HashSet::new();
        for operation in plan.steps.iter().flat_map(|step| &step.operations) {
            let made = matches!(operation, Operation::Create { .. } | Operation::UseIndex { .. });
            // Of a renaming the first name was there.
            for (at, id) in ids(operation).into_iter().enumerate() {
                if met.insert(id.clone()) && !made && at == 0 {
                    before.insert(id);
                }
            }
        }
        let mut effects = Vec::new();
        for step in &plan.steps {
            let mut own = Vec::new();
            for operation in &step.operations {
                let tells = match operation {
                    Operation::Alter { .. } => true,
                    // What is made for the first time is told by its name.
                    Operation::Create { object, if_exists, .. } => {
                        *if_exists == IfExists::Replace || before.contains(&object.id())
                    }
                    _ => false,
                };
                own.push(match tells {
                    true => Some(is_there(client, plan, operation, live).await?),
                    false => None,
                });
            }
            effects.push(own);
        }
        Ok(Self {
            plan,
            live,
            effects,
            before,
            digests: live.digests(),
        })
    }

    /// How many steps have run, at most.
    fn count(&self) -> Option<usize> {
        let steps = &self.plan.steps;
        let first = steps.iter().position(leaves_trace).unwrap_or(steps.len());
        // Where a column takes the name of its predecessor, the end has the names of the start.
        let mut touched = steps.iter().flat_map(|step| &step.operations).flat_map(ids).peekable();
        if touched.peek().is_some() && touched.all(|id| !self.differs(&id)) {
            return Some(first);
        }
        // Something has been changed, so nothing less than the first step that changes anything has run.
        (first + 1..=steps.len()).rev().find(|&count| self.fits(count))
    }

    /// Whether the schema may look as it does after so many steps.
    fn fits(&self, count: usize) -> bool {
        let marks = self.marks(count);
        marks.iter().all(|(id, mark)| self.shows(id, *mark)) && self.is_still_to_come(count, &marks)
    }

    /// Whether an object is as a mark says.
    fn shows(&self, id: &ObjectId, mark: Mark) -> bool {
        match mark {
            Mark::Made(step, at) => self.live.contains(id) && self.effects[step][at] != Some(false),
            Mark::Changed(step, at) => self.effects[step][at] != Some(false),
            Mark::Named => self.live.contains(id) && (!self.before.contains(id) || self.differs(id)),
            Mark::There => self.live.contains(id),
            Mark::Gone => !self.live.contains(id),
        }
    }

    /// What so many steps leave, as far as their operations tell.
    fn marks(&self, count: usize) -> HashMap<ObjectId, Mark> {
        let mut marks = HashMap::new();
        for (step, at, operation) in self.operations().filter(|(step, ..)| *step < count) {
            match operation {
                Operation::Create { object, .. } => {
                    marks.insert(object.id(), Mark::Made(step, at));
                }
                Operation::UseIndex { constraint, index } => {
                    let name = QualifiedName {
                        namespace: constraint.table.namespace.clone(),
                        name: index.clone(),
                    };
                    marks.remove(&ObjectId::named(Kind::Index, &name));
                    marks.insert(Object::from(constraint.clone()).id(), Mark::Made(step, at));
                }
                Operation::Alter { id, .. } => {
                    marks.insert(id.clone(), Mark::Changed(step, at));
                }
                Operation::Drop { id, .. } => {
                    self.forget_what_goes_with(id, &mut marks);
                    marks.insert(id.clone(), Mark::Gone);
                }
                // What PostgreSQL named by itself is not in the model.
                Operation::Rename { from, to } if [from, to].into_iter().any(is_not_null_of_helper) => {}
                Operation::Rename { from, to } => {
                    self.forget_what_goes_with(from, &mut marks);
                    // A sequence says the new name of its column, a policy too.
                    for mark in marks.values_mut() {
                        if matches!(mark, Mark::Made(..) | Mark::Changed(..)) {
                            *mark = Mark::There;
                        }
                    }
                    marks.insert(from.clone(), Mark::Gone);
                    marks.insert(to.clone(), Mark::Named);
                }
                _ => {}
            }
        }
        marks
    }

    /// Parts go with their relation, and constraints and indexes with a column, without an operation of their own.
    fn forget_what_goes_with(&self, gone: &ObjectId, marks: &mut HashMap<ObjectId, Mark>) {
        let relation = gone.qualified();
        marks.retain(|id, mark| {
            let home = match *mark {
                Mark::Made(step, at) => match &self.plan.steps[step].operations[at] {
                    Operation::Create { object, .. } => object.parent().map(|parent| parent.qualified()),
                    _ => None,
                },
                _ => None,
            };
            let is_part = id.subject().part.is_some() && id.subject().qualified() == relation;
            match gone.kind {
                Kind::Column => {
                    let leans = matches!(id.kind, Kind::Constraint | Kind::Index | Kind::Statistics);
                    id.subject() == gone || !leans || !(is_part || home.as_ref() == Some(&relation))
                }
                _ => !(gone.part.is_none() && (is_part || home.as_ref() == Some(&relation))),
            }
        });
    }

    /// Whether nothing of ours is there yet that later steps make, where no earlier one has touched its relation.
    fn is_still_to_come(&self, count: usize, marks: &HashMap<ObjectId, Mark>) -> bool {
        let touched: HashSet<QualifiedName> = marks
            .iter()
            .filter(|(id, mark)| id.part.is_none() || matches!(mark, Mark::Gone | Mark::Named))
            .map(|(id, _)| id.qualified())
            .collect();
        let mut met: HashSet<ObjectId> = marks.keys().cloned().collect();
        let mut later = self.operations().filter(|(step, ..)| *step >= count);
        later.all(|(_, _, operation)| {
            let first = operation.subject().filter(|id| met.insert(id.clone()));
            let Some(id) = first.filter(|id| !touched.contains(&id.subject().qualified())) else {
                return true;
            };
            // A key may have been there under the name that another one gets.
            let made = matches!(operation, Operation::Create { .. } | Operation::UseIndex { .. });
            !(made && id.own_name().is_helper() && self.live.contains(&id))
        })
    }

    fn operations(&self) -> impl Iterator<Item = (usize, usize, &'a Operation)> {
        let steps = self.plan.steps.iter().enumerate();
        steps.flat_map(|(step, own)| own.operations.iter().enumerate().map(move |(at, one)| (step, at, one)))
    }

    /// Whether an object is not as at the start, or another one of the same relation is not.
    fn differs(&self, id: &ObjectId) -> bool {
        let top = self.live.top_level(id).to_string();
        self.plan.baseline.objects.get(&top) != self.digests.get(&top)
    }
}

/// The objects that an operation names, the one that it changes first.
fn ids(operation: &Operation) -> Vec<ObjectId> {
    let renamed = match operation {
        Operation::Rename { to, .. } => Some(to.clone()),
        _ => None,
    };
    operation.subject().into_iter().chain(renamed).collect()
}

/// Whether the definition of an object is as an operation leaves it.
async fn is_there(client: &Client, plan: &Plan, operation: &Operation, live: &Schema) -> Result<bool, Error> {
    let Some(id) = operation.subject().filter(|id| live.contains(id)) else {
        return Ok(false);
    };
    let mut after = live.clone();
    if let Operation::Create { object, .. } = operation {
        after.put(object.clone());
    } else if operation.apply(&mut after).is_err() {
        return Ok(false);
    }
    // The plan speaks in the words of the files, the live schema in those of the server.
    let unified = unify_with(client, live, after, plan.server_version).await?;
    Ok(diff(Pair::new(live, &unified.desired))
        .iter()
        .all(|delta| *delta.id() != id))
}

/// Whether no row is left that a backfill would write.
async fn is_filled(client: &Client, step: &Step) -> Result<bool, Error> {
    for operation in &step.operations {
        if let Some(sweep) = Sweep::of(operation) {
            if !client.query_one(&sweep.is_done(), &[]).await?.try_get::<_, bool>(0)? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
