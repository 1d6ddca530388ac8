//! What keeps old rows: transactions that a concurrent build has to wait for, and whatever lets a backfill leave dead rows or log behind.

use std::time::Duration;

use tokio::time::Instant;
use tokio_postgres::{Client, Error};

use super::stop::Stop;
use crate::conn::Blocker;

/// The age in seconds from which a transaction is worth a word.
const OLD: f64 = 5.0;

/// How often it is looked who of those whose age is hidden is still there.
const LOOK: Duration = Duration::from_millis(250);

/// Open transactions of this database that hold a snapshot or have written, older than that. A concurrent build waits for each
/// of them, whatever table they used; prepared transactions have no session and are shown as such. Where the server does not tell this
/// role how old some are, it is seen who of them stays that long.
pub(super) async fn transactions(watcher: &Client, own: i32, stop: &Stop) -> Result<Vec<Blocker>, Error> {
    let (mut hidden, mut old): (Vec<Open>, Vec<Open>) =
        open(watcher, own).await?.into_iter().partition(Open::is_hidden);
    let end = Instant::now() + Duration::from_secs_f64(OLD);
    while !hidden.is_empty() && Instant::now() < end && stop.signal().is_none() {
        stop.sleep(LOOK).await;
        let now = open(watcher, own).await?;
        hidden.retain(|before| now.iter().any(|open| open.transaction == before.transaction));
    }
    old.extend(hidden);
    Ok(old.into_iter().map(|open| open.who).collect())
}

/// A transaction that is old, or may be.
struct Open {
    who: Blocker,
    /// What is its own as long as it lasts.
    transaction: Option<String>,
}

impl Open {
    fn is_hidden(&self) -> bool {
        self.who.age.is_none()
    }
}

/// Those that are old and those whose age is hidden. Autovacuum has no user.
async fn open(watcher: &Client, own: i32) -> Result<Vec<Open>, Error> {
    let rows = watcher
        .query(
            r"SELECT a.pid, coalesce(a.usename::text, '?'), coalesce(nullif(a.application_name, ''), a.backend_type, '?'), coalesce(a.state, '?'),
                     pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)::bigint,
                     coalesce(pg_catalog.left(pg_catalog.regexp_replace(a.query, '\s+', ' ', 'g'), 100), ''),
                     (SELECT pg_catalog.min(l.virtualtransaction) FROM pg_catalog.pg_locks l WHERE l.pid = a.pid)
                FROM pg_catalog.pg_stat_activity a
               WHERE a.datname = pg_catalog.current_database() AND (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL)
                 AND a.pid NOT IN (pg_catalog.pg_backend_pid(), $1) AND a.usesysid IS NOT NULL
                 AND (a.xact_start IS NULL OR pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) > $2)
              UNION ALL
              SELECT 0, owner, '', 'prepared', pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - prepared)::bigint, gid, NULL
                FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()
              ORDER BY 1",
            &[&own, &OLD],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Open {
                who: Blocker::read(row)?,
                transaction: row.try_get(6)?,
            })
        })
        .collect()
}

/// From how many transactions on a reader elsewhere is worth a word while it goes on reading.
const FAR: i32 = 10_000;

/// What else holds back the rows and the log that a backfill leaves dead, one sentence each: slots that nobody reads, and standbys far
/// behind with their snapshots. Neither stalls a concurrent build, which waits for sessions of this database only.
pub(super) async fn readers(watcher: &Client) -> Result<Vec<String>, Error> {
    let rows = watcher
        .query(
            "SELECT 'nobody reads replication slot ' || pg_catalog.quote_ident(slot_name) || ': '
                    || CASE WHEN xmin IS NOT NULL THEN 'dead rows stay in the tables, and ' ELSE '' END
                    || 'the log stays on the disk until it is read or dropped'
               FROM pg_catalog.pg_replication_slots
              WHERE NOT active AND (restart_lsn IS NOT NULL OR xmin IS NOT NULL)
              UNION ALL
             SELECT 'replication slot ' || pg_catalog.quote_ident(slot_name) || ' keeps dead rows of the last ' || pg_catalog.age(xmin) || ' transactions'
               FROM pg_catalog.pg_replication_slots WHERE active AND pg_catalog.age(xmin) > $1
              UNION ALL
             SELECT 'standby ' || coalesce(nullif(application_name, ''), pid::text) || ' keeps dead rows of the last '
                    || pg_catalog.age(backend_xmin) || ' transactions for its queries'
               FROM pg_catalog.pg_stat_replication WHERE pg_catalog.age(backend_xmin) > $1
              ORDER BY 1",
            &[&FAR],
        )
        .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}
