//! Running one step: its transaction, its locks, its attempts.

use std::cell::Cell;
use std::time::Instant;

use tokio_postgres::{Client, Error};

use super::error::{ApplyError, db_message};
use super::journal::{self, StepKey};
use super::progress::{Event, Progress};
use super::retry::{Backoff, Patience, Trouble, watched};
use super::session::Sessions;
use super::stop::Stop;
use super::watch::Watch;
use super::{backfill, concurrent, gate};
use crate::conn::Blocker;
use crate::conn::Session;
use crate::plan::{Class, Step};
use crate::render::script;

/// What running a step needs.
pub(crate) struct Runner<'a> {
    pub(crate) sessions: &'a Sessions,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) stop: &'a Stop,
    pub(crate) patience: Patience,
    /// How hard backfills work.
    pub(crate) backfill: &'a backfill::Settings,
    /// Fails outside of the maintenance windows.
    pub(crate) in_window: &'a dyn Fn() -> Result<(), ApplyError>,
    /// Whether something of the plan has run before now: a step, or a batch of one.
    pub(crate) part_way: &'a Cell<bool>,
    pub(crate) watch: &'a dyn Watch,
    /// Since when others have been seen to hold locks.
    pub(crate) sightings: gate::Sightings,
    /// How many milliseconds the next attempt waits in a lock queue, where that is known.
    pub(crate) queue_ms: Cell<Option<u64>>,
}

/// One step and its SQL.
#[derive(Clone, Copy)]
pub(crate) struct Work<'a> {
    pub(crate) step: &'a Step,
    /// The statements, as they are in the phase file.
    pub(crate) statements: &'a str,
    pub(crate) key: StepKey<'a>,
    /// What the journal says about it, if it was started before.
    pub(crate) before: Option<&'a journal::StepRow>,
    /// When this run came to it.
    pub(crate) started: Instant,
    /// Whether `rollback.sql` undoes it.
    pub(crate) undo: bool,
    /// Whether it is being undone: then it has run until that has ended well.
    pub(crate) backwards: bool,
}

impl Work<'_> {
    /// What the journal keeps of a step that ends now.
    pub(crate) fn ended(&self) -> journal::EndedStep {
        let mut tables: Vec<String> = self
            .step
            .facts
            .locks
            .iter()
            .map(|lock| lock.relation.to_string())
            .collect();
        tables.dedup();
        journal::EndedStep {
            took: self.started.elapsed(),
            tables,
            undo: self.undo,
        }
    }
}

