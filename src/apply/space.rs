//! Whether the disk has room for a phase. PostgreSQL does not tell how much is free, so a query of the user does; without one nothing is
//! checked.

use std::collections::HashMap;

use tokio_postgres::Client;

use super::error::{ApplyError, db_message};
use crate::introspect::sizes::sizes;
use crate::name::QualifiedName;
use crate::plan::{Phase, Size, Step, space};

/// This share of what is free must stay: a tenth.
const SPARE: f64 = 0.1;

/// Refuses a phase that may fill the disk. `query` gives the free bytes.
pub(super) async fn check(client: &Client, query: &str, phase: Phase, steps: &[&Step]) -> Result<(), ApplyError> {
    let tables = space::tables(steps.iter().copied());
    if tables.is_empty() {
        return Ok(());
    }
    let look = ApplyError::database("cannot look at the sizes of tables");
    let found = sizes(client, &tables).await.map_err(look)?;
    let known: HashMap<QualifiedName, Size> = found
        .into_iter()
        .map(|found| {
            let size = Size {
                rows: found.rows,
                bytes: found.bytes,
                heap: found.heap,
            };
            (found.table, size)
        })
        .collect();
    // What is not there yet is made empty by this plan.
    let size = |table: &QualifiedName| Some(known.get(table).copied().unwrap_or_default());
    let needed = space::at_most(steps.iter().copied(), &size).unwrap_or_default();
    let free = free(client, query).await?;
    if needed as f64 <= free * (1.0 - SPARE) {
        return Ok(());
    }
    Err(ApplyError::NoSpace {
        phase,
        needed,
        // The cast saturates.
        free: free.max(0.0) as u64,
    })
}

async fn free(client: &Client, query: &str) -> Result<f64, ApplyError> {
    let failed = |reason: String| ApplyError::Unsuitable {
        what: format!("the query of free_space failed: {reason}"),
        hint: "it gives one number, the bytes that are free on the disk of the server".into(),
    };
    let query = query.trim().trim_end_matches(';');
    let row = client
        .query_one(&format!("SELECT ({query}\n)::double precision"), &[])
        .await;
    let row = row.map_err(|error| failed(db_message(&error)))?;
    let free: Option<f64> = row.try_get(0).map_err(|error| failed(error.to_string()))?;
    free.ok_or_else(|| failed("it gave nothing".into()))
}
