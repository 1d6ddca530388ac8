//! Steps that PostgreSQL does not run in a transaction block.
//!
//! Nothing ties their effect to the journal, so after a crash the catalog decides: an index that is there and valid has been
//! built, an invalid one is what a broken build left and is dropped (concurrently) before the next attempt. A partition that is half
//! detached cannot come back: the next attempt ends what was begun.

use std::cell::RefCell;

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use super::error::ApplyError;
use super::journal::{self, Status};
use super::old;
use super::progress::Event;
use super::retry::Trouble;
use super::step::{Runner, Work};
use crate::name::QualifiedName;
use crate::object::table::TableChange;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::render::script;

/// What the catalog says about the object of a step.
enum Found {
    /// The step's effect is there.
    Done,
    /// A broken build left this index.
    Invalid(QualifiedName),
    /// A broken detachment is ended by this statement.
    Pending(String),
    /// The effect is not there.
    Missing,
}

/// Runs a step outside a transaction; true when the catalog showed that it had run before.
pub(crate) async fn run(runner: &Runner<'_>, work: Work<'_>) -> Result<bool, ApplyError> {
    let client = runner.client();
    let look = ApplyError::database("cannot look at what an earlier attempt left");
    let started_before = work.before.is_some_and(|row| row.status != Status::Done);
    let rest: RefCell<Option<String>> = RefCell::default();
    if started_before {
        match found(client, &work.step.operations).await.map_err(look)? {
            Found::Done => {
                runner.finish(work).await?;
                return Ok(true);
            }
            Found::Invalid(index) => drop_invalid(runner, work, &index).await?,
            Found::Pending(finalize) => drop(rest.replace(Some(finalize))),
            Found::Missing => {}
        }
    }
    journal::start_step(client, work.key)
        .await
        .map_err(ApplyError::database("cannot write the journal"))?;
    let old = old::transactions(&runner.sessions.watcher.client, runner.sessions.pid, runner.stop)
        .await
        .map_err(ApplyError::database("cannot look at open transactions"))?;
    if !old.is_empty() {
        runner.progress.event(Event::Outwaits {
            step: work.step,
            blockers: &old,
        });
    }
    let try_it = || {
        let rest = rest.borrow().clone();
        async move { attempt(runner, work, rest.as_deref()).await }
    };
    let clean_up = async |error: &Error| {
        if let Some(finalize) = left(runner, work, error).await? {
            rest.replace(Some(finalize));
        }
        Ok(())
    };
    runner.retried_after(work, try_it, clean_up).await?;
    runner.finish(work).await?;
    Ok(false)
}

/// Takes away what a failed attempt has left; the statement that ends what it began, where only that is possible.
async fn left(runner: &Runner<'_>, work: Work<'_>, error: &Error) -> Result<Option<String>, ApplyError> {
    // An index that was there before is not what this attempt left.
    let was_there = error.code() == Some(&SqlState::DUPLICATE_TABLE);
    if was_there || Trouble::of(error) == Trouble::ConnectionLost {
        return Ok(None);
    }
    match found(runner.client(), &work.step.operations).await {
        Ok(Found::Invalid(index)) => {
            let dropped = drop_invalid(runner, work, &index).await;
            // Whoever held up the build may hold up its end as well: the next run takes it away then.
            if runner.stop.signal().is_none() {
                dropped?;
            }
            Ok(None)
        }
        Ok(Found::Pending(finalize)) => Ok(Some(finalize)),
        // What stopped the attempt is told, not that one cannot look.
        Ok(Found::Done | Found::Missing) | Err(_) => Ok(None),
    }
}

/// Settings and statement apart: several statements in one message would be a transaction block. A signal cancels the statement.
async fn attempt(runner: &Runner<'_>, work: Work<'_>, rest: Option<&str>) -> Result<(), Error> {
    let client = runner.client();
    client.batch_execute(&script::opening(work.step)).await?;
    runner.watch.before_alone(work.step, work.statements).await;
    let result = statement(runner, work, rest.unwrap_or(work.statements)).await;
    runner.watch.after_alone(work.step).await;
    result
}

