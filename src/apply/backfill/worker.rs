//! One worker: takes ranges of pages and updates them, batch by batch.
//!
//! A range is swept in several passes, each over another part of its rows and each in its own transaction: what a pass leaves
//! dead, the next one uses again on the same page, so most new versions stay on their page and no index grows.

use std::cell::Cell;
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Error, SimpleQueryMessage};

use super::board::{Board, Part};
use super::pace::{Pace, Settings, rest};
use super::tally::Tally;
use super::throttle::Throttle;
use crate::apply::error::{ApplyError, db_message};
use crate::apply::journal::{self, Range};
use crate::apply::progress::Event;
use crate::apply::retry::{Backoff, Trouble, watched};
use crate::apply::step::{Begun, Runner, Work};
use crate::conn::Session;
use crate::render::sweep;

/// Tables with fewer pages are swept in one pass: there is nothing to gain.
const SMALL: i64 = 32;

/// How a range goes on after a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Goes,
    Ends,
    /// The same rows again, in smaller batches.
    Smaller,
}

/// What a batch met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Batch {
    Written(i64),
    /// The rows of the table have moved to another file, or the table is gone.
    Moved,
}

/// What the workers of a sweep share.
pub(super) struct Sweep<'a> {
    pub(super) runner: &'a Runner<'a>,
    pub(super) work: Work<'a>,
    pub(super) settings: &'a Settings,
    pub(super) board: Board,
    pub(super) throttle: &'a Throttle<'a>,
    pub(super) tally: &'a Tally,
    /// The update, without the condition that chooses the rows of a batch.
    pub(super) update: &'a dyn Fn(&str, &str) -> String,
    /// A first sweep writes most rows, a later one few or none.
    pub(super) first: bool,
    /// Set when a worker ends early, so that the others end at their next batch.
    pub(super) halted: Cell<bool>,
    pub(super) moved: Cell<bool>,
}

