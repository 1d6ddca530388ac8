//! A run: one plan, one or more phases, from where the journal says it is.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;
use tokio_postgres::Client;

use super::error::ApplyError;
use super::journal::{self, Closed, NewPlan, Status, StepKey, StepRow};
use super::near::Near;
use super::progress::{Event, Progress};
use super::retry::Patience;
use super::session::Sessions;
use super::staleness::Difference;
use super::step::{Runner, Work};
use super::stop::Stop;
use super::watch::{Nobody, Watch};
use super::window::{self, Window};
use super::{advisory, backfill, flight, guard, rights, space, staleness};
use crate::conn::Target;
use crate::introspect::IntrospectError;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::file::PlanFolder;
use crate::plan::fold::fold;
use crate::plan::switch::left_over;
use crate::plan::{Baseline, Class, Phase, Plan, Step, Turn};
use crate::render::rollback::{self, Undo};
use crate::schema::Schema;
use crate::settle::{session_roles, unify_with};

/// How a run behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// The phases to run, in order.
    pub phases: Vec<Phase>,
    /// How patient it is with each step.
    pub patience: Patience,
    /// How long it waits for another run to end.
    pub wait_for_run: Duration,
    /// How hard backfills work.
    pub backfill: backfill::Settings,
    /// When it may run; any time when empty.
    pub windows: Vec<Window>,
    /// The time zone of the windows.
    pub zone: TimeZone,
    /// What contract waits for; none: for nothing.
    pub guard: Option<guard::Settings>,
    /// Where a plan with a cool-down stops.
    pub cool_down: CoolDown,
    /// The query for the bytes that are free on the disk of the server; none: nobody knows.
    pub free_space: Option<String>,
    /// A plan that was abandoned is taken up again.
    pub reopen: bool,
    /// Ids of hazards and phases that are approved for this run, beside those of the folder; they are written down.
    pub approved: Vec<String>,
}

/// What a run does where the cool-down of its plan begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CoolDown {
    /// It ends with an error that says until when, unless the time is over or forced.
    #[default]
    Wait,
    /// It ends, and what is left is left.
    Stop,
    /// It goes on.
    Skip,
}

impl Options {
    /// Between steps, and between the batches of a backfill, a run ends when its window does.
    fn check_window(&self, at: Option<&Step>) -> Result<(), ApplyError> {
        let now = Zoned::now().with_time_zone(self.zone.clone());
        window::check(&self.windows, &now).map_err(|next| ApplyError::OutsideWindow {
            at: at.map(|step| step.id.clone()),
            next,
        })
    }
}

/// What a run has done.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Outcome {
    /// The plan's id.
    pub plan: String,
    /// Steps that this run has done.
    pub done: usize,
    /// Steps that had been done before, of the phases asked for.
    pub before: usize,
    /// Steps of the whole plan that are left.
    pub left: usize,
}

/// A live schema as far as a plan knows it.
#[derive(Clone, Debug)]
pub struct Live {
    /// What is managed, and what of the rest the plan reaches.
    pub schema: Schema,
    /// Partitions made meanwhile by the application, below tables that the plan changes.
    pub newcomers: Vec<ObjectId>,
}

impl From<Schema> for Live {
    fn from(schema: Schema) -> Self {
        Self {
            schema,
            newcomers: vec![],
        }
    }
}

/// Runs the phases of a plan. `inspect` reads the live schema.
pub async fn run(
    target: &Target,
    folder: &PlanFolder,
    options: &Options,
    progress: &dyn Progress,
    stop: &Stop,
    inspect: impl AsyncFn(&Client) -> Result<Live, IntrospectError>,
) -> Result<Outcome, ApplyError> {
    run_watched(target, folder, options, progress, stop, &Nobody, inspect).await
}

