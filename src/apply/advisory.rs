//! One run at a time in a database.
//!
//! The lock is held by the session and polled for. Waiting in `pg_advisory_lock`, or holding the lock in an open
//! transaction, deadlocks with a concurrent index build of the run that has it: the build waits for every older
//! snapshot, also for the one of the waiting run.

use std::fmt;
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Error};

/// The lock's number: "pgphase" in ASCII. Advisory locks are per database, and so is this.
pub const KEY: i64 = 0x7067_7068_6173_6500;

/// Who has the lock.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Holder {
    /// Process id of its session.
    pub pid: i32,
    /// What it calls itself.
    pub application: String,
    /// Its user.
    pub user: String,
    /// When its session began, in UTC.
    pub since: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "pid {} ({}, user {}, since {})",
            self.pid, self.application, self.user, self.since
        )
    }
}

/// Tries to take the lock until `patience` is over; `Err(holder)` inside says who has it, where that can be seen.
/// `waiting` hears of the holder once, when the wait begins.
pub async fn take(
    client: &Client,
    patience: Duration,
    mut waiting: impl FnMut(Option<&Holder>),
) -> Result<Result<(), Option<Holder>>, Error> {
    let started = Instant::now();
    let mut told = false;
    loop {
        let row = client
            .query_one("SELECT pg_catalog.pg_try_advisory_lock($1)", &[&KEY])
            .await?;
        if row.try_get(0)? {
            return Ok(Ok(()));
        }
        let holder = holder(client).await?;
        if started.elapsed() >= patience {
            return Ok(Err(holder));
        }
        if !told {
            waiting(holder.as_ref());
            told = true;
        }
        tokio::time::sleep(Duration::from_millis(500).min(patience)).await;
    }
}

/// Gives the lock back; ending the session does that too.
pub async fn release(client: &Client) -> Result<(), Error> {
    client
        .execute("SELECT pg_catalog.pg_advisory_unlock($1)", &[&KEY])
        .await?;
    Ok(())
}

/// Who has the lock now.
pub async fn holder(client: &Client) -> Result<Option<Holder>, Error> {
    let row = client
        .query_opt(
            "SELECT l.pid, coalesce(nullif(a.application_name, ''), '?'), coalesce(a.usename::text, '?'),
                    coalesce(pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), '?')
               FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
              WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
                AND l.classid::bigint = ($1::bigint >> 32) AND l.objid::bigint = ($1::bigint & 4294967295)
              LIMIT 1",
            &[&KEY],
        )
        .await?;
    row.map(|row| {
        Ok(Holder {
            pid: row.try_get(0)?,
            application: row.try_get(1)?,
            user: row.try_get(2)?,
            since: row.try_get(3)?,
        })
    })
    .transpose()
}
