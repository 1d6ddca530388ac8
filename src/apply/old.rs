//! Transactions that a concurrent build will have to wait for.

use tokio_postgres::{Client, Error};

use super::retry::Blocker;

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
