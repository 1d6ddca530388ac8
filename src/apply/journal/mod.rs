//! What has run, remembered in the database itself, in namespace `pgphase`.
//!
//! A step in a transaction writes its row in that transaction, so that it has run exactly if the row says so. A step
//! outside a transaction is marked before it starts; after a crash the catalog says how far it came.

use std::time::Duration;

use serde::Serialize;
use tokio_postgres::{Client, Error, Row, SimpleQueryMessage};

use super::error::ApplyError;
use crate::plan::Baseline;

mod end;
mod guard;
mod range;

pub(crate) use end::{ABANDONED, APPROVED};
pub use end::{Closed, Taken, abandoned, approved, rolled_back, undone};
pub(crate) use guard::{FORCED, STATEMENTS, Times, cooling, mark_ready, snapshot, times};
pub use guard::{Forced, forced};
pub(crate) use range::{Range, Reached, end_range, forget_ranges, move_range, ranges, take_range};

/// The namespace of the journal.
pub const NAMESPACE: &str = "pgphase";

/// The version of the tables that this program writes.
pub const VERSION: i32 = 3;

/// The statements that lead from each version to the next; the first make version 1.
const LAYOUTS: [&str; 3] = [include_str!("1.sql"), include_str!("2.sql"), include_str!("3.sql")];

/// One plan that has been started here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanRow {
    /// The plan's id.
    pub id: String,
    /// Its name, the name of its folder.
    pub name: String,
    /// The fingerprint of the schema it started from.
    pub fingerprint: String,
    /// When it began, in UTC.
    pub started: String,
    /// Who began it.
    pub started_by: String,
    /// When its last step was done, in UTC.
    pub finished: Option<String>,
    /// When it was given up, in UTC.
    pub abandoned: Option<String>,
}

/// What is written when a plan begins.
#[derive(Debug, Clone, Copy)]
pub struct NewPlan<'a> {
    /// The plan's id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The fingerprint of the schema it starts from.
    pub fingerprint: &'a str,
    /// That schema, as JSON.
    pub schema: &'a str,
    /// The plan, as it is in its folder.
    pub document: &'a str,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It was started; it may have been interrupted.
    Running,
    /// It has run.
    Done,
    /// The server refused it.
    Failed,
}

