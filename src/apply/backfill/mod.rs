//! Backfills: a sweep over the pages of a table, a range per transaction, the place reached saved with each.
//!
//! Only rows that still need it are written, so a batch can run again, and a sweep starts again when the rows have moved
//! (VACUUM FULL, CLUSTER). Where expand has set a trigger it fills rows that change meanwhile; a default alone does not, and a
//! row that the application updates may move behind the sweep. So sweeps are repeated until one finds nothing to write.

mod board;
mod keys;
mod lag;
mod pace;
mod tally;
mod throttle;
mod worker;

use std::cell::Cell;

use futures_util::future::join_all;

pub(crate) use board::Front;
pub use pace::Settings;

use self::board::{Board, parts};
use self::tally::Tally;
use self::throttle::Throttle;
use self::worker::Sweep;
use super::error::ApplyError;
use super::journal;
use super::old;
use super::progress::Event;
use super::session::Worker;
use super::step::{Runner, Work};
use crate::name::QualifiedName;
use crate::render::{script, sweep};

/// The most sweeps over a table. An application that goes on to write what is being filled would keep us for ever.
const MOST_ROUNDS: u32 = 10;

/// Runs the backfills of a step; the number of rows that this run wrote.
pub(crate) async fn run(runner: &Runner<'_>, work: Work<'_>) -> Result<i64, ApplyError> {
    let client = runner.client();
    journal::start_step(client, work.key)
        .await
        .map_err(ApplyError::database("cannot start the backfill"))?;
    tell_holders(runner, work).await?;
    let mut others = Vec::new();
    for _ in 1..runner.backfill.jobs {
        others.push(runner.sessions.another().await?);
    }
    let own = Worker {
        session: &runner.sessions.worker,
        pid: runner.sessions.pid,
    };
    let workers: Vec<Worker<'_>> = std::iter::once(own)
        .chain(others.iter().map(|(session, pid)| Worker { session, pid: *pid }))
        .collect();
    for worker in &workers {
        let opening = script::opening(work.step);
        let set = worker.session.client.batch_execute(&opening);
        set.await.map_err(ApplyError::database("cannot start the backfill"))?;
    }
    let pids: Vec<i32> = workers.iter().map(|worker| worker.pid).collect();
    let fill = Fill {
        runner,
        work,
        workers: &workers,
        throttle: Throttle::new(runner.backfill, &pids),
        tally: Tally::new(),
    };
    let saved: Option<Front> = work
        .before
        .and_then(|row| row.position.as_deref())
        .and_then(|text| serde_json::from_str(text).ok());
    for (index, operation) in work.step.operations.iter().enumerate() {
        let Some(writes) = sweep::Sweep::of(operation) else {
            continue;
        };
        if saved.as_ref().is_some_and(|saved| saved.operation > index) {
            continue;
        }
        let front = saved.clone().filter(|saved| saved.operation == index).unwrap_or(Front {
            operation: index,
            ..Front::default()
        });
        fill.table(writes, front).await?;
    }
    runner.finish(work).await?;
    Ok(fill.tally.rows())
}

/// Names who keeps the versions that the backfill leaves dead, or its log: it goes on, but the table grows.
async fn tell_holders(runner: &Runner<'_>, work: Work<'_>) -> Result<(), ApplyError> {
    let watcher = &runner.sessions.watcher.client;
    let look = || ApplyError::database("cannot look at what keeps old rows");
    let old = old::transactions(watcher, runner.sessions.pid, runner.stop)
        .await
        .map_err(look())?;
    let mut by: Vec<String> = old
        .iter()
        .map(|blocker| format!("dead rows stay in the tables until the end of the transaction of {blocker}"))
        .collect();
    by.extend(old::readers(watcher).await.map_err(look())?);
    if !by.is_empty() {
        runner.progress.event(Event::Held {
            step: work.step,
            by: &by,
        });
    }
    Ok(())
}

