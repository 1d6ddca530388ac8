//! What makes a backfill rest: readers of the write-ahead log that fall behind, sessions that wait for its rows, a query of the user.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Error};

use super::lag::Lag;
use super::pace::Settings;
use crate::apply::error::{ApplyError, db_message};
use crate::apply::progress::Event;
use crate::apply::step::{Begun, Runner, Work};

/// The age of a snapshot from which it is worth a word.
const OLD_SNAPSHOT: f64 = 30.0;

/// How often a batch that runs is looked at.
const BESIDE: Duration = Duration::from_millis(100);

/// For so long nobody knows how fast the readers of the log are.
const NEW: Duration = Duration::from_secs(1);

/// Looks at the server for all workers of a backfill.
pub(super) struct Throttle<'a> {
    settings: &'a Settings,
    /// The process ids of the workers.
    pids: &'a [i32],
    lag: RefCell<Lag>,
    started: Instant,
    looked: Cell<Option<Instant>>,
    /// Why the workers rest now.
    reason: RefCell<Option<String>>,
    told_waiting: Cell<bool>,
    /// Whether a worker has gone on since the last look.
    worked: Cell<bool>,
    /// The share of its usual size that a batch may have.
    share: Cell<f64>,
    told_snapshot: Cell<bool>,
}

impl<'a> Throttle<'a> {
    pub(super) fn new(settings: &'a Settings, pids: &'a [i32]) -> Self {
        Self {
            settings,
            pids,
            lag: RefCell::default(),
            started: Instant::now(),
            looked: Cell::new(None),
            reason: RefCell::new(None),
            told_waiting: Cell::new(false),
            worked: Cell::new(false),
            share: Cell::new(1.0),
            told_snapshot: Cell::new(false),
        }
    }

    /// Waits as long as there is a reason to rest, and says which share of its usual size the next batch may have.
    pub(super) async fn wait(&self, runner: &Runner<'_>, work: Work<'_>) -> Result<f64, ApplyError> {
        let mut told: Option<String> = None;
        loop {
            runner.check_stop(work, Begun::Yes)?;
            let due = self
                .looked
                .get()
                .is_none_or(|last| self.is_careful() || last.elapsed() >= self.settings.look());
            if due {
                // Set first: the other workers need not ask as well.
                self.looked.set(Some(Instant::now()));
                (runner.in_window)()?;
                self.look(runner, work).await?;
            }
            let reason = self.reason.borrow().clone();
            let Some(reason) = reason else {
                self.worked.set(true);
                return Ok(self.share.get());
            };
            // The number in the reason changes; the words before it are told once.
            let kind = reason.split(':').next().unwrap_or_default().to_owned();
            if told.as_ref() != Some(&kind) {
                runner.progress.event(Event::Throttled {
                    step: work.step,
                    reason: &reason,
                });
                told = Some(kind);
            }
            runner.stop.sleep(self.settings.look()).await;
        }
    }

    /// Runs a batch, and looks meanwhile whether sessions wait for the rows of its worker: `waited_for` says so then.
    pub(super) async fn beside<T>(
        &self,
        runner: &Runner<'_>,
        work: Work<'_>,
        pid: i32,
        waited_for: &Cell<bool>,
        batch: impl Future<Output = T>,
    ) -> T {
        let mut batch = std::pin::pin!(batch);
        loop {
            tokio::select! {
                result = &mut batch => return result,
                () = tokio::time::sleep(BESIDE) => {}
            }
            if waited_for.get() {
                continue;
            }
            let asked = waiting(&runner.sessions.watcher.client, pid);
            let found = tokio::select! {
                result = &mut batch => return result,
                found = asked => found,
            };
            // A look that fails is no reason to give a batch up: the next one will tell.
            if found.unwrap_or_default() {
                waited_for.set(true);
                if !self.told_waiting.replace(true) {
                    let text = format!(
                        "step {}: sessions wait for rows of a batch; batches get shorter",
                        work.step.id
                    );
                    runner.progress.event(Event::Notice(text));
                }
            }
        }
    }

    /// Whether it looks before every batch: readers may be, or are, slower than the workers.
    fn is_careful(&self) -> bool {
        self.share.get() < 1.0 || (self.started.elapsed() < NEW && self.lag.borrow().is_read())
    }