impl Status {
    fn parse(text: &str) -> Self {
        match text {
            "done" => Self::Done,
            "failed" => Self::Failed,
            _ => Self::Running,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// One step that has been started.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepRow {
    /// The step's id.
    pub step: String,
    /// Its phase.
    pub phase: String,
    /// Its number in the plan.
    pub number: i32,
    /// How far it is.
    pub status: Status,
    /// The checksum of the SQL that ran.
    pub checksum: String,
    /// When it began, in UTC.
    pub started: String,
    /// When it ended, in UTC.
    pub finished: Option<String>,
    /// Rows written by a backfill.
    pub rows: Option<i64>,
    /// Where a backfill is.
    pub position: Option<String>,
    /// What the server said.
    pub error: Option<String>,
    /// Who ran it last.
    pub applied_by: String,
    /// How long it took in the run that finished it, in milliseconds.
    pub took_ms: Option<i64>,
    /// The tables that it locks or fills.
    pub tables: Vec<String>,
    /// Whether `rollback.sql` undoes it without loss.
    pub undo: Option<bool>,
    /// Rows per second of a backfill that is running.
    pub rate: Option<f64>,
}

/// What is kept of a step that has ended.
#[derive(Debug, Clone)]
pub struct EndedStep {
    /// How long it took.
    pub took: Duration,
    /// The tables that it locks or fills.
    pub tables: Vec<String>,
    /// Whether `rollback.sql` undoes it without loss.
    pub undo: bool,
}

/// What identifies a step in the journal.
#[derive(Debug, Clone, Copy)]
pub struct StepKey<'a> {
    /// The plan's id.
    pub plan: &'a str,
    /// The step's id.
    pub step: &'a str,
    /// Its phase.
    pub phase: &'a str,
    /// Its number in the plan.
    pub number: i32,
    /// The checksum of its SQL.
    pub checksum: &'a str,
}

/// The journal's version in this database; `None` where there is no journal.
pub async fn version(client: &Client) -> Result<Option<i32>, Error> {
    // Most databases have none, and every plan asks: a plain question is answered in one turn.
    let there = client
        .simple_query("SELECT WHERE pg_catalog.to_regclass('pgphase.version') IS NOT NULL")
        .await?;
    if !there
        .iter()
        .any(|message| matches!(message, SimpleQueryMessage::Row(_)))
    {
        return Ok(None);
    }
    let row = client
        .query_one("SELECT coalesce(pg_catalog.max(version), 0) FROM pgphase.version", &[])
        .await?;
    row.try_get(0).map(Some)
}

/// Creates the tables where they are missing, brings those of an older program up to date, and says which version is there.
/// Runs under the mutex.
pub async fn install(client: &Client) -> Result<i32, Error> {
    let there = version(client).await?.unwrap_or(0);
    let missing = LAYOUTS.iter().skip(usize::try_from(there).unwrap_or(usize::MAX));
    let statements: Vec<&str> = missing.copied().collect();
    if statements.is_empty() {
        return Ok(there);
    }
    client
        .batch_execute(&format!("BEGIN;\n{}\nCOMMIT;", statements.join("\n")))
        .await
        .map(|()| VERSION)
}

const UTC: &str = "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'";

fn utc(column: &str) -> String {
    format!("pg_catalog.to_char({column} AT TIME ZONE 'UTC', {UTC})")
}

/// The plans that have been started, oldest first.
pub async fn plans(client: &Client) -> Result<Vec<PlanRow>, Error> {
    let sql = format!(
        "SELECT id, name, fingerprint, {}, started_by, {}, {} FROM pgphase.plan p ORDER BY p.started, id",
        utc("started"),
        utc("finished"),
        utc("abandoned")
    );
    client.query(&sql, &[]).await?.iter().map(plan_row).collect()
}

/// One plan.
pub async fn plan(client: &Client, id: &str) -> Result<Option<PlanRow>, Error> {
    Ok(plans(client).await?.into_iter().find(|plan| plan.id == id))
}

/// The schema that a plan started from and the plan's document, both as they were written.
pub async fn documents(client: &Client, id: &str) -> Result<Option<(String, String)>, Error> {
    let row = client
        .query_opt("SELECT schema, document FROM pgphase.plan WHERE id = $1", &[&id])
        .await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}

fn plan_row(row: &Row) -> Result<PlanRow, Error> {
    Ok(PlanRow {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        fingerprint: row.try_get(2)?,
        started: row.try_get(3)?,
        started_by: row.try_get(4)?,
        finished: row.try_get(5)?,
        abandoned: row.try_get(6)?,
    })
}

/// Remembers that a plan is given up.
pub async fn abandon_plan(client: &Client, id: &str) -> Result<bool, Error> {
    let count = client
        .execute(
            "UPDATE pgphase.plan SET abandoned = pg_catalog.clock_timestamp() WHERE id = $1",
            &[&id],
        )
        .await?;
    if count == 1 {
        event(client, id, None, ABANDONED, "").await?;
    }
    Ok(count == 1)
}

/// Remembers that a plan begins. Doing it twice changes nothing.
pub async fn begin_plan(client: &Client, plan: NewPlan<'_>) -> Result<(), Error> {
    client
        .execute(
            "INSERT INTO pgphase.plan (id, name, fingerprint, schema, document, tool) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET abandoned = NULL",
            &[
                &plan.id,
                &plan.name,
                &plan.fingerprint,
                &plan.schema,
                &plan.document,
                &concat!("pgphase ", env!("CARGO_PKG_VERSION")),
            ],
        )
        .await?;
    Ok(())
}

/// Remembers that the last step of a plan is done.
pub async fn finish_plan(client: &Client, id: &str) -> Result<(), Error> {
    client
        .execute(
            "UPDATE pgphase.plan SET finished = pg_catalog.clock_timestamp() WHERE id = $1 AND finished IS NULL",
            &[&id],
        )
        .await?;
    Ok(())
}

/// Keeps what the schema looks like after a number of steps.
pub async fn save_state(client: &Client, id: &str, state: &Baseline, steps: usize) -> Result<(), ApplyError> {
    let objects = serde_json::to_string(&state.objects).map_err(not_understood(id))?;
    client
        .execute(
            "UPDATE pgphase.plan SET state_fingerprint = $2, state_objects = $3, state_steps = $4 WHERE id = $1",
            &[&id, &state.fingerprint, &objects, &i32::try_from(steps).unwrap_or(-1)],
        )
        .await
        .map_err(ApplyError::database("cannot write the journal"))?;
    Ok(())
}

fn not_understood(id: &str) -> impl Fn(serde_json::Error) -> ApplyError {
    move |error| ApplyError::Journal(format!("state_objects of plan {id} cannot be understood: {error}"))
}

/// What the schema looked like at the end of the last run, and how many steps had run then.
pub async fn state(client: &Client, id: &str) -> Result<Option<(Baseline, usize)>, ApplyError> {
    let read = || ApplyError::database("cannot read the journal");
    let row = client
        .query_opt(
            "SELECT state_fingerprint, state_objects, state_steps FROM pgphase.plan WHERE id = $1 AND state_steps >= 0",
            &[&id],
        )
        .await
        .map_err(read())?;
    let Some(row) = row else { return Ok(None) };
    let objects = row.try_get(1).map_err(read())?;
    let state = Baseline {
        fingerprint: row.try_get(0).map_err(read())?,
        objects: serde_json::from_str(objects).map_err(not_understood(id))?,
        kept: vec![],
    };
    let steps: i32 = row.try_get(2).map_err(read())?;
    Ok(Some((state, usize::try_from(steps).unwrap_or(0))))
}

/// The steps of a plan that have been started, in order.
pub async fn steps(client: &Client, plan: &str) -> Result<Vec<StepRow>, Error> {
    let sql = format!(
        "SELECT step, phase, number, status, checksum, {}, {}, CASE WHEN s.rows IS NOT NULL OR r.n > 0 THEN coalesce(s.rows, 0) + r.rows END, position, error, applied_by, took_ms,
                coalesce(tables, '{{}}'), undo, r.rate
           FROM pgphase.step s
                CROSS JOIN LATERAL (SELECT pg_catalog.count(*) AS n, coalesce(pg_catalog.sum(rows), 0)::bigint AS rows,
                                   pg_catalog.max(rate) FILTER (WHERE updated > pg_catalog.now() - '1 min'::interval) AS rate
                              FROM pgphase.range r WHERE r.plan = s.plan AND r.step = s.step) AS r
          WHERE plan = $1 ORDER BY number",
        utc("started"),
        utc("finished")
    );
    let rows = client.query(&sql, &[&plan]).await?;
    rows.iter()
        .map(|row| {
            Ok(StepRow {
                step: row.try_get(0)?,
                phase: row.try_get(1)?,
                number: row.try_get(2)?,
                status: Status::parse(row.try_get(3)?),
                checksum: row.try_get(4)?,
                started: row.try_get(5)?,
                finished: row.try_get(6)?,
                rows: row.try_get(7)?,
                position: row.try_get(8)?,
                error: row.try_get(9)?,
                applied_by: row.try_get(10)?,
                took_ms: row.try_get(11)?,
                tables: row.try_get(12)?,
                undo: row.try_get(13)?,
                rate: row.try_get(14)?,
            })
        })
        .collect()
}

/// Marks a step as started. A position left by an interrupted run is kept.
pub async fn start_step(client: &Client, key: StepKey<'_>) -> Result<(), Error> {
    write_step(client, key, Status::Running, None, None).await
}

/// Marks a step as done; inside the step's transaction where it has one.
pub async fn finish_step(client: &Client, key: StepKey<'_>, ended: &EndedStep) -> Result<(), Error> {
    write_step(client, key, Status::Done, Some(ended), None).await
}

/// Marks a step as refused by the server.
pub async fn fail_step(client: &Client, key: StepKey<'_>, ended: &EndedStep, error: &str) -> Result<(), Error> {
    write_step(client, key, Status::Failed, Some(ended), Some(error)).await
}

async fn write_step(
    client: &Client,
    key: StepKey<'_>,
    status: Status,
    ended: Option<&EndedStep>,
    error: Option<&str>,
) -> Result<(), Error> {
    let took = ended.map(|ended| i64::try_from(ended.took.as_millis()).unwrap_or(i64::MAX));
    client
        .execute(
            "INSERT INTO pgphase.step AS s (plan, step, phase, number, status, checksum, error, finished, took_ms, tables, undo, started)
             VALUES ($1, $2, $3, $4, $5::text, $6, $7, CASE WHEN $5::text <> 'running' THEN pg_catalog.clock_timestamp() END,
                     $8::bigint, $9, $10, pg_catalog.clock_timestamp() - coalesce($8::bigint, 0) * '1 ms'::interval)
             ON CONFLICT (plan, step) DO UPDATE SET status = excluded.status, checksum = excluded.checksum,
                 error = excluded.error, finished = excluded.finished, applied_by = excluded.applied_by,
                 took_ms = excluded.took_ms, tables = excluded.tables, undo = excluded.undo",
            &[
                &key.plan,
                &key.step,
                &key.phase,
                &key.number,
                &status.as_str(),
                &key.checksum,
                &error,
                &took,
                &ended.map(|ended| &ended.tables),
                &ended.map(|ended| ended.undo),
            ],
        )
        .await?;
    Ok(())
}

/// Forgets that a step has run, after its inverse did.
pub async fn forget_step(client: &Client, plan: &str, step: &str) -> Result<(), Error> {
    client
        .execute(
            "DELETE FROM pgphase.step WHERE plan = $1 AND step = $2",
            &[&plan, &step],
        )
        .await?;
    Ok(())
}

/// A finished plan has steps to run again.
pub async fn reopen_plan(client: &Client, id: &str) -> Result<(), Error> {
    client
        .execute(
            "UPDATE pgphase.plan SET finished = NULL, abandoned = NULL WHERE id = $1",
            &[&id],
        )
        .await?;
    Ok(())
}

/// Adds a line to the log.
pub async fn event(client: &Client, plan: &str, step: Option<&str>, kind: &str, detail: &str) -> Result<(), Error> {
    client
        .execute(
            "INSERT INTO pgphase.event (plan, step, kind, detail) VALUES ($1, $2, $3, $4)",
            &[&plan, &step, &kind, &detail],
        )
        .await?;
    Ok(())
}
