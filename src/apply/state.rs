//! Where a plan stands: what the journal says of its steps, and whether the live schema is the one that is expected there.

use std::collections::{HashMap, HashSet};

use tokio_postgres::Client;

use super::error::ApplyError;
use super::gone::Gone;
use super::journal::{self, Status, StepRow};
use super::near::Near;
use super::progress::Progress;
use super::run::Live;
use super::staleness::{self, Difference};
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::file::PlanFolder;
use crate::plan::fold::fold;
use crate::plan::switch::left_over;
use crate::plan::{Class, Phase, Step};
use crate::schema::Schema;
use crate::settle::{session_roles, unify_with};

/// What the journal says about a plan.
pub(super) struct State {
    pub(super) known: bool,
    pub(super) steps: HashMap<String, StepRow>,
}

impl State {
    pub(super) async fn read(client: &Client, folder: &PlanFolder, id: &str) -> Result<Self, ApplyError> {
        let read = || ApplyError::database("cannot read the journal");
        let known = journal::plan(client, id).await.map_err(read())?.is_some();
        let steps: HashMap<String, StepRow> = journal::steps(client, id)
            .await
            .map_err(read())?
            .into_iter()
            .map(|row| (row.step.clone(), row))
            .collect();
        for step in &folder.plan.steps {
            let changed = steps
                .get(&step.id)
                .is_some_and(|row| row.status == Status::Done && row.checksum != folder.checksum(step));
            if changed {
                return Err(ApplyError::Changed { step: step.id.clone() });
            }
        }
        Ok(Self { known, steps })
    }

    pub(super) fn is_done(&self, step: &Step) -> bool {
        self.steps.get(&step.id).is_some_and(|row| row.status == Status::Done)
    }

    pub(super) fn any_done(&self) -> bool {
        self.steps.values().any(|row| row.status == Status::Done)
    }

    /// Whether anything of the plan has run: a step, or a batch of one that wrote something.
    pub(super) fn has_begun(&self) -> bool {
        self.any_done() || self.steps.values().any(|row| row.rows.is_some_and(|rows| rows > 0))
    }

    /// Every phase before the first one asked for must be complete.
    pub(super) fn check_order(&self, folder: &PlanFolder, phases: &[Phase]) -> Result<(), ApplyError> {
        for &phase in phases {
            for missing in Phase::ALL
                .into_iter()
                .filter(|earlier| *earlier < phase && !phases.contains(earlier))
            {
                let left = folder.plan.phase(missing).filter(|step| !self.is_done(step)).count();
                if left > 0 {
                    return Err(ApplyError::PhaseOrder { phase, missing, left });
                }
            }
        }
        Ok(())
    }

    /// Whether the live schema is the one that is expected here. Under a plan that has begun, what it does not reach may differ, and is
    /// told.
    pub(super) async fn check_stale(
        &self,
        client: &Client,
        folder: &PlanFolder,
        live: &Live,
        changed: &HashSet<String>,
        progress: &dyn Progress,
    ) -> Result<(), ApplyError> {
        let Live {
            schema: live,
            newcomers,
        } = live;
        let id = folder.id();
        let done = self.steps.values().filter(|row| row.status == Status::Done).count();
        let mut halfway = self.halfway(folder);
        // What a partition has of its parent becomes its own.
        let parts: Vec<ObjectId> = halfway.iter().flat_map(|id| live.descendants(id)).collect();
        halfway.extend(parts);
        let vanished = self.vanished(client, folder, live).await?;
        let vanished: Vec<&ObjectId> = vanished.iter().collect();
        // A partition that was detached is nobody's business here.
        let mut without = live.clone();
        vanished.iter().for_each(|id| drop(without.remove(id)));
        let live = &without;
        let start = &folder.plan.baseline;
        let begun = done > 0 || !halfway.is_empty();
        let mut differences: Vec<Difference> = if !begun && start.fingerprint.is_empty() {
            // Made from files: all that can be asked is whether every step finds what it needs.
            let error = fold(&with_words(client, live).await?, &folder.plan.steps).err();
            error
                .into_iter()
                .map(|error| Difference::whole(error.to_string()))
                .collect()
        } else if !begun {
            let found = staleness::differences(start, live);
            // What could not be taken away stays behind a rollback.
            let mut found = match journal::state(client, &id).await? {
                Some((state, 0)) if !found.is_empty() => staleness::differences(&state, live),
                _ => found,
            };
            // What is made of the parent from now on comes to a new partition by itself; what was made before did not.
            found.extend(newcomers.iter().map(Difference::new));
            found
        } else {
            match journal::state(client, &id).await? {
                // Nothing has run since the state was kept.
                Some((state, steps)) if steps == done && halfway.is_empty() && vanished.is_empty() => {
                    staleness::differences(&state, live)
                }
                _ => self.fold_differences(client, folder, live, &halfway, &vanished).await?,
            }
        };
        let left = left_over(&folder.plan.steps).filter(|id| live.contains(id));
        let left: HashSet<String> = left
            .flat_map(|id| [format!("table {}", id.qualified()), id.to_string()])
            .collect();
        let expected = |id: &String| changed.contains(id) || left.contains(id);
        differences.retain(|difference| !difference.object.as_ref().is_some_and(expected));
        if begun && !differences.is_empty() {
            let near = start_of(client, &id)
                .await?
                .and_then(|start| Near::of(&folder.plan.steps, &start, live));
            if let Some(near) = near {
                let parts = self.fold_differences(client, folder, live, &halfway, &vanished).await?;
                differences = near.sift(differences, &parts, progress);
            }
        }
        if differences.is_empty() {
            Ok(())
        } else {
            Err(ApplyError::Stale {
                differences: differences.iter().map(ToString::to_string).collect(),
                started: begun,
            })
        }
    }

