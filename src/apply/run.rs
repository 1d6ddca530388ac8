//! A run: one plan, one or more phases, from where the journal says it is.

use std::cell::Cell;
use std::collections::HashSet;
use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;
use tokio_postgres::Client;

use super::error::ApplyError;
use super::gone::Gone;
use super::journal::{self, Closed, NewPlan, StepKey};
use super::progress::{Event, Progress};
use super::retry::Patience;
use super::session::Sessions;
use super::state::State;
use super::step::{Runner, Work};
use super::stop::Stop;
use super::watch::{Nobody, Watch};
use super::window::{self, Window};
use super::{advisory, backfill, flight, guard, rights, space};
use crate::conn::Target;
use crate::introspect::IntrospectError;
use crate::object::ObjectId;
use crate::plan::file::PlanFolder;
use crate::plan::{Baseline, Phase, Plan, Step, Turn};
use crate::render::rollback::{self, Undo};
use crate::schema::Schema;

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
    let abandoned = journal::abandoned(client, &id).await.map_err(write())?;
    let reopens = abandoned.is_some();
    if let Some(Closed { at, by }) = abandoned.filter(|_| !options.reopen) {
        return Err(ApplyError::Abandoned { at, by });
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
        if reopens {
            journal::reopen_plan(client, &id).await.map_err(write())?;
        }
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
    let gone = Gone::read(client, folder, &live.schema).await?;
    let look = ApplyError::database("cannot look at the rights of the role");
    let (role, missing) = rights::missing(client, &todo).await.map_err(look)?;
    if !missing.is_empty() {
        return Err(ApplyError::Rights { role, missing });
    }
    if reopens {
        journal::reopen_plan(client, &id).await.map_err(write())?;
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
        &gone.steps(folder),
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
    tell_hidden(&sessions.worker.client, progress).await?;
    Ok(sessions)
}

/// Tells where the server hides from this role for how long others have been at work, and so who is worth waiting for.
async fn tell_hidden(client: &Client, progress: &dyn Progress) -> Result<(), ApplyError> {
    let ask = || ApplyError::database("cannot ask the server what this role may see");
    let row = client
        .query_one("SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')", &[])
        .await
        .map_err(ask())?;
    if !row.try_get::<_, bool>(0).map_err(ask())? {
        let text = "this role may not see since when other roles' transactions are open: who holds a lock is timed from the moment at which \
                    this run sees it; membership in pg_read_all_stats gives the full view";
        progress.event(Event::Notice(text.into()));
    }
    Ok(())
}

/// Keeps how the schema looks after so many steps, so that the next run can tell our changes from those of others.
pub(super) async fn remember(
    client: &Client,
    id: &str,
    steps: usize,
    inspect: impl AsyncFn(&Client) -> Result<Live, IntrospectError>,
) -> Result<(), ApplyError> {
    let live = inspect(client).await.map_err(ApplyError::unremembered(client))?;
    let after = Baseline {
        fingerprint: live.schema.fingerprint(),
        objects: live.schema.digests(),
        kept: vec![],
    };
    journal::save_state(client, id, &after, steps).await
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
            sightings: Default::default(),
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