impl Sweep<'_> {
    /// Works until the sweep is over or somebody halts it.
    pub(super) async fn run(&self, session: &Session, pid: i32) -> Result<(), ApplyError> {
        let result = self.ranges(session, pid).await;
        if result.is_err() {
            self.halted.set(true);
        }
        result
    }

    async fn ranges(&self, session: &Session, pid: i32) -> Result<(), ApplyError> {
        let mut pace = Pace::new(self.settings);
        pace.heed(self.throttle.wait(self.runner, self.work).await?);
        while !self.halted.get() {
            let taken = self.board.take(&session.client, self.work.key).await;
            let Some(range) = taken.map_err(|error| self.lost_or(error))? else {
                return Ok(());
            };
            self.range(session, pid, range, &mut pace).await?;
        }
        Ok(())
    }

    async fn range(&self, session: &Session, pid: i32, mut range: Range, pace: &mut Pace) -> Result<(), ApplyError> {
        let Some(part) = self.board.part(&range) else {
            self.moved.set(true);
            self.halted.set(true);
            return Ok(());
        };
        if !part.keys.is_empty() {
            return self.by_key(session, pid, &range, part).await;
        }
        if !part.heap {
            let text = format!(
                "step {}: {} is filled in one statement, as there are no pages and no key to go by",
                self.work.step.id, part.name
            );
            self.runner.progress.event(Event::Notice(text));
        }
        let end = range.upto.unwrap_or(part.pages);
        let passes = if self.first && part.heap && part.pages >= SMALL {
            sweep::PASSES
        } else {
            1
        };
        loop {
            let span = if part.heap { pace.span } else { i64::MAX / 2 };
            let next = range.page.saturating_add(span);
            let last = next >= end;
            let upto = if last { range.upto } else { Some(next) };
            let mut worked = Duration::ZERO;
            for pass in 0..passes {
                if self.halted.get() {
                    return Ok(());
                }
                pace.heed(self.throttle.wait(self.runner, self.work).await?);
                let started = Instant::now();
                let ended = pass + 1 == passes;
                let at = At {
                    part,
                    range: &range,
                    rows: rows(part, range.page, upto, (passes > 1).then_some(pass)),
                    page: upto.filter(|_| ended),
                    key: None,
                    last: ended && last,
                    rate: self.tally.rate(),
                };
                match self.write(session, pid, &at, pace).await? {
                    Next::Goes => {}
                    Next::Ends => return Ok(()),
                    Next::Smaller => break,
                }
                let took = started.elapsed();
                worked += took;
                self.runner.stop.sleep(rest(self.settings, took)).await;
                if pass + 1 == passes {
                    pace.learn(worked / passes);
                    self.tally.pages(upto.unwrap_or(end).min(end) - range.page);
                    range.page = next;
                    self.tell(part);
                    if last {
                        return Ok(());
                    }
                }
            }
        }
    }

    pub(super) fn tell(&self, part: &Part) {
        let (page, pages) = self.tally.place();
        self.runner.progress.event(Event::Backfill {
            step: self.work.step,
            table: &part.name,
            page,
            pages,
            rows: self.tally.rows(),
            rate: self.tally.rate(),
            left: self.tally.left(),
        });
    }

    /// One batch, and what follows from it.
    pub(super) async fn write(
        &self,
        session: &Session,
        pid: i32,
        at: &At<'_>,
        pace: &mut Pace,
    ) -> Result<Next, ApplyError> {
        let waited_for = Cell::new(false);
        let batch = self.batch(session, pid, at, pace.is_smallest(), &waited_for).await?;
        if waited_for.get() {
            pace.ease();
        }
        match batch {
            Some(Batch::Written(count)) => {
                self.tally.add(count);
                self.runner.part_way.set(true);
                Ok(Next::Goes)
            }
            Some(Batch::Moved) => {
                self.moved.set(true);
                self.halted.set(true);
                Ok(Next::Ends)
            }
            None => {
                pace.ease();
                Ok(Next::Smaller)
            }
        }
    }

    /// One batch, tried again as long as that helps. None: it ran into its time limit, and a smaller one may not.
    async fn batch(
        &self,
        session: &Session,
        pid: i32,
        at: &At<'_>,
        smallest: bool,
        waited_for: &Cell<bool>,
    ) -> Result<Option<Batch>, ApplyError> {
        let mut backoff = Backoff::new(self.runner.patience);
        loop {
            let (result, blockers) = watched(
                self.throttle
                    .beside(self.runner, self.work, pid, waited_for, self.attempt(session, at)),
                &self.runner.sessions.watcher.client,
                pid,
                |blockers| {
                    self.runner.progress.event(Event::Blocked {
                        step: self.work.step,
                        blockers,
                    });
                },
            )
            .await;
            let error = match result {
                Ok(batch) => return Ok(Some(batch)),
                Err(error) => error,
            };
            // Fails only if the connection is gone, and then there is nothing to roll back.
            let _ = session.client.batch_execute("ROLLBACK").await;
            let trouble = Trouble::of(&error);
            if self.runner.stop.signal().is_some() && trouble == Trouble::Cancelled {
                return Err(self.runner.stopped(self.work));
            }
            if !trouble.is_retryable() {
                return Err(self.runner.refused(self.work, error).await);
            }
            let Some(wait) = backoff.next_wait() else {
                return Err(ApplyError::GaveUp {
                    step: self.work.step.id.clone(),
                    attempts: backoff.attempts,
                    reason: format!("{trouble}: {}", db_message(&error)),
                    blockers,
                });
            };
            if trouble == Trouble::Cancelled && !smallest {
                return Ok(None);
            }
            self.runner.progress.event(Event::Retry {
                step: self.work.step,
                reason: trouble.to_string(),
                wait,
            });
            self.runner.stop.sleep(wait).await;
            self.runner.check_stop(self.work, Begun::Yes)?;
            (self.runner.in_window)()?;
        }
    }

    /// The update and the place reached, in one transaction.
    async fn attempt(&self, session: &Session, at: &At<'_>) -> Result<Batch, Error> {
        let client = &session.client;
        // The place reached is kept or lost with the rows, and the end of the step waits for all of it to be on the disk.
        let opening = "BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL statement_timeout = '60s'; ";
        let update = (self.update)(&at.part.name, &at.rows);
        let watch = self.runner.watch;
        let work = async {
            let count = if watch.looks() {
                client.batch_execute(opening).await?;
                watch.begun(self.work.step, client).await;
                let count = count(client, &update).await?;
                watch.before_commit(self.work.step, client).await;
                count
            } else {
                count(client, &format!("{opening}{update}")).await?
            };
            let reached = journal::Reached {
                page: at.page,
                key: at.key,
            };
            let there = if at.last {
                journal::end_range(client, self.work.key, at.range, count).await?
            } else {
                journal::move_range(client, self.work.key, at.range, reached, count, at.rate).await?
            };
            if !there {
                client.batch_execute("ROLLBACK").await?;
                return Ok(Batch::Moved);
            }
            client.batch_execute("COMMIT").await?;
            Ok(Batch::Written(count))
        };
        self.runner.cancellable_on(session, self.work.step, work).await
    }

    pub(super) fn lost_or(&self, error: Error) -> ApplyError {
        if Trouble::of(&error) == Trouble::ConnectionLost {
            ApplyError::Lost {
                step: self.work.step.id.clone(),
                reason: db_message(&error),
            }
        } else {
            ApplyError::database("cannot write the journal")(error)
        }
    }
}

/// Where a batch is.
pub(super) struct At<'a> {
    pub(super) part: &'a Part,
    pub(super) range: &'a Range,
    /// The condition that chooses its rows.
    pub(super) rows: String,
    /// The page behind it, where the range goes on there.
    pub(super) page: Option<i64>,
    /// Its last key, where the range goes on behind it.
    pub(super) key: Option<&'a str>,
    /// Whether the range ends here.
    pub(super) last: bool,
    pub(super) rate: f64,
}

/// The rows from a page to before another one, or to the end; of these the share of a pass, or all.
fn rows(part: &Part, page: i64, upto: Option<i64>, pass: Option<u32>) -> String {
    if !part.heap {
        return "true".into();
    }
    let mut text = sweep::from_page(page);
    if let Some(upto) = upto {
        text.push_str(&format!(" AND {}", sweep::before_page(upto)));
    }
    if let Some(pass) = pass {
        text.push_str(&format!(" AND {}", sweep::in_pass(&pass.to_string())));
    }
    text
}

/// Runs statements; the number of rows that the last of them has written.
async fn count(client: &Client, statements: &str) -> Result<i64, Error> {
    let messages = client.simple_query(statements).await?;
    Ok(messages
        .iter()
        .rev()
        .find_map(|message| match message {
            SimpleQueryMessage::CommandComplete(count) => Some(i64::try_from(*count).unwrap_or(i64::MAX)),
            _ => None,
        })
        .unwrap_or(0))
}
