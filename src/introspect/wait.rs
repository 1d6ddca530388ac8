//! Tables that others have locked: they are waited for in turns, and between two turns who stands in the way is looked at. Nobody
//! waits behind a reader but those who ask for ACCESS EXCLUSIVE, and those only for a turn.

use std::time::{Duration, Instant};

use tokio_postgres::{Client, Error};

use super::IntrospectError;
use crate::conn::Blocker;

const TURN: Duration = Duration::from_secs(2);

/// How long locks of others are waited for.
pub struct Patience<'a> {
    /// All turns together.
    pub budget: Duration,
    /// Hears once who is waited for.
    pub told: &'a dyn Fn(&[Blocker]),
}

impl Default for Patience<'_> {
    /// Five minutes, in silence.
    fn default() -> Self {
        Self {
            budget: Duration::from_secs(300),
            told: &|_| {},
        }
    }
}

/// The turns of one reading.
pub(super) struct Wait<'a> {
    patience: &'a Patience<'a>,
    started: Instant,
    said: bool,
}

impl<'a> Wait<'a> {
    pub(super) fn begin(patience: &'a Patience<'a>) -> Self {
        Self {
            patience,
            started: Instant::now(),
            said: false,
        }
    }

    /// How long the next turn waits for a lock; never zero, which would be without an end.
    pub(super) fn turn(&self) -> Duration {
        let left = self.patience.budget.saturating_sub(self.started.elapsed());
        left.clamp(Duration::from_millis(100), TURN)
    }

    /// After a turn without luck: an error where the time is over.
    pub(super) async fn go_on(&mut self, client: &Client) -> Result<(), IntrospectError> {
        let waited = self.started.elapsed();
        let what = "who holds locks";
        let query = |error| IntrospectError::Query { what, error };
        let blockers = holders(client).await.map_err(query)?;
        if waited >= self.patience.budget {
            return Err(IntrospectError::Locked { waited, blockers });
        }
        if !self.said && !blockers.is_empty() {
            (self.patience.told)(&blockers);
            self.said = true;
        }
        Ok(())
    }
}

/// Who holds ACCESS EXCLUSIVE on a relation of this database that others see, or waits for it and lets nobody pass.
async fn holders(client: &Client) -> Result<Vec<Blocker>, Error> {
    let rows = client
        .query(
            r"SELECT DISTINCT coalesce(l.pid, 0), coalesce(a.usename::text, '?'), coalesce(nullif(a.application_name, ''), a.backend_type, '?'),
                     coalesce(a.state, '?'), pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)::bigint,
                     coalesce(pg_catalog.left(pg_catalog.regexp_replace(a.query, '\s+', ' ', 'g'), 100), '')
                FROM pg_catalog.pg_locks l
                     LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
                     LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
               WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND c.relpersistence IS DISTINCT FROM 't'
                 AND l.database IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
                 AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
               ORDER BY 1",
            &[],
        )
        .await?;
    rows.iter().map(Blocker::read).collect()
}