/// The same, while somebody looks on.
pub async fn run_watched(
    target: &Target,
    folder: &PlanFolder,
    options: &Options,
    progress: &dyn Progress,
    stop: &Stop,
    watch: &dyn Watch,
    inspect: impl AsyncFn(&Client) -> Result<Live, IntrospectError>,
) -> Result<Outcome, ApplyError> {
    let part_way = Cell::new(false);
    let result = go(target, folder, options, progress, stop, watch, &part_way, inspect).await;
    match result {
        Err(error) if part_way.get() => Err(error.part_way()),
        result => result,
    }
}

/// A run that sets `part_way` as soon as something of the plan is known to have run.
#[allow(clippy::too_many_arguments)]
async fn go(
    target: &Target,
    folder: &PlanFolder,
    options: &Options,
    progress: &dyn Progress,
    stop: &Stop,
    watch: &dyn Watch,
    part_way: &Cell<bool>,
    inspect: impl AsyncFn(&Client) -> Result<Live, IntrospectError>,
) -> Result<Outcome, ApplyError> {
    let plan = &folder.plan;
    let at_once = options.cool_down == CoolDown::Skip || plan.cool_down.is_none();
    if at_once {
        refuse_unapproved(folder, &options.phases)?;
    } else {
        refuse_unapproved_of(folder, |step| {
            options.phases.contains(&step.phase) && step.turn != Turn::After
        })?;
    }
    options.check_window(None)?;
    let sessions = open(target, folder, options.wait_for_run, progress).await?;
    let client = &sessions.worker.client;
    let id = folder.id();
    let state = State::read(client, folder, &id).await?;
    part_way.set(state.has_begun());
    let write = || ApplyError::database("cannot write the journal");
    if let Some(Closed { at, by }) = journal::abandoned(client, &id).await.map_err(write())? {
        if !options.reopen {
            return Err(ApplyError::Abandoned { at, by });
        }
        journal::reopen_plan(client, &id).await.map_err(write())?;
    }
    let stops = options.cool_down == CoolDown::Stop && plan.cool_down.is_some();
    let selected: Vec<&Step> = plan
        .steps
        .iter()
        .filter(|step| options.phases.contains(&step.phase) && !(stops && step.turn == Turn::After))
        .collect();
    let todo: Vec<&Step> = selected.iter().copied().filter(|step| !state.is_done(step)).collect();
    let mut outcome = Outcome {
        plan: id.clone(),
        done: 0,
        before: selected.len() - todo.len(),
        left: plan.steps.iter().filter(|step| !state.is_done(step)).count(),
    };
    state.check_order(folder, &options.phases)?;
    if todo.is_empty() {
        begin_wait(client, plan, &state, &[], &id, options).await?;
        finish(client, &id, &outcome).await?;
        return Ok(outcome);
    }

    let others = flight::others(client, &id).await?;
    if !state.any_done() {
        flight::refuse_overlap(&others, &plan.steps)?;
    }
    let live = inspect(client).await.map_err(ApplyError::inspect(client))?;
    state
        .check_stale(
            client,
            folder,
            &live,
            &flight::changed(&others, state.any_done()),
            progress,
        )
        .await?;
    let gone = gone_partitions(client, folder, &live.schema).await?;
    let look = ApplyError::database("cannot look at the rights of the role");
    let (role, missing) = rights::missing(client, &todo).await.map_err(look)?;
    if !missing.is_empty() {
        return Err(ApplyError::Rights { role, missing });
    }
    if !state.known {
        let live = live.schema;
        let schema = serde_json::to_string(&live).map_err(|error| ApplyError::Journal(error.to_string()))?;
        let document = folder.yaml().map_err(|error| ApplyError::Journal(error.to_string()))?;
        let new = NewPlan {
            id: &id,
            name: &plan.name,
            fingerprint: &live.fingerprint(),
            schema: &schema,
            document: &document,
        };
        journal::begin_plan(client, new).await.map_err(write())?;
    }
    for hazard in &options.approved {
        let event = journal::event(client, &id, None, journal::APPROVED, hazard);
        event.await.map_err(write())?;
    }

    let result = run_steps(
        &sessions,
        folder,
        &state,
        &todo,
        &on_gone(folder, &gone),
        options,
        progress,
        stop,
        watch,
        part_way,
        &mut outcome,
    )
    .await;
    let lost = matches!(result, Err(ApplyError::Lost { .. }));
    let written = async {
        if lost {
            return Ok(());
        }
        // Also after a failure: the next run must be able to tell our changes from those of others.
        if outcome.done > 0 {
            remember(client, &id, plan.steps.len() - outcome.left, inspect).await?;
        }
        begin_wait(client, plan, &state, &todo[..outcome.done], &id, options).await
    };
    // What stopped the steps is told, not what followed from that.
    let written = written.await;
    result.and(written)?;
    finish(client, &id, &outcome).await?;
    Ok(outcome)
}

