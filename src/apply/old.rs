//! What keeps old rows: transactions that a concurrent build has to wait for, and whatever lets a backfill leave dead rows or log behind.

use tokio_postgres::{Client, Error};

use crate::conn::Blocker;

/// The age in seconds from which a transaction is worth a word.
const OLD: f64 = 5.0;

/// Open transactions of this database that hold a snapshot or have written, older than that. A concurrent build waits for each
/// of them, whatever table they used; prepared transactions have no session and are shown as such.
pub(super) async fn transactions(watcher: &Client, own: i32) -> Result<Vec<Blocker>, Error> {
    let rows = watcher
        .query(
            r"SELECT pid, coalesce(usename::text, '?'), coalesce(nullif(application_name, ''), backend_type, '?'), coalesce(state, '?'),
                     pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start)::bigint,
                     coalesce(pg_catalog.left(pg_catalog.regexp_replace(query, '\s+', ' ', 'g'), 100), '')
                FROM pg_catalog.pg_stat_activity
               WHERE datname = pg_catalog.current_database() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
                 AND pid NOT IN (pg_catalog.pg_backend_pid(), $1)
                 AND backend_type IS DISTINCT FROM 'autovacuum worker'
                 AND pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - xact_start) > $2
              UNION ALL
              SELECT 0, owner, '', 'prepared', pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - prepared)::bigint, gid
                FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()
              ORDER BY 1",
            &[&own, &OLD],
        )
        .await?;
    rows.iter().map(Blocker::read).collect()
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
