//! What the journal knows for the guards of contract, and who passed them.

use std::time::Duration;

use serde::Serialize;
use tokio_postgres::{Client, Error, Row};

/// Everything before contract has run.
const READY: &str = "ready";
/// Calls of statements that name what contract takes away.
pub(crate) const STATEMENTS: &str = "statements";
/// Contract was run against its guards.
pub(crate) const FORCED: &str = "forced";

/// Times in seconds since 1970, by the clock of the server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Times {
    /// Now.
    pub(crate) now: f64,
    /// When everything before contract had run.
    pub(crate) ready: Option<f64>,
    /// When the last step of expand had run.
    pub(crate) expanded: Option<f64>,
}

/// What a plan did after its last step back: `$1` is the plan.
const SINCE: &str = "e.plan = $1 AND e.id > coalesce((SELECT pg_catalog.max(u.id) FROM pgphase.event u WHERE u.plan = $1 AND u.kind = 'undone'), 0)";

/// Writes down that everything before contract has run; false when that is known.
pub(crate) async fn mark_ready(client: &Client, plan: &str) -> Result<bool, Error> {
    let sql = format!(
        "INSERT INTO pgphase.event (plan, kind) SELECT $1, '{READY}'
          WHERE NOT EXISTS (SELECT FROM pgphase.event e WHERE {SINCE} AND e.kind = '{READY}')"
    );
    Ok(client.execute(&sql, &[&plan]).await? == 1)
}

/// The times of a plan.
pub(crate) async fn times(client: &Client, plan: &str) -> Result<Times, Error> {
    let sql = format!(
        "SELECT pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()),
                pg_catalog.date_part('epoch', greatest(
                    (SELECT pg_catalog.max(finished) FROM pgphase.step WHERE plan = $1 AND phase <> 'contract' AND status = 'done'),
                    (SELECT pg_catalog.min(e.at) FROM pgphase.event e WHERE {SINCE} AND e.kind = '{READY}'))),
                (SELECT pg_catalog.date_part('epoch', pg_catalog.max(finished)) FROM pgphase.step
                  WHERE plan = $1 AND phase = 'expand' AND status = 'done')"
    );
    let row = client.query_one(&sql, &[&plan]).await?;
    Ok(Times {
        now: row.try_get(0)?,
        ready: row.try_get(1)?,
        expanded: row.try_get(2)?,
    })
}

/// The calls of statements as they were such a time ago, or when everything before contract had run, where that is later.
pub(crate) async fn snapshot(client: &Client, plan: &str, ago: Duration) -> Result<Option<String>, Error> {
    let sql = format!(
        "SELECT detail FROM pgphase.event e WHERE {SINCE} AND e.kind = '{STATEMENTS}'
          ORDER BY CASE WHEN e.at <= pg_catalog.clock_timestamp() - $2::float8 * '1 s'::interval THEN e.id ELSE 0 END DESC, e.id LIMIT 1"
    );
    let row = client.query_opt(&sql, &[&plan, &ago.as_secs_f64()]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
}

/// What is left of a time.
pub(crate) struct Left {
    /// Its end, in UTC.
    pub(crate) until: String,
    /// From now.
    pub(crate) left: Duration,
}

/// What is left of such a time since the last of these steps has run; none when it is over.
pub(crate) async fn cooling(
    client: &Client,
    plan: &str,
    steps: &[String],
    wanted: Duration,
) -> Result<Option<Left>, Error> {
    let sql = format!(
        "SELECT {}, pg_catalog.date_part('epoch', until - pg_catalog.clock_timestamp())
           FROM (SELECT pg_catalog.max(finished) + $3::float8 * '1 s'::interval AS until FROM pgphase.step
                  WHERE plan = $1 AND step = ANY ($2) AND status = 'done') AS swap WHERE until > pg_catalog.clock_timestamp()",
        super::utc("until")
    );
    let row = client.query_opt(&sql, &[&plan, &steps, &wanted.as_secs_f64()]).await?;
    row.map(|row| {
        Ok(Left {
            until: row.try_get(0)?,
            left: Duration::try_from_secs_f64(row.try_get(1)?).unwrap_or_default(),
        })
    })
    .transpose()
}

/// Contract was run against its guards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forced {
    /// When, in UTC.
    pub at: String,
    /// By whom.
    pub who: String,
    /// The reason that was given, and what stood against it.
    pub reason: String,
}

impl Forced {
    pub(super) fn of(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            at: row.try_get(0)?,
            who: row.try_get(1)?,
            reason: row.try_get(2)?,
        })
    }
}

/// When the guards of a plan were passed.
pub async fn forced(client: &Client, plan: &str) -> Result<Vec<Forced>, Error> {
    let sql = format!(
        "SELECT {}, who, coalesce(detail, '') FROM pgphase.event WHERE plan = $1 AND kind = '{FORCED}' ORDER BY id",
        super::utc("at")
    );
    let rows = client.query(&sql, &[&plan]).await?;
    rows.iter().map(Forced::of).collect()
}
