//! What of a plan has run, told from the catalogs alone: for databases in which the phase files are run with plain `psql`.

use std::collections::HashMap;

use tokio_postgres::{Client, Error};

use crate::diff::diff;
use crate::object::ObjectId;
use crate::operation::Operation;
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
/// the schema would look as it does: the last step that worked on an object has left its effect, and the first one that
/// is still to come has not. None: the schema fits no point of the plan.
pub async fn reconcile(client: &Client, plan: &Plan, live: &Schema) -> Result<Option<Vec<Seen>>, Error> {
    let mut effects = Vec::new();
    for step in &plan.steps {
        effects.push(effect(client, plan, step, live).await?);
    }
    let Some(count) = (0..=plan.steps.len()).rev().find(|&count| fits(plan, &effects, count)) else {
        return Ok(None);
    };
    // Steps without a trace before the border: a backfill has run when nothing is left to fill, a check when a later step has.
    let traced = (0..count)
        .rev()
        .find(|&index| effects[index].is_some())
        .map_or(0, |index| index + 1);
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

/// Whether the effect of a step is in the schema; none for steps without one.
async fn effect(client: &Client, plan: &Plan, step: &Step, live: &Schema) -> Result<Option<bool>, Error> {
    let mut traced = false;
    for operation in &step.operations {
        let there = match operation {
            Operation::Create { object, .. } => live.contains(&object.id()),
            Operation::Drop { id, .. } => !live.contains(id),
            Operation::Rename { from, to } => live.contains(to) && !live.contains(from),
            Operation::UseIndex { .. } => operation.subject().is_some_and(|id| live.contains(&id)),
            Operation::Alter { .. } => {
                let mut after = live.clone();
                if operation.apply(&mut after).is_err() {
                    false
                } else {
                    // The plan speaks in the words of the files, the live schema in those of the server.
                    let unified = unify_with(client, live, after, plan.server_version).await?;
                    diff(Pair::new(live, &unified.desired)).is_empty()
                }
            }
            _ => continue,
        };
        traced = true;
        if !there {
            return Ok(Some(false));
        }
    }
    Ok(traced.then_some(true))
}

/// Whether the schema may look as it does after so many steps.
fn fits(plan: &Plan, effects: &[Option<bool>], count: usize) -> bool {
    // The step that decides about each object: the last one done, and the first one to come.
    let mut last: HashMap<ObjectId, usize> = HashMap::new();
    let mut first: HashMap<ObjectId, usize> = HashMap::new();
    for (index, step) in plan.steps.iter().enumerate() {
        for id in step.operations.iter().filter_map(Operation::subject) {
            if index < count {
                last.insert(id, index);
            } else {
                first.entry(id).or_insert(index);
            }
        }
    }
    // A step whose objects a later one has touched again says nothing any more.
    let decides = |index: usize| {
        let mut subjects = plan.steps[index].operations.iter().filter_map(Operation::subject);
        subjects.all(|id| last.get(&id).is_none_or(|&at| at == index))
    };
    last.values()
        .all(|&index| !decides(index) || effects[index] != Some(false))
        && first.iter().all(|(id, &index)| {
            last.contains_key(id) || effects[index] != Some(true) || plan.steps[index].operations.len() > 1
        })
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
