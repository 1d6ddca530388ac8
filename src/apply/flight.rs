//! Plans in flight: others that have begun here and are not finished.

use std::collections::{BTreeSet, HashSet};

use tokio_postgres::Client;

use super::error::ApplyError;
use super::journal::{self, Status};
use crate::operation::Operation;
use crate::plan::Step;
use crate::plan::file::PlanFolder;

/// Another plan that has begun and is not finished.
pub(super) struct Other {
    name: String,
    steps: Vec<Step>,
    done: HashSet<String>,
}

/// A plan in flight: what it has still to do.
#[derive(Clone, Debug)]
pub struct InFlight {
    /// Its name and id.
    pub name: String,
    /// The steps that have not run, in order.
    pub left: Vec<Step>,
    /// How many steps it has.
    pub steps: usize,
}

/// The plans in flight, in the order in which they began. Without a journal, or with one that a newer program has written, there are
/// none that could be told.
///
/// # Errors
///
/// The journal cannot be read: the role has no right to, or what it holds is no plan.
pub async fn in_flight(client: &Client) -> Result<Vec<InFlight>, ApplyError> {
    let version = journal::version(client)
        .await
        .map_err(ApplyError::database("cannot read the journal"))?;
    if version.is_none_or(|version| version > journal::VERSION) {
        return Ok(Vec::new());
    }
    let others = others(client, "").await?;
    let found = others.into_iter().map(|other| InFlight {
        steps: other.steps.len(),
        left: other
            .steps
            .into_iter()
            .filter(|step| !other.done.contains(&step.id))
            .collect(),
        name: other.name,
    });
    Ok(found.filter(|plan| !plan.left.is_empty()).collect())
}

/// The plans in flight beside the one with this id. Finished ones count too: what they did has changed the schema under those
/// that began before them.
pub(super) async fn others(client: &Client, id: &str) -> Result<Vec<Other>, ApplyError> {
    let read = || ApplyError::database("cannot read the journal");
    let mut others = Vec::new();
    for plan in journal::plans(client).await.map_err(read())? {
        if plan.id == id || plan.abandoned.is_some() {
            continue;
        }
        let Some((_, document)) = journal::documents(client, &plan.id).await.map_err(read())? else {
            continue;
        };
        let steps = PlanFolder::steps_of(&document)
            .map_err(|error| ApplyError::Journal(format!("plan {} cannot be read: {error}", plan.id)))?;
        let rows = journal::steps(client, &plan.id).await.map_err(read())?;
        let done = rows
            .into_iter()
            .filter(|row| row.status == Status::Done)
            .map(|row| row.step);
        let done: HashSet<String> = done.collect();
        if !done.is_empty() {
            others.push(Other {
                name: format!("{} ({})", plan.name, plan.id),
                steps,
                done,
            });
        }
    }
    Ok(others)
}

/// A plan must not begin while another one that is not finished still has to work on the same objects.
pub(super) fn refuse_overlap(others: &[Other], steps: &[Step]) -> Result<(), ApplyError> {
    let ours: BTreeSet<String> = steps.iter().flat_map(objects).collect();
    for other in others {
        let left = other.steps.iter().filter(|step| !other.done.contains(&step.id));
        let theirs: BTreeSet<String> = left.flat_map(objects).collect();
        let both: Vec<String> = ours.intersection(&theirs).cloned().collect();
        if !both.is_empty() {
            return Err(ApplyError::Overlap {
                plan: other.name.clone(),
                objects: both,
            });
        }
    }
    Ok(())
}

/// What is no surprise when it differs from what a plan expects, as `id`s. Under a plan that has begun: what other plans have changed.
/// Under one that has not: what they have still to change, as it begins where they end.
pub(super) fn changed(others: &[Other], begun: bool) -> HashSet<String> {
    others
        .iter()
        .flat_map(|other| {
            let counts = move |step: &&Step| other.done.contains(&step.id) == begun;
            other.steps.iter().filter(counts)
        })
        .flat_map(|step| step.operations.iter())
        .flat_map(|operation| {
            let to = match operation {
                Operation::Rename { to, .. } => Some(to.clone()),
                _ => None,
            };
            operation.subject().into_iter().chain(to)
        })
        // A table's own digest tells the order of its columns.
        .flat_map(|id| [id.to_string(), format!("table {}", id.qualified())])
        .collect()
}

/// The relations and other named objects that a step works on: a column counts as its table, an index also as its table.
fn objects(step: &Step) -> impl Iterator<Item = String> + '_ {
    let subjects = step.operations.iter().filter_map(Operation::subject);
    let relations = step.facts.builds.iter().chain(&step.facts.scans);
    subjects
        .map(|id| id.qualified().to_string())
        .chain(relations.map(ToString::to_string))
}