/// When nothing is left before contract, its time begins. `done` is what this run has done.
async fn begin_wait(
    client: &Client,
    plan: &Plan,
    state: &State,
    done: &[&Step],
    id: &str,
    options: &Options,
) -> Result<(), ApplyError> {
    let has_run = |step: &Step| state.is_done(step) || done.iter().any(|other| other.id == step.id);
    let mut before = plan.steps.iter().filter(|step| step.phase != Phase::Contract);
    let asked = options.phases.iter().any(|phase| *phase != Phase::Contract);
    if asked && before.all(has_run) && !plan.phase(Phase::Contract).any(has_run) {
        guard::ready(client, id, plan).await?;
    }
    Ok(())
}

/// Opens the sessions of a run: the server fits, nobody else runs, the journal is there.
pub(super) async fn open(
    target: &Target,
    folder: &PlanFolder,
    wait_for_run: Duration,
    progress: &dyn Progress,
) -> Result<Sessions, ApplyError> {
    let plan = &folder.plan;
    let mut sessions = Sessions::open(target).await?;
    if sessions.server_version < plan.server_version {
        return Err(ApplyError::Unsuitable {
            what: format!(
                "the plan was made for PostgreSQL {} and this server is {}",
                plan.server_version, sessions.server_version
            ),
            hint: "plan again from this database".into(),
        });
    }
    for warning in sessions.worker.warnings.drain(..) {
        progress.event(Event::Notice(warning));
    }
    let client = &sessions.worker.client;
    let mutex = ApplyError::database("cannot take the mutex");
    let taken = advisory::take(client, wait_for_run, |holder| {
        progress.event(Event::WaitingForRun(holder));
    });
    if let Err(holder) = taken.await.map_err(mutex)? {
        return Err(ApplyError::Busy { holder });
    }
    let installed = journal::install(client)
        .await
        .map_err(ApplyError::database("cannot create the journal in namespace pgphase"))?;
    if installed > journal::VERSION {
        return Err(ApplyError::Unsuitable {
            what: format!("the journal of this database has version {installed}, newer than this program knows"),
            hint: "use the newer pgphase".into(),
        });
    }
    sessions.set_up(&folder.settings).await?;
    Ok(sessions)
}

/// Keeps how the schema looks after so many steps, so that the next run can tell our changes from those of others.
pub(super) async fn remember(
    client: &Client,
    id: &str,
    steps: usize,
    inspect: impl AsyncFn(&Client) -> Result<Live, IntrospectError>,
) -> Result<(), ApplyError> {
    let Ok(live) = inspect(client).await else { return Ok(()) };
    let after = Baseline {
        fingerprint: live.schema.fingerprint(),
        objects: live.schema.digests(),
        kept: vec![],
    };
    journal::save_state(client, id, &after, steps)
        .await
        .map_err(ApplyError::database("cannot write the journal"))
}

async fn finish(client: &Client, id: &str, outcome: &Outcome) -> Result<(), ApplyError> {
    let write = || ApplyError::database("cannot write the journal");
    if outcome.left == 0 {
        journal::finish_plan(client, id).await.map_err(write())?;
    }
    advisory::release(client).await.map_err(write())
}

