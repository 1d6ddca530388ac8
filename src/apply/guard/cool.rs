//! The cool-down of a contract that has swapped shapes: until it is over the swap can be taken back.

use std::time::Duration;

use serde::Serialize;
use tokio_postgres::{Client, Error};

use super::{pass, words};
use crate::apply::error::ApplyError;
use crate::apply::journal;
use crate::apply::progress::Progress;
use crate::plan::{Plan, Step, Turn};

/// Refuses to take old shapes away while the cool-down lasts.
pub(in crate::apply) async fn cool(
    client: &Client,
    id: &str,
    plan: &Plan,
    force: Option<&str>,
    progress: &dyn Progress,
) -> Result<(), ApplyError> {
    let look = ApplyError::database("cannot read the journal");
    let swaps: Vec<String> = plan.swaps().map(|step| step.id.clone()).collect();
    let wanted = Duration::from_secs(plan.cool_down.unwrap_or_default());
    let Some(until) = journal::cooling(client, id, &swaps, wanted).await.map_err(look)? else {
        return Ok(());
    };
    let Some(reason) = force else {
        return Err(ApplyError::CoolingDown {
            until: until.until,
            left: words(until.left),
        });
    };
    let passed = format!("{} of the cool-down are left", words(until.left));
    pass(client, id, reason, &[passed], progress).await
}

/// A plan between its swaps and what takes the old shapes away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cooling {
    /// Until when, in UTC; none where the time is over.
    pub until: Option<String>,
    /// How many writes have left a value that has no form in the old shape: as long as such a row is there, nothing leads back.
    pub misfits: i64,
}

/// Whether a plan is there, by its steps that have run.
///
/// # Errors
///
/// The journal or a sequence cannot be read.
pub async fn cooling(
    client: &Client,
    id: &str,
    cool_down: Option<u64>,
    steps: &[Step],
    is_done: impl Fn(&Step) -> bool,
) -> Result<Option<Cooling>, Error> {
    let swaps: Vec<&Step> = steps.iter().filter(|step| step.switch().is_some()).collect();
    let mut after = steps.iter().filter(|step| step.turn == Turn::After);
    if swaps.is_empty() || !swaps.iter().all(|step| is_done(step)) || after.all(&is_done) {
        return Ok(None);
    }
    let names: Vec<String> = swaps.iter().map(|step| step.id.clone()).collect();
    let wanted = Duration::from_secs(cool_down.unwrap_or_default());
    let left = journal::cooling(client, id, &names, wanted).await?;
    let mut misfits = 0;
    for sequence in swaps
        .iter()
        .filter_map(|step| step.switch())
        .flat_map(|switch| &switch.misfits)
    {
        let row = client
            .query_opt(
                "SELECT pg_catalog.pg_sequence_last_value(oid::regclass) FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)",
                &[&sequence.qualified().to_string()],
            )
            .await?;
        let count: Option<i64> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        misfits += count.unwrap_or_default();
    }
    Ok(Some(Cooling {
        until: left.map(|left| left.until),
        misfits,
    }))
}
