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

/// What was approved for single runs: the reason is the id of the hazard or phase.
pub async fn approved(client: &Client, plan: &str) -> Result<Vec<Forced>, Error> {
    let sql = format!(
        "SELECT {}, who, coalesce(detail, '') FROM pgphase.event WHERE plan = $1 AND kind = '{APPROVED}' ORDER BY id",
        utc("at")
    );
    client.query(&sql, &[&plan]).await?.iter().map(Forced::of).collect()
}