#[allow(clippy::too_many_arguments)]
async fn run_steps(
    sessions: &Sessions,
    folder: &PlanFolder,
    state: &State,
    todo: &[&Step],
    gone: &HashSet<&str>,
    options: &Options,
    progress: &dyn Progress,
    stop: &Stop,
    watch: &dyn Watch,
    part_way: &Cell<bool>,
    outcome: &mut Outcome,
) -> Result<(), ApplyError> {
    let undoable: HashSet<String> = rollback::read(&folder.rollback)
        .into_iter()
        .filter(|(_, undo)| matches!(undo, Undo::Nothing | Undo::Sql { lost: None, .. }))
        .map(|(id, _)| id)
        .collect();
    let mut phase = None;
    let mut cool = false;
    for step in todo {
        if step.turn == Turn::After && !cool && options.cool_down == CoolDown::Wait {
            cool = true;
            refuse_unapproved_of(folder, |step| step.turn == Turn::After)?;
            let client = &sessions.worker.client;
            // Who passes the guard of the swap has not seen yet how the new application does behind it.
            let swapped = todo.iter().any(|other| other.switch().is_some());
            let force = options
                .guard
                .as_ref()
                .and_then(|settings| settings.force.reason(guard::Guard::CoolDown))
                .filter(|_| !swapped);
            guard::cool(client, &outcome.plan, &folder.plan, force.as_deref(), progress).await?;
        }
        if phase != Some(step.phase) {
            phase = Some(step.phase);
            if let Some(query) = &options.free_space {
                let steps: Vec<&Step> = todo.iter().copied().filter(|other| other.phase == step.phase).collect();
                space::check(&sessions.worker.client, query, step.phase, &steps).await?;
            }
            // A contract that was cut off half-way has been let through before.
            let begun = folder.plan.phase(Phase::Contract).any(|step| state.is_done(step));
            if let Some(settings) = options
                .guard
                .as_ref()
                .filter(|_| step.phase == Phase::Contract && !begun)
            {
                let client = &sessions.worker.client;
                guard::check(client, &outcome.plan, &folder.plan, settings, progress).await?;
            }
            progress.event(Event::Phase {
                phase: step.phase,
                left: todo.iter().filter(|other| other.phase == step.phase).count(),
                total: folder.plan.phase(step.phase).count(),
            });
        }
        options.check_window(Some(step))?;
        let runner = Runner {
            sessions,
            progress,
            stop,
            patience: options.patience,
            backfill: &options.backfill,
            in_window: &|| options.check_window(Some(step)),
            part_way,
            watch,
            queue_ms: Cell::new(None),
        };
        let checksum = folder.checksum(step);
        let number = folder.plan.steps.iter().position(|other| other.id == step.id);
        let work = Work {
            step,
            statements: folder.statements(step),
            key: StepKey {
                plan: &outcome.plan,
                step: &step.id,
                phase: step.phase.word(),
                number: number.and_then(|number| i32::try_from(number + 1).ok()).unwrap_or(0),
                checksum: &checksum,
            },
            before: state.steps.get(&step.id),
            started: std::time::Instant::now(),
            undo: undoable.contains(&step.id),
            backwards: false,
        };
        if gone.contains(step.id.as_str()) {
            progress.event(Event::Notice(format!(
                "{} has nothing to do: its partition is gone",
                step.id
            )));
            runner.finish(work).await?;
        } else {
            runner.run(work).await?;
        }
        part_way.set(true);
        outcome.done += 1;
        outcome.left -= 1;
    }
    Ok(())
}

/// Refuses phases with hazards that nobody has approved.
pub fn refuse_unapproved(folder: &PlanFolder, phases: &[Phase]) -> Result<(), ApplyError> {
    refuse_unapproved_of(folder, |step| phases.contains(&step.phase))
}

fn refuse_unapproved_of(folder: &PlanFolder, wanted: impl Fn(&Step) -> bool) -> Result<(), ApplyError> {
    let ids: Vec<String> = folder
        .plan
        .unapproved()
        .filter(|(step, _)| wanted(step))
        .map(|(step, hazard)| format!("{hazard} (step {})", step.id))
        .collect();
    if ids.is_empty() {
        Ok(())
    } else {
        Err(ApplyError::Unapproved { ids })
    }
}

