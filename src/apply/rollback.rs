//! The way back: steps of a plan that have run are undone, last step first, by the reviewed statements of `rollback.sql`.

use std::collections::HashMap;
use std::time::Duration;

use tokio_postgres::{Client, Error};

use super::Live;
use super::advisory;
use super::concurrent;
use super::error::ApplyError;
use super::journal::{self, Status, StepKey};
use super::progress::{Event, Progress};
use super::retry::Patience;
use super::run::{open, remember};
use super::state::State;
use super::step::{Begun, Runner, Work};
use super::stop::Stop;
use super::watch::Nobody;
use crate::conn::Target;
use crate::introspect::IntrospectError;
use crate::object::ObjectId;
use crate::operation::Operation;
use crate::parse::split::{Piece, split};
use crate::plan::file::PlanFolder;
use crate::plan::{Class, Phase, Step};
use crate::render::rollback::{Undo, read};

/// How a way back behaves.
#[derive(Debug, Clone)]
pub struct Back {
    /// The last phase whose steps stay; none undoes the whole plan.
    pub to: Option<Phase>,
    /// How patient it is with each step.
    pub patience: Patience,
    /// How long it waits for another run to end.
    pub wait_for_run: Duration,
    /// The plan is given up afterwards.
    pub abandon: bool,
}

/// What became of the steps that had run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Undone {
    /// Steps that are undone, those that had changed nothing among them.
    pub steps: usize,
    /// Steps whose work stays, as it is harmless and cannot be taken away: a new label of an enumerated type.
    pub stay: usize,
}

/// Undoes the steps that have run behind a phase. Nothing is undone when one of them has no way
/// back, or has deleted what would not come back. `inspect` reads the live schema.
pub async fn rollback(
    target: &Target,
    folder: &PlanFolder,
    back: &Back,
    progress: &dyn Progress,
    stop: &Stop,
    inspect: impl AsyncFn(&Client) -> Result<Live, IntrospectError>,
) -> Result<Undone, ApplyError> {
    let sessions = open(target, folder, back.wait_for_run, progress).await?;
    let client = &sessions.worker.client;
    let id = folder.id();
    let state = State::read(client, folder, &id).await?;
    let undos: HashMap<String, Undo> = read(&folder.rollback).into_iter().collect();
    // A build outside a transaction that was started may have left something, and of a backfill some batches have run.
    let in_parts = |step: &Step| matches!(step.class, Class::Concurrent | Class::Backfill);
    let has_run = |step: &Step| state.is_done(step) || (in_parts(step) && state.steps.contains_key(&step.id));
    let todo: Vec<&Step> = folder
        .plan
        .steps
        .iter()
        .rev()
        .filter(|step| back.to.is_none_or(|to| step.phase > to) && has_run(step))
        .collect();
    refuse_one_way(&todo, &undos)?;
    refuse_emptied(&todo, &undos, &folder.plan.steps)?;
    let write = || ApplyError::database("cannot write the journal");
    if !todo.is_empty() {
        let live = inspect(client).await.map_err(ApplyError::inspect(client))?;
        let others = super::flight::others(client, &id).await?;
        let changed = super::flight::changed(&others, true);
        state.check_stale(client, folder, &live, &changed, progress).await?;
    }
    let mut undone = Undone::default();
    let mut again: Vec<&str> = Vec::new();
    let mut result = Ok(());
    let backfill = super::backfill::Settings::default();
    let part_way = std::cell::Cell::new(true);
    for step in &todo {
        let runner = Runner {
            sessions: &sessions,
            progress,
            stop,
            patience: back.patience,
            backfill: &backfill,
            in_window: &|| Ok(()),
            part_way: &part_way,
            watch: &Nobody,
            queue_ms: std::cell::Cell::new(None),
            sightings: Default::default(),
        };
        let checksum = folder.checksum(step);
        let work = Work {
            step,
            statements: "",
            key: StepKey {
                plan: &id,
                step: &step.id,
                phase: step.phase.word(),
                number: 0,
                checksum: &checksum,
            },
            before: state.steps.get(&step.id),
            started: std::time::Instant::now(),
            undo: false,
            backwards: true,
        };
        let way = undos.get(&step.id).unwrap_or(&Undo::Nothing);
        let stays = *way == Undo::Nothing && stays(step, &todo);
        progress.event(if stays { Event::Stays(step) } else { Event::Undo(step) });
        result = undo(&runner, work, way).await;
        if result.is_err() {
            break;
        }
        if stays {
            undone.stay += 1;
        } else {
            undone.steps += 1;
        }
        if let Undo::Sql { again: steps, .. } = way {
            again.extend(steps.iter().map(String::as_str));
        }
        if !again.contains(&step.id.as_str()) {
            again.push(&step.id);
        }
    }
    let left = folder.plan.steps.iter().filter(|step| state.is_done(step));
    let done = left.filter(|step| !again.contains(&step.id.as_str())).count();
    if undone != Undone::default() && !matches!(result, Err(ApplyError::Lost { .. })) {
        let kept = remember(client, &id, done, inspect).await;
        // What stopped it is told, not what followed from that.
        result = result.and(kept);
    }
    result.map_err(ApplyError::part_way)?;
    let behind = |step: &&Step| back.to.is_none_or(|to| step.phase > to);
    for step in folder.plan.steps.iter().filter(behind).filter(|step| !has_run(step)) {
        if state.steps.contains_key(&step.id) {
            forget_attempt(client, &id, step).await.map_err(write())?;
        }
    }
    if back.abandon {
        journal::abandon_plan(client, &id).await.map_err(write())?;
    }
    advisory::release(client).await.map_err(write())?;
    Ok(undone)
}