/// A copy and an application may each wait for a row of the other: the copy gives way long before PostgreSQL looks for a deadlock
/// (`deadlock_timeout`, 1 s), so that it is never the application that fails.
fn gives_way(writes: &sweep::Sweep) -> &'static str {
    match writes {
        sweep::Sweep::Copy { .. } => "SET LOCAL lock_timeout = '100ms'; ",
        sweep::Sweep::Update { .. } => "",
    }
}

struct Fill<'a> {
    runner: &'a Runner<'a>,
    work: Work<'a>,
    workers: &'a [Worker<'a>],
    throttle: Throttle<'a>,
    tally: Tally,
}

impl Fill<'_> {
    /// Sweeps a table until a sweep finds nothing.
    async fn table(&self, writes: sweep::Sweep<'_>, mut front: Front) -> Result<(), ApplyError> {
        let table = writes.table();
        let update = |part: &str, rows: &str| format!("{}{}", gives_way(&writes), writes.batch(part, rows));
        // Of a sweep that an earlier run began it is not known whether it has written.
        let mut clean = front.round > 0 && front.oid == 0;
        loop {
            let before = self.tally.rows();
            if self.sweep(table, &update, &front).await? {
                clean &= self.tally.rows() == before;
                if clean {
                    return Ok(());
                }
                if front.round + 1 == MOST_ROUNDS {
                    let text = format!(
                        "step {}: rows of {table} are still being written without their value; the sweep was ended after {MOST_ROUNDS} times",
                        self.work.step.id
                    );
                    self.runner.progress.event(Event::Notice(text));
                    return Ok(());
                }
                front = Front {
                    operation: front.operation,
                    round: front.round + 1,
                    ..Front::default()
                };
                clean = true;
            } else {
                let text = format!(
                    "step {}: the rows of {table} have moved (VACUUM FULL, CLUSTER, TRUNCATE): the sweep starts again",
                    self.work.step.id
                );
                self.runner.progress.event(Event::Notice(text));
                front = Front {
                    operation: front.operation,
                    round: front.round,
                    ..Front::default()
                };
                clean = false;
                let position = serde_json::to_string(&front).unwrap_or_default();
                journal::forget_ranges(self.runner.client(), self.work.key, &position)
                    .await
                    .map_err(ApplyError::database("cannot write the journal"))?;
            }
        }
    }

    /// One sweep with all workers; false when the rows of a table have moved.
    async fn sweep(
        &self,
        table: &QualifiedName,
        update: &dyn Fn(&str, &str) -> String,
        front: &Front,
    ) -> Result<bool, ApplyError> {
        let client = self.runner.client();
        let list = ApplyError::database("cannot list the tables to fill");
        let parts = parts(client, table).await.map_err(list)?;
        let read = ApplyError::database("cannot read the journal");
        let left = journal::ranges(client, self.work.key).await.map_err(read)?;
        let moved = |oid: u32, file: i64| !parts.iter().any(|part| part.oid == oid && part.file == file);
        if left.iter().any(|range| moved(range.oid, range.file)) || (front.oid != 0 && moved(front.oid, front.file)) {
            return Ok(false);
        }
        let undone: i64 = left
            .iter()
            .map(|range| range.upto.unwrap_or(front.end).saturating_sub(range.page).max(0))
            .sum();
        let pages: i64 = parts.iter().map(|part| part.pages).sum();
        self.tally.sweep(pages, (front.given - undone).max(0));
        let sweep = Sweep {
            runner: self.runner,
            work: self.work,
            settings: self.runner.backfill,
            board: Board::new(parts, front.clone(), left, self.runner.backfill.jobs),
            throttle: &self.throttle,
            tally: &self.tally,
            update,
            first: front.round == 0,
            halted: Cell::new(false),
            moved: Cell::new(false),
        };
        let results = join_all(self.workers.iter().map(|worker| sweep.run(worker.session, worker.pid))).await;
        for result in results {
            result?;
        }
        Ok(!sweep.moved.get())
    }
}