    /// What others have made and dropped again: partitions, and other objects where no step that is left works on them.
    async fn vanished(
        &self,
        client: &Client,
        folder: &PlanFolder,
        live: &Schema,
    ) -> Result<HashSet<ObjectId>, ApplyError> {
        let mut vanished = Gone::read(client, folder, live).await?.partitions;
        let left = folder.plan.steps.iter().filter(|step| !self.is_done(step));
        let worked_on: HashSet<ObjectId> = left
            .flat_map(|step| &step.operations)
            .flat_map(|operation| operation.subject().into_iter().chain(operation.home()))
            .flat_map(|id| [ObjectId::named(Kind::Table, &id.qualified()), id])
            .collect();
        let kept = folder.plan.baseline.kept.iter();
        vanished.extend(
            kept.filter(|id| !live.contains(id) && !worked_on.contains(*id))
                .cloned(),
        );
        Ok(vanished)
    }

    /// What steps outside a transaction work on that were started and are not known to be done: it may look either way.
    fn halfway(&self, folder: &PlanFolder) -> HashSet<ObjectId> {
        folder
            .plan
            .steps
            .iter()
            .filter(|step| step.class == Class::Concurrent)
            .filter(|step| self.steps.get(&step.id).is_some_and(|row| row.status != Status::Done))
            .flat_map(|step| step.operations.iter().filter_map(Operation::subject))
            .collect()
    }

    async fn fold_differences(
        &self,
        client: &Client,
        folder: &PlanFolder,
        live: &Schema,
        halfway: &HashSet<ObjectId>,
        vanished: &[&ObjectId],
    ) -> Result<Vec<Difference>, ApplyError> {
        let Some(start) = start_of(client, &folder.id()).await? else {
            return Ok(vec![]);
        };
        let done = folder.plan.steps.iter().filter(|step| self.is_done(step));
        let start = with_words(client, &start).await?;
        let mut expected = fold(&start, done).map_err(|error| ApplyError::Journal(error.to_string()))?;
        for id in vanished {
            expected.remove(id);
        }
        staleness::lacking_on_newcomers(&mut expected, live);
        // The steps speak in the words of the files, the live schema in those of the server.
        let unified = unify_with(client, live, expected, folder.plan.server_version)
            .await
            .map_err(ApplyError::database("cannot ask the server what texts mean"))?;
        Ok(staleness::fold_differences(&unified.desired, live, halfway))
    }
}

/// The schema that a plan started from.
pub(super) async fn start_of(client: &Client, id: &str) -> Result<Option<Schema>, ApplyError> {
    let read = ApplyError::database("cannot read the journal");
    let documents = journal::documents(client, id).await.map_err(read)?;
    let start = documents.map(|(schema, _)| serde_json::from_str(&schema));
    start
        .transpose()
        .map_err(|error| ApplyError::Journal(error.to_string()))
}

/// A schema that steps made from files find their way in: they may name whoever runs them.
async fn with_words(client: &Client, schema: &Schema) -> Result<Schema, ApplyError> {
    let asked = ApplyError::database("cannot ask the server which role this is");
    let roles = session_roles(client).await.map_err(asked)?;
    let mut schema = schema.clone();
    roles.add_words(&mut schema);
    Ok(schema)
}