    async fn look(&self, runner: &Runner<'_>, work: Work<'_>) -> Result<(), ApplyError> {
        let watcher = &runner.sessions.watcher.client;
        let failed = || ApplyError::database("cannot look at what a backfill has to wait for");
        let mut reason = None;
        if self.settings.max_lag > 0.0 {
            reason = self.lag(watcher).await.map_err(failed())?;
        }
        if reason.is_none()
            && let Some(query) = &self.settings.pause_when
        {
            reason = paused(watcher, query)
                .await?
                .then(|| "the query of pause_when says so".to_owned());
        }
        *self.reason.borrow_mut() = reason;
        if !self.told_snapshot.get()
            && let Some(notice) = old_snapshot(watcher, self.pids).await.map_err(failed())?
        {
            self.told_snapshot.set(true);
            let text = format!("step {}: {notice}", work.step.id);
            runner.progress.event(Event::Notice(text));
        }
        Ok(())
    }

    /// Who will be further behind than allowed. What a role may not see is NULL, and is left out.
    async fn lag(&self, watcher: &Client) -> Result<Option<String>, Error> {
        let rows = watcher
            .query(
                "SELECT '', 'now', pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_flush_lsn(), '0/0')::bigint, 0::float8
                 UNION ALL
                 SELECT pid::text, 'standby ' || coalesce(nullif(application_name, ''), client_addr::text, pid::text),
                        pg_catalog.pg_wal_lsn_diff(replay_lsn, '0/0')::bigint,
                        coalesce(pg_catalog.date_part('epoch', replay_lag), 0)
                   FROM pg_catalog.pg_stat_replication r
                  WHERE replay_lsn IS NOT NULL
                    AND NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots s
                                     WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
                 UNION ALL
                 SELECT 'slot ' || slot_name, 'slot ' || slot_name, pg_catalog.pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::bigint, 0
                   FROM pg_catalog.pg_replication_slots
                  WHERE active AND slot_type = 'logical' AND confirmed_flush_lsn IS NOT NULL",
                &[],
            )
            .await?;
        let (at, allowed) = (Instant::now(), self.settings.rest_from());
        let mut lag = self.lag.borrow_mut();
        let mut worst: Option<(Duration, String)> = None;
        for row in &rows {
            // Standbys may have the same name.
            let (reader, who): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let (position, told): (i64, f64) = (row.try_get(2)?, row.try_get(3)?);
            if reader.is_empty() {
                lag.note(at, position, self.worked.replace(false));
                continue;
            }
            let mut behind = lag.behind(&reader, at, position);
            // What the server says stays for a while when everything has been read.
            if !behind.is_zero() {
                behind = behind.max(Duration::try_from_secs_f64(told).unwrap_or_default());
            }
            if behind > allowed && worst.as_ref().is_none_or(|(most, _)| behind > *most) {
                worst = Some((behind, who));
            }
        }
        self.share.set(lag.share(at, allowed));
        Ok(worst.map(|(behind, who)| format!("{who} is behind: {:.1} s", behind.as_secs_f64())))
    }
}

/// Whether the user's query says that work must rest: its first column is true. No row is no.
async fn paused(watcher: &Client, query: &str) -> Result<bool, ApplyError> {
    let query = query.trim().trim_end_matches(';');
    let asked =
        format!("SELECT coalesce(pg_catalog.bool_or(answer::text::bool), false) FROM ({query}\n) AS asked (answer)");
    watcher
        .query_one(&asked, &[])
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|error| ApplyError::Unsuitable {
            what: format!("the query of pause_when failed: {}", db_message(&error)),
            hint: "it must give one column that is true or false".into(),
        })
}

/// Whether sessions wait for locks of a worker.
async fn waiting(watcher: &Client, pid: i32) -> Result<bool, Error> {
    watcher
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity
              WHERE wait_event_type = 'Lock' AND pid <> $1 AND $1 = ANY (pg_catalog.pg_blocking_pids(pid)))",
            &[&pid],
        )
        .await?
        .try_get(0)
}

/// Somebody whose snapshot keeps every row version that the backfill leaves behind.
async fn old_snapshot(watcher: &Client, pids: &[i32]) -> Result<Option<String>, Error> {
    let row = watcher
        .query_opt(
            "SELECT pid, coalesce(nullif(application_name, ''), backend_type, '?'),
                    pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start)::bigint
               FROM pg_catalog.pg_stat_activity
              WHERE backend_xmin IS NOT NULL AND pid <> ALL ($1) AND pid <> pg_catalog.pg_backend_pid()
                AND datname = pg_catalog.current_database()
                AND pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start) > $2
              ORDER BY xact_start LIMIT 1",
            &[&pids, &OLD_SNAPSHOT],
        )
        .await?;
    row.map(|row| {
        let (pid, application, age): (i32, String, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        Ok(format!(
            "pid {pid} ({application}) has had a transaction open for {age} s; until it ends, the space of old row versions cannot be used again"
        ))
    })
    .transpose()
}
