//! What of a plan has run, told from the catalogs alone: for databases in which the phase files are run with plain `psql`.

use std::collections::HashSet;
use std::sync::Arc;

use tokio_postgres::{Client, Error};

use crate::diff::{Delta, diff};
use crate::object::{Comparison, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::{Class, Plan, Step, fold};
use crate::render::sweep::Sweep;
use crate::schema::{Record, Schema, parents};
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

/// Says of every step whether it has run. Steps run in order, so the answer is the first point of the plan at which everything that the
/// plan changes would be as it is, as a step that runs again is better than one that never does; steps behind it that would
/// change no more than words have run too. None: the schema fits no point of the plan.
pub async fn reconcile(client: &Client, plan: &Plan, live: &Schema) -> Result<Option<Vec<Seen>>, Error> {
    let Some(course) = Course::of(plan) else {
        return Ok(None);
    };
    let Some(done) = course.place(client, plan, live).await? else {
        return Ok(None);
    };
    let mut seen = vec![Seen::Open; plan.steps.len()];
    seen[..done].fill(Seen::Done);
    // Steps without a trace from there on: a backfill has run when nothing is left to fill.
    for (index, step) in plan.steps.iter().enumerate().skip(done) {
        if course.leaves_trace(index) {
            break;
        }
        seen[index] = match step.operations.iter().any(|operation| Sweep::of(operation).is_some()) {
            true if is_filled(client, step).await? => Seen::Done,
            true => Seen::Open,
            false => Seen::Unknown,
        };
    }
    Ok(Some(seen))
}

/// How a plan changes the schema, step by step.
struct Course {
    /// What it changes, as it is before the first step.
    start: Record,
    /// What each step changes, as it is afterwards.
    steps: Vec<Record>,
}

impl Course {
    /// None where the plan does not hold what it starts from, as those of the first format.
    fn of(plan: &Plan) -> Option<Self> {
        let mut schema = plan.background.before();
        let mut start = Record::default();
        let mut steps = Vec::new();
        for step in &plan.steps {
            schema.start_record();
            fold::apply(&mut schema, &step.operations, &step.id).ok()?;
            let mut after = Record::default();
            for (id, before) in schema.end_record() {
                let now = schema.get(&id).cloned().map(Arc::new);
                if now != before {
                    after.insert(id.clone(), now);
                }
                start.entry(id).or_insert(before);
            }
            steps.push(after);
        }
        // What PostgreSQL leaves behind a detachment, under a name that it chooses, says nothing.
        let left: HashSet<&ObjectId> = plan
            .steps
            .iter()
            .flat_map(|step| &step.operations)
            .filter_map(left_behind)
            .collect();
        for step in &mut steps {
            step.retain(|id, _| !left.contains(id));
        }
        start.retain(|id, _| steps.iter().any(|step| step.contains_key(id)));
        Some(Self { start, steps })
    }

    fn leaves_trace(&self, step: usize) -> bool {
        !self.steps[step].is_empty()
    }

    /// How many steps have run.
    async fn place(&self, client: &Client, plan: &Plan, live: &Schema) -> Result<Option<usize>, Error> {
        for either in [false, true] {
            let mut state = self.start.clone();
            let mut found = None;
            for count in 0..=self.steps.len() {
                if let Some(last) = count.checked_sub(1) {
                    if !self.leaves_trace(last) {
                        continue;
                    }
                    state.extend(self.steps[last].clone());
                }
                let mut state = state.clone();
                if either {
                    let Some(step) = plan.steps.get(count).filter(|step| step.class == Class::Concurrent) else {
                        continue;
                    };
                    // What was cut off outside a transaction may look either way.
                    for id in step.operations.iter().filter_map(Operation::subject) {
                        state.shift_remove(&id);
                    }
                }
                match shows(client, plan, live, state).await? {
                    // The next step may change no more than words.
                    true => found = Some(count),
                    false if found.is_some() => break,
                    false => {}
                }
            }
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

/// What an operation takes away where it is there.
fn left_behind(operation: &Operation) -> Option<&ObjectId> {
    match operation {
        Operation::Drop {
            id, if_exists: true, ..
        } => Some(id),
        _ => None,
    }
}

/// Whether objects are as they are in a state.
async fn shows(client: &Client, plan: &Plan, live: &Schema, state: Record) -> Result<bool, Error> {
    let there = |(id, object): (&ObjectId, &Option<Arc<Object>>)| match (object.as_deref(), live.get(id)) {
        // What waits for partitions may be complete as the plan sees it, and not the other way round.
        (Some(Object::Constraint(want)), Some(Object::Constraint(have))) => {
            want.missing.iter().all(|partition| have.missing.contains(partition))
        }
        (Some(Object::Index(want)), Some(Object::Index(have))) => have.invalid || !want.invalid,
        // What a partition or child has of its parent may or may not be an object of its own.
        (want, have) => {
            want.is_some() == have.is_some() || want.or(have).is_some_and(|object| is_of_heir(live, object))
        }
    };
    if !state.iter().all(there) {
        return Ok(false);
    }
    // A key that is to be attached is no part of what the files say of the partition, and would be taken out of it.
    let as_stated: HashSet<ObjectId> = state
        .iter()
        .filter(|(id, want)| {
            let both = live.get(id).zip(want.as_deref());
            both.is_some_and(|(have, want)| matches!(have.compare(want), Comparison::Same))
        })
        .map(|(id, _)| id.clone())
        .collect();
    let mut expected = live.clone();
    expected.revert(state);
    // As far as both speak alike nobody needs to be asked.
    if diff(Pair::new(live, &expected)).is_empty() {
        return Ok(true);
    }
    // The plan speaks in the words of the files, the live schema in those of the server.
    let unified = unify_with(client, live, expected, plan.server_version).await?;
    let differences = diff(Pair::new(live, &unified.desired));
    Ok(differences
        .iter()
        .all(|delta| matches!(delta, Delta::Drop(id) if as_stated.contains(id))))
}

/// Whether it is a part of a partition or child that its parent may give it: a key or index only where it is attached to the parent's.
fn is_of_heir(live: &Schema, object: &Object) -> bool {
    let given = match object {
        Object::Constraint(constraint) => !constraint.has_index() || constraint.attached_to.is_some(),
        Object::Index(index) => index.attached_to.is_some(),
        _ => true,
    };
    let table = object.parent().and_then(|parent| live.table(&parent.qualified()));
    given && table.is_some_and(|table| parents(table).next().is_some())
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