/// Whether a step without a way back has changed something that does not go with what an earlier step made.
fn stays(step: &Step, todo: &[&Step]) -> bool {
    let goes = |id: &ObjectId| {
        let operations = todo.iter().flat_map(|step| &step.operations);
        let mut created = operations.filter_map(|operation| match operation {
            Operation::Create { object, .. } => Some(object.id()),
            _ => None,
        });
        created.any(|made| made == *id || made == ObjectId::named(made.kind, &id.qualified()))
    };
    step.operations
        .iter()
        .filter_map(Operation::subject)
        .any(|id| !goes(&id))
}

fn refuse_one_way(todo: &[&Step], undos: &HashMap<String, Undo>) -> Result<(), ApplyError> {
    let steps: Vec<String> = todo
        .iter()
        .filter_map(|step| match undos.get(&step.id) {
            Some(Undo::Impossible(why)) => Some(format!("{}: {why}", step.id)),
            Some(Undo::Sql { lost: Some(lost), .. }) => Some(format!("{}: it deleted {lost}", step.id)),
            Some(_) => None,
            None => Some(format!("{}: rollback.sql does not name it", step.id)),
        })
        .collect();
    if steps.is_empty() {
        Ok(())
    } else {
        Err(ApplyError::NoWayBack { steps })
    }
}

/// A column that comes back without its values is filled again by a backfill. Where that is not undone as well, the application would find
/// nulls in a column that it has relied on.
fn refuse_emptied(todo: &[&Step], undos: &HashMap<String, Undo>, all: &[Step]) -> Result<(), ApplyError> {
    let is_undone = |id: &String| todo.iter().any(|step| step.id == *id);
    let fills = |id: &&String| all.iter().any(|step| step.id == **id && step.class == Class::Backfill);
    let emptied = |step: &&Step| {
        let Some(Undo::Sql { again, .. }) = undos.get(&step.id) else {
            return None;
        };
        let backfill = again.iter().find(|id| fills(id) && !is_undone(id))?;
        Some(format!(
            "{}: what {backfill} has copied does not come back with it: go back to expand, and apply backfill again",
            step.id
        ))
    };
    let steps: Vec<String> = todo.iter().filter_map(emptied).collect();
    match steps.is_empty() {
        true => Ok(()),
        false => Err(ApplyError::NoWayBack { steps }),
    }
}

async fn undo(runner: &Runner<'_>, work: Work<'_>, undo: &Undo) -> Result<(), ApplyError> {
    runner.check_stop(work, Begun::No)?;
    let halfway = work.before.is_some_and(|row| row.status != Status::Done) && work.step.class == Class::Concurrent;
    let end = ApplyError::database("cannot end what an earlier attempt began");
    if halfway && !concurrent::end(runner, work).await.map_err(end)? {
        return forget_alone(runner, work).await;
    }
    match undo {
        Undo::Sql {
            transaction: true,
            first,
            text,
            again,
            ..
        } => {
            each_alone(runner, work, first).await?;
            let text = text.trim_end().trim_end_matches("COMMIT;");
            runner.retried(work, || in_transaction(runner, work, text, again)).await
        }
        Undo::Sql { text, .. } => {
            each_alone(runner, work, text).await?;
            forget_alone(runner, work).await
        }
        Undo::Nothing | Undo::Impossible(_) => forget_alone(runner, work).await,
    }
}

async fn each_alone(runner: &Runner<'_>, work: Work<'_>, text: &str) -> Result<(), ApplyError> {
    let pieces = split(&"rollback.sql".into(), text).map_err(|error| ApplyError::Journal(error.to_string()))?;
    let statements = pieces.iter().filter_map(|piece| match piece {
        Piece::Statement(statement) => Some(statement.text),
        Piece::Meta(_) => None,
    });
    for statement in statements {
        runner.retried(work, || alone(runner, work, statement)).await?;
    }
    Ok(())
}

async fn in_transaction(runner: &Runner<'_>, work: Work<'_>, text: &str, again: &[String]) -> Result<(), Error> {
    runner
        .cancellable(work.step, async {
            let client = runner.client();
            client.batch_execute(text).await?;
            for step in again {
                journal::forget_step(client, work.key.plan, step).await?;
            }
            forget(client, work).await?;
            client.batch_execute("COMMIT").await
        })
        .await
}

async fn alone(runner: &Runner<'_>, work: Work<'_>, statement: &str) -> Result<(), Error> {
    runner
        .cancellable(work.step, async {
            runner.client().batch_execute(statement).await?;
            journal::reopen_plan(runner.client(), work.key.plan).await
        })
        .await
}

async fn forget_alone(runner: &Runner<'_>, work: Work<'_>) -> Result<(), ApplyError> {
    let attempt = || async {
        let client = runner.client();
        client.batch_execute("BEGIN").await?;
        forget(client, work).await?;
        client.batch_execute("COMMIT").await
    };
    runner.retried(work, attempt).await
}

/// In one transaction with what undoes the step: a plan is as it was, finished or abandoned, until something of it is undone.
async fn forget(client: &Client, work: Work<'_>) -> Result<(), Error> {
    journal::reopen_plan(client, work.key.plan).await?;
    journal::forget_step(client, work.key.plan, work.key.step).await?;
    journal::event(client, work.key.plan, Some(work.key.step), "undone", "").await
}

/// An attempt that failed, or that was cut off, in its transaction has changed nothing: only its row is left to take away.
async fn forget_attempt(client: &Client, plan: &str, step: &Step) -> Result<(), Error> {
    client.batch_execute("BEGIN").await?;
    journal::forget_step(client, plan, &step.id).await?;
    journal::event(client, plan, Some(&step.id), "undone", "it had changed nothing").await?;
    client.batch_execute("COMMIT").await
}