/// Partitions that others have made, and dropped or detached since the plan began: what the plan does to them is done (`render::may_go`).
async fn gone_partitions(client: &Client, folder: &PlanFolder, live: &Schema) -> Result<HashSet<ObjectId>, ApplyError> {
    let is_partition = |schema: &Schema, id: &ObjectId| {
        let table = schema.table(&id.qualified()).filter(|_| id.kind == Kind::Table);
        table.is_some_and(|table| table.partition_of.is_some())
    };
    let kept = folder.plan.baseline.kept.iter();
    let missing: Vec<&ObjectId> = kept.filter(|id| !is_partition(live, id)).collect();
    if missing.is_empty() {
        return Ok(HashSet::new());
    }
    let Some(start) = start_of(client, &folder.id()).await? else {
        return Ok(HashSet::new());
    };
    let were = missing.into_iter().filter(|id| is_partition(&start, id));
    Ok(were.cloned().collect())
}

/// The steps outside a transaction that work on nothing but these. A step in a transaction asks for itself (`render::may_go`).
fn on_gone<'a>(folder: &'a PlanFolder, gone: &HashSet<ObjectId>) -> HashSet<&'a str> {
    let works_on_one = |operation: &Operation| match operation {
        Operation::Create {
            object: Object::Index(index),
            concurrently: true,
            ..
        } => gone.contains(&ObjectId::named(Kind::Table, &index.table)),
        _ => false,
    };
    let steps = folder
        .plan
        .steps
        .iter()
        .filter(|step| step.operations.iter().all(works_on_one));
    steps.map(|step| step.id.as_str()).collect()
}

/// The schema that a plan started from.
async fn start_of(client: &Client, id: &str) -> Result<Option<Schema>, ApplyError> {
    let read = ApplyError::database("cannot read the journal");
    let documents = journal::documents(client, id).await.map_err(read)?;
    let start = documents.map(|(schema, _)| serde_json::from_str(&schema));
    start
        .transpose()
        .map_err(|error| ApplyError::Journal(error.to_string()))
}

/// What the journal says about a plan.
pub(super) struct State {
    known: bool,
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

    fn any_done(&self) -> bool {
        self.steps.values().any(|row| row.status == Status::Done)
    }

    /// Whether anything of the plan has run: a step, or a batch of one that wrote something.
    fn has_begun(&self) -> bool {
        self.any_done() || self.steps.values().any(|row| row.rows.is_some_and(|rows| rows > 0))
    }

    /// Every phase before the first one asked for must be complete.
    fn check_order(&self, folder: &PlanFolder, phases: &[Phase]) -> Result<(), ApplyError> {
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
            let read = || ApplyError::database("cannot read the journal");
            let mut found = match journal::state(client, &id).await.map_err(read())? {
                Some((state, 0)) if !found.is_empty() => staleness::differences(&state, live),
                _ => found,
            };
            // What is made of the parent from now on comes to a new partition by itself; what was made before did not.
            found.extend(newcomers.iter().map(Difference::new));
            found
        } else {
            let read = || ApplyError::database("cannot read the journal");
            match journal::state(client, &id).await.map_err(read())? {
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
        let mut vanished = gone_partitions(client, folder, live).await?;
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
        // The steps speak in the words of the files, the live schema in those of the server.
        let unified = unify_with(client, live, expected, folder.plan.server_version)
            .await
            .map_err(ApplyError::database("cannot ask the server what texts mean"))?;
        Ok(staleness::fold_differences(&unified.desired, live, halfway))
    }
}

/// A schema that steps made from files find their way in: they may name whoever runs them.
async fn with_words(client: &Client, schema: &Schema) -> Result<Schema, ApplyError> {
    let asked = ApplyError::database("cannot ask the server which role this is");
    let roles = session_roles(client).await.map_err(asked)?;
    let mut schema = schema.clone();
    roles.add_words(&mut schema);
    Ok(schema)
}
