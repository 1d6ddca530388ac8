//! What the journal knows about how plans ended, and who let them go on.

use serde::Serialize;
use tokio_postgres::{Client, Error, Row};

use super::{Forced, utc};

/// A plan was given up.
pub(crate) const ABANDONED: &str = "abandoned";
/// A hazard or a phase was approved for a run; the detail is its id.
pub(crate) const APPROVED: &str = "approved";

/// That a plan was given up or rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// When, in UTC.
    pub at: String,
    /// Who did it; journals of older programs do not know who abandoned a plan.
    pub by: Option<String>,
}

impl Closed {
    fn of(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            at: row.try_get(0)?,
            by: row.try_get(1)?,
        })
    }
}

/// Whether a plan is abandoned.
pub async fn abandoned(client: &Client, plan: &str) -> Result<Option<Closed>, Error> {
    let sql = format!(
        "SELECT {}, (SELECT e.who FROM pgphase.event e WHERE e.plan = p.id AND e.kind = '{ABANDONED}' ORDER BY e.id DESC LIMIT 1)
           FROM pgphase.plan p WHERE p.id = $1 AND p.abandoned IS NOT NULL",
        utc("p.abandoned")
    );
    let row = client.query_opt(&sql, &[&plan]).await?;
    row.as_ref().map(Closed::of).transpose()
}

/// Whether every step of a plan that has run was undone: when and by whom the last one.
pub async fn rolled_back(client: &Client, plan: &str) -> Result<Option<Closed>, Error> {
    let sql = format!(
        "SELECT {}, e.who FROM pgphase.event e
          WHERE e.plan = $1 AND e.kind = 'undone' AND NOT EXISTS (SELECT FROM pgphase.step s WHERE s.plan = $1)
          ORDER BY e.id DESC LIMIT 1",
        utc("e.at")
    );
    let row = client.query_opt(&sql, &[&plan]).await?;
    row.as_ref().map(Closed::of).transpose()
}

/// A step that was undone, which has no row any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The number of the event.
    pub event: i64,
    /// The step.
    pub step: String,
    /// When, in UTC.
    pub at: String,
    /// Who did it.
    pub by: String,
}

/// The steps of a plan that were undone, in the order in which they were.
pub async fn undone(client: &Client, plan: &str) -> Result<Vec<Taken>, Error> {
    let sql = format!(
        "SELECT id, step, {}, who FROM pgphase.event
          WHERE plan = $1 AND kind = 'undone' AND step IS NOT NULL ORDER BY id",
        utc("at")
    );
    let taken = |row: &Row| {
        Ok(Taken {
            event: row.try_get(0)?,
            step: row.try_get(1)?,
            at: row.try_get(2)?,
            by: row.try_get(3)?,
        })
    };
    client.query(&sql, &[&plan]).await?.iter().map(taken).collect()
}

/// What was approved for single runs: the reason is the id of the hazard or phase.
pub async fn approved(client: &Client, plan: &str) -> Result<Vec<Forced>, Error> {
    let sql = format!(
        "SELECT {}, who, coalesce(detail, '') FROM pgphase.event WHERE plan = $1 AND kind = '{APPROVED}' ORDER BY id",
        utc("at")
    );
    client.query(&sql, &[&plan]).await?.iter().map(Forced::of).collect()
}