async fn statement(runner: &Runner<'_>, work: Work<'_>, text: &str) -> Result<(), Error> {
    let client = runner.client();
    let mut running = std::pin::pin!(client.batch_execute(text));
    tokio::select! {
        result = &mut running => return result,
        never = runner.watch.alongside(work.step, runner.sessions.pid) => match never {},
        () = runner.stop.wait(1) => runner.progress.event(Event::Stopping(work.step)),
    }
    let _ = runner.sessions.worker.cancel_handle().cancel().await;
    running.await
}

async fn drop_invalid(runner: &Runner<'_>, work: Work<'_>, index: &QualifiedName) -> Result<(), ApplyError> {
    let sql = format!("DROP INDEX CONCURRENTLY IF EXISTS {index}");
    let client = runner.client();
    let clean = async {
        let patience = if runner.stop.signal().is_some() { "'2s'" } else { "0" };
        client.batch_execute(&format!("SET lock_timeout = {patience}")).await?;
        client.batch_execute(&sql).await?;
        let detail = format!("dropped the invalid index {index}");
        journal::event(client, work.key.plan, Some(work.key.step), "cleaned", &detail).await
    };
    clean.await.map_err(ApplyError::database(
        "cannot drop the invalid index that an earlier attempt left",
    ))
}

async fn found(client: &Client, operations: &[Operation]) -> Result<Found, Error> {
    for operation in operations {
        let state = match operation {
            Operation::Create {
                object: Object::Index(index),
                ..
            } => match index_is_valid(client, &index.name).await? {
                Some(true) => Found::Done,
                Some(false) => Found::Invalid(index.name.clone()),
                None => Found::Missing,
            },
            Operation::Drop {
                id: id @ ObjectId { kind: Kind::Index, .. },
                ..
            } => match index_is_valid(client, &id.qualified()).await? {
                None => Found::Done,
                Some(_) => Found::Missing,
            },
            Operation::Alter {
                id,
                change: Change::Table(TableChange::Detach { parent, .. }),
            } => match is_pending(client, &id.qualified(), parent).await? {
                None => Found::Done,
                Some(true) => Found::Pending(format!(
                    "ALTER TABLE {parent} DETACH PARTITION {} FINALIZE",
                    id.qualified()
                )),
                Some(false) => Found::Missing,
            },
            _ => Found::Missing,
        };
        if !matches!(state, Found::Done) {
            return Ok(state);
        }
    }
    Ok(Found::Done)
}

/// Ends what a broken attempt of a step left half done; whether there is anything of the step to undo.
pub(crate) async fn end(runner: &Runner<'_>, work: Work<'_>) -> Result<bool, Error> {
    let is_detach = |operation: &Operation| {
        matches!(
            operation,
            Operation::Alter {
                change: Change::Table(TableChange::Detach { .. }),
                ..
            }
        )
    };
    if !work.step.operations.iter().any(is_detach) {
        return Ok(true);
    }
    match found(runner.client(), &work.step.operations).await? {
        Found::Pending(finalize) => {
            runner.client().batch_execute("SET lock_timeout = 0").await?;
            runner.client().batch_execute(&finalize).await?;
            Ok(true)
        }
        Found::Missing => Ok(false),
        Found::Done | Found::Invalid(_) => Ok(true),
    }
}

/// Whether the detachment of a partition has been begun and not ended; none where the table is no partition of the parent.
async fn is_pending(client: &Client, table: &QualifiedName, parent: &QualifiedName) -> Result<Option<bool>, Error> {
    let row = client
        .query_opt(
            "SELECT h.inhdetachpending FROM pg_catalog.pg_inherits h \
             WHERE h.inhrelid = pg_catalog.to_regclass($1)::pg_catalog.oid \
                 AND h.inhparent = pg_catalog.to_regclass($2)::pg_catalog.oid",
            &[&table.to_string(), &parent.to_string()],
        )
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}

async fn index_is_valid(client: &Client, index: &QualifiedName) -> Result<Option<bool>, Error> {
    let row = client
        .query_opt(
            "SELECT i.indisvalid AND i.indisready FROM pg_catalog.pg_index i \
             WHERE i.indexrelid = pg_catalog.to_regclass($1)::pg_catalog.oid",
            &[&index.to_string()],
        )
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}