impl Runner<'_> {
    pub(crate) fn client(&self) -> &Client {
        &self.sessions.worker.client
    }

    /// Runs a step to its end, and writes the journal.
    pub(crate) async fn run(&self, work: Work<'_>) -> Result<(), ApplyError> {
        self.check_stop(work, Begun::No)?;
        self.progress.event(Event::Step(work.step));
        let started = work.started;
        let rows = match work.step.class {
            Class::Instant | Class::Long | Class::Blocking => {
                self.retried(work, || self.in_transaction(work)).await.map(|()| None)
            }
            Class::Check => self.retried(work, || self.check(work)).await.map(|()| None),
            Class::Concurrent => {
                if concurrent::run(self, work).await? {
                    self.progress.event(Event::Found(work.step));
                }
                Ok(None)
            }
            Class::Backfill => backfill::run(self, work).await.map(Some),
        }?;
        self.progress.event(Event::Done {
            step: work.step,
            took: started.elapsed(),
            rows,
        });
        Ok(())
    }

    /// Tries until it works, the budget is spent, or trying is of no use.
    pub(crate) async fn retried<F: Future<Output = Result<(), Error>>>(
        &self,
        work: Work<'_>,
        attempt: impl Fn() -> F,
    ) -> Result<(), ApplyError> {
        let roll_back = async |_: &Error| {
            self.clean_up().await;
            Ok(())
        };
        self.retried_after(work, attempt, roll_back).await
    }

    /// The same, where something else than a rollback takes away what a failed attempt leaves.
    pub(crate) async fn retried_after<F: Future<Output = Result<(), Error>>>(
        &self,
        work: Work<'_>,
        attempt: impl Fn() -> F,
        clean_up: impl AsyncFn(&Error) -> Result<(), ApplyError>,
    ) -> Result<(), ApplyError> {
        let mut backoff = Backoff::new(self.patience);
        let mut last: Vec<Blocker>;
        loop {
            self.queue_ms.set(self.gate(work, &backoff).await?);
            // It may have waited for long.
            (self.in_window)()?;
            let result;
            (result, last) = watched(
                attempt(),
                &self.sessions.watcher.client,
                self.sessions.pid,
                |blockers| {
                    self.progress.event(Event::Blocked {
                        step: work.step,
                        blockers,
                    });
                },
            )
            .await;
            let error = match result {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            clean_up(&error).await?;
            let trouble = Trouble::of(&error);
            if self.stop.signal().is_some() && trouble == Trouble::Cancelled {
                return Err(self.stopped(work));
            }
            if !trouble.is_retryable() {
                return Err(self.refused(work, error).await);
            }
            let Some(wait) = backoff.next_wait() else {
                let _ = journal::event(
                    self.client(),
                    work.key.plan,
                    Some(work.key.step),
                    "gave-up",
                    &db_message(&error),
                )
                .await;
                return Err(ApplyError::GaveUp {
                    step: work.step.id.clone(),
                    attempts: backoff.attempts,
                    reason: format!("{trouble}: {}", db_message(&error)),
                    blockers: last,
                });
            };
            self.progress.event(Event::Retry {
                step: work.step,
                reason: trouble.to_string(),
                wait,
            });
            self.stop.sleep(wait).await;
            self.check_stop(work, Begun::Yes)?;
        }
    }

    /// The whole step in one transaction, its journal row included.
    async fn in_transaction(&self, work: Work<'_>) -> Result<(), Error> {
        let client = self.client();
        self.cancellable(work.step, async {
            let opening = format!("{}{}", script::opening(work.step), self.queue_limit(work.step));
            if self.watch.looks() {
                client.batch_execute(&opening).await?;
                self.watch.begun(work.step, client).await;
                client.batch_execute(work.statements).await?;
                self.watch.before_commit(work.step, client).await;
            } else {
                client.batch_execute(&format!("{opening}{}", work.statements)).await?;
            }
            journal::finish_step(client, work.key, &work.ended()).await?;
            client.batch_execute(script::closing(work.step)).await
        })
        .await
    }

    /// A shorter lock timeout than the one of the phase file, where shorter transactions have been seen.
    fn queue_limit(&self, step: &Step) -> String {
        match self.queue_ms.get() {
            // A validation waits behind nobody who reads or writes: its lock stalls nobody.
            Some(time) if step.class == Class::Instant => format!("SET LOCAL lock_timeout = {time};\n"),
            _ => String::new(),
        }
    }

    async fn check(&self, work: Work<'_>) -> Result<(), Error> {
        let client = self.client();
        self.cancellable(work.step, async {
            client.batch_execute(&script::opening(work.step)).await?;
            if self.watch.looks() {
                client.batch_execute("BEGIN").await?;
                self.watch.begun(work.step, client).await;
                client.batch_execute(work.statements).await?;
                self.watch.before_commit(work.step, client).await;
                client.batch_execute("COMMIT").await?;
            } else {
                client.batch_execute(work.statements).await?;
            }
            journal::finish_step(client, work.key, &work.ended()).await
        })
        .await
    }

    /// Runs something that can be cancelled without harm as soon as a signal comes: its transaction is rolled back.
    pub(crate) async fn cancellable<T>(
        &self,
        step: &Step,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        self.cancellable_on(&self.sessions.worker, step, work).await
    }

    /// The same on another session.
    pub(crate) async fn cancellable_on<T>(
        &self,
        session: &Session,
        step: &Step,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let mut work = std::pin::pin!(work);
        tokio::select! {
            result = &mut work => return result,
            () = self.stop.wait(1) => {}
        }
        self.progress.event(Event::Stopping(step));
        let _ = session.cancel_handle().cancel().await;
        // The cancel may come too late; then the work is done and counts.
        work.await
    }

    /// Writes down that a step is done whose effect is there already.
    pub(crate) async fn finish(&self, work: Work<'_>) -> Result<(), ApplyError> {
        journal::finish_step(self.client(), work.key, &work.ended())
            .await
            .map_err(ApplyError::database("cannot write the journal"))
    }

    /// Waits outside the lock queue, for steps that take strong locks.
    async fn gate(&self, work: Work<'_>, backoff: &Backoff) -> Result<Option<u64>, ApplyError> {
        let step = work.step;
        if step.facts.locks.is_empty() || !step.class.in_transaction() {
            return Ok(None);
        }
        let time = gate::wait(
            &self.sessions.watcher.client,
            &step.facts.locks,
            &self.sightings,
            backoff.attempts,
            backoff.left(),
            self.stop,
            |blockers| {
                self.progress.event(Event::Gated { step, blockers });
            },
        )
        .await
        .map_err(ApplyError::database("cannot look at locks"))?;
        self.check_stop(work, Begun::Yes)?;
        Ok(Some(time))
    }

    pub(crate) async fn clean_up(&self) {
        // Fails only if the connection is gone, and then there is nothing to roll back.
        let _ = self.client().batch_execute("ROLLBACK").await;
    }

    pub(crate) fn check_stop(&self, work: Work<'_>, begun: Begun) -> Result<(), ApplyError> {
        match self.stop.signal() {
            Some(signal) => Err(ApplyError::Stopped {
                signal,
                place: stopped_at(work, begun),
            }),
            None => Ok(()),
        }
    }

    pub(crate) fn stopped(&self, work: Work<'_>) -> ApplyError {
        ApplyError::Stopped {
            signal: self.stop.signal().unwrap_or(2),
            place: stopped_at(work, Begun::Yes),
        }
    }

    /// The end of a step that the server refused, or that lost its connection.
    pub(crate) async fn refused(&self, work: Work<'_>, error: Error) -> ApplyError {
        if Trouble::of(&error) == Trouble::ConnectionLost {
            return ApplyError::Lost {
                step: work.step.id.clone(),
                reason: db_message(&error),
            };
        }
        let message = db_message(&error);
        if !work.backwards {
            let _ = journal::fail_step(self.client(), work.key, &work.ended(), &message).await;
        }
        let _ = journal::event(self.client(), work.key.plan, Some(work.key.step), "failed", &message).await;
        ApplyError::Step {
            step: work.step.id.clone(),
            part_way: self.part_way.get(),
            error,
        }
    }
}

/// Whether a step was announced already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begun {
    /// It waits, tries again, or has run in parts.
    Yes,
    /// The one before it was the last that did anything.
    No,
}

/// Where a run was stopped.
fn stopped_at(work: Work<'_>, begun: Begun) -> String {
    let id = &work.step.id;
    match (work.backwards, begun) {
        (false, Begun::No) => format!("before step {id}"),
        (false, Begun::Yes) => format!("in step {id}, which can be run again"),
        (true, Begun::No) => format!("before step {id} was undone"),
        (true, Begun::Yes) => format!("while step {id} was being undone, which can be done again"),
    }
}
