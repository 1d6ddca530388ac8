//! Backfills: a sweep over the pages of a table, a range per transaction, the position saved with each.
//!
//! Only rows that still need it are written, so a batch can run again, and a sweep can start again when the rows have moved
//! (VACUUM FULL, CLUSTER). Rows that change behind the sweep are filled by the trigger or default that expand has set.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, Error};

use super::error::ApplyError;
use super::journal;
use super::progress::Event;
use super::step::{Runner, Work};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::operation::Operation;
use crate::render::{data, script};

const SHORTEST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_millis(600);
const FEWEST_PAGES: i64 = 8;
const MOST_PAGES: i64 = 8192;

/// Where a sweep is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    /// Which operation of the step.
    operation: usize,
    /// The table that is swept; tables with a smaller oid are done.
    oid: u32,
    /// The file of that table; another one means that the rows have moved.
    file: i64,
    /// The next page.
    page: i64,
    /// Where the sweep ends: the size of the table when it began.
    end: i64,
}

/// A table that holds rows.
struct Part {
    oid: u32,
    name: String,
    file: i64,
    pages: i64,
}

/// Runs the backfills of a step; the number of rows written.
pub(crate) async fn run(runner: &Runner<'_>, work: Work<'_>) -> Result<i64, ApplyError> {
    let client = runner.client();
    let write = ApplyError::database("cannot start the backfill");
    let start = async {
        journal::start_step(client, work.key).await?;
        client.batch_execute(&script::opening(work.step)).await
    };
    start.await.map_err(write)?;
    let saved: Option<Position> = work
        .before
        .and_then(|row| row.position.as_deref())
        .and_then(|text| serde_json::from_str(text).ok());
    let mut rows = 0;
    for (index, operation) in work.step.operations.iter().enumerate() {
        let Operation::Backfill { table, set, condition } = operation else {
            continue;
        };
        if saved.as_ref().is_some_and(|saved| saved.operation > index) {
            continue;
        }
        let resume = saved.as_ref().filter(|saved| saved.operation == index);
        rows += sweep(runner, work, (table, set, condition), index, resume).await?;
    }
    journal::finish_step(client, work.key, None)
        .await
        .map_err(ApplyError::database("cannot write the journal"))?;
    Ok(rows)
}

async fn sweep(
    runner: &Runner<'_>,
    work: Work<'_>,
    (table, set, condition): (&QualifiedName, &[(Ident, Expr)], &Expr),
    operation: usize,
    resume: Option<&Position>,
) -> Result<i64, ApplyError> {
    let parts = parts(runner.client(), table)
        .await
        .map_err(ApplyError::database("cannot list the tables to fill"))?;
    let mut rows = 0;
    let mut pages_per_batch = i64::from(data::PAGES_PER_BATCH);
    for part in parts {
        if resume.is_some_and(|resume| resume.oid > part.oid) {
            continue;
        }
        let resume = resume.filter(|resume| resume.oid == part.oid && resume.file == part.file);
        let (mut page, end) = resume.map_or((0, part.pages), |resume| (resume.page, resume.end));
        let update = data::batch(&part.name, set, condition, "$1::text", "$2::text");
        // The last range reaches past the end: a page may have been added since the size was read.
        while page <= end {
            runner.check_stop(work.step)?;
            let upto = page + pages_per_batch;
            let position = Position {
                operation,
                oid: part.oid,
                file: part.file,
                page: upto,
                end,
            };
            let text = serde_json::to_string(&position).unwrap_or_default();
            let started = Instant::now();
            let written = std::cell::Cell::new(0i64);
            runner
                .retried(work, || async {
                    let count = batch(runner, work, &update, page, upto, &text).await?;
                    written.set(count);
                    Ok(())
                })
                .await?;
            rows += written.get();
            page = upto;
            pages_per_batch = next_size(pages_per_batch, started.elapsed());
            runner.progress.event(Event::Backfill {
                step: work.step,
                table: &part.name,
                page: page.min(end),
                pages: end,
                rows,
            });
        }
    }
    Ok(rows)
}

/// Steers the time of a batch into the window: long enough to get on, short enough not to be felt.
fn next_size(pages: i64, took: Duration) -> i64 {
    let next = if took < SHORTEST {
        pages * 2
    } else if took > LONGEST {
        pages / 2
    } else {
        pages
    };
    next.clamp(FEWEST_PAGES, MOST_PAGES)
}

async fn batch(
    runner: &Runner<'_>,
    work: Work<'_>,
    update: &str,
    page: i64,
    upto: i64,
    position: &str,
) -> Result<i64, Error> {
    let client = runner.client();
    runner
        .cancellable(work.step, async {
            client
                .batch_execute("BEGIN; SET LOCAL statement_timeout = '60s'")
                .await?;
            runner.watch.begun(work.step, client).await;
            let bounds = (format!("({page},0)"), format!("({upto},0)"));
            let count = client.execute(update, &[&bounds.0, &bounds.1]).await?;
            runner.watch.before_commit(work.step, client).await;
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            journal::save_position(client, work.key, position, count).await?;
            client.batch_execute("COMMIT").await?;
            Ok(count)
        })
        .await
}

async fn parts(client: &Client, table: &QualifiedName) -> Result<Vec<Part>, Error> {
    let sql = format!(
        "SELECT s.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.pg_relation_filenode(s.oid)::bigint, \
         pg_catalog.pg_relation_size(s.oid) / pg_catalog.current_setting('block_size')::bigint \
         FROM ({}) AS s JOIN pg_catalog.pg_class c ON c.oid = s.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         ORDER BY s.oid",
        data::storage_of(table)
    );
    let rows = client.query(&sql, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(Part {
                oid: row.try_get(0)?,
                name: row.try_get(1)?,
                file: row.try_get::<_, Option<i64>>(2)?.unwrap_or(0),
                pages: row.try_get(3)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_grow_and_shrink_within_bounds() {
        assert_eq!(next_size(512, Duration::from_millis(10)), 1024);
        assert_eq!(next_size(512, Duration::from_millis(400)), 512);
        assert_eq!(next_size(512, Duration::from_secs(2)), 256);
        assert_eq!(next_size(MOST_PAGES, Duration::ZERO), MOST_PAGES);
        assert_eq!(next_size(FEWEST_PAGES, Duration::from_secs(9)), FEWEST_PAGES);
    }
}
