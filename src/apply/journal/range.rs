//! The ranges of pages that workers of a backfill are at. What a batch wrote and the page it reached are written in its own
//! transaction, so every row counts once.

use tokio_postgres::{Client, Error};

use super::StepKey;

/// A range of pages of a table that one worker sweeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    /// The table.
    pub(crate) oid: u32,
    /// The file that holds its rows.
    pub(crate) file: i64,
    /// Its first page.
    pub(crate) first: i64,
    /// The next page.
    pub(crate) page: i64,
    /// Where it ends; none: at the end of the table.
    pub(crate) upto: Option<i64>,
    /// Rows written.
    pub(crate) rows: i64,
    /// The key up to which rows are done, as a JSON array of texts, where batches go by key.
    pub(crate) key: Option<String>,
}

/// The ranges that are not done.
pub(crate) async fn ranges(client: &Client, key: StepKey<'_>) -> Result<Vec<Range>, Error> {
    let rows = client
        .query(
            "SELECT oid, file, first, page, upto, rows, key FROM pgphase.range WHERE plan = $1 AND step = $2 ORDER BY oid DESC, first DESC",
            &[&key.plan, &key.step],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Range {
                oid: row.try_get(0)?,
                file: row.try_get(1)?,
                first: row.try_get(2)?,
                page: row.try_get(3)?,
                upto: row.try_get(4)?,
                rows: row.try_get(5)?,
                key: row.try_get(6)?,
            })
        })
        .collect()
}

/// Writes a range down together with the front behind it.
pub(crate) async fn take_range(client: &Client, key: StepKey<'_>, front: &str, range: &Range) -> Result<(), Error> {
    client
        .execute(
            "WITH front AS (UPDATE pgphase.step SET position = $3 WHERE plan = $1 AND step = $2)
             INSERT INTO pgphase.range (plan, step, oid, file, first, page, upto) VALUES ($1, $2, $4, $5, $6, $7, $8)",
            &[
                &key.plan,
                &key.step,
                &front,
                &range.oid,
                &range.file,
                &range.first,
                &range.page,
                &range.upto,
            ],
        )
        .await?;
    Ok(())
}

/// How far a range is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached<'a> {
    /// The next page, where it has changed.
    pub(crate) page: Option<i64>,
    /// The last key, where it has changed.
    pub(crate) key: Option<&'a str>,
}

/// Inside the transaction of a batch: rows were written, and the range goes on behind a page or a key, where that has changed. False when
/// the table's rows have moved to another file; the lock that the batch holds keeps them from moving after this.
pub(crate) async fn move_range(
    client: &Client,
    key: StepKey<'_>,
    range: &Range,
    reached: Reached<'_>,
    added: i64,
    rate: f64,
) -> Result<bool, Error> {
    let moved = client
        .execute(
            "UPDATE pgphase.range SET page = coalesce($6, page), key = coalesce($9, key), rows = rows + $7, rate = $8, updated = pg_catalog.clock_timestamp()
              WHERE plan = $1 AND step = $2 AND oid = $3 AND first = $5
                AND file = $4 AND coalesce(pg_catalog.pg_relation_filenode(oid)::bigint, 0) = $4",
            &[&key.plan, &key.step, &range.oid, &range.file, &range.first, &reached.page, &added, &rate, &reached.key],
        )
        .await?;
    Ok(moved == 1)
}

/// The same for the last batch of a range.
pub(crate) async fn end_range(client: &Client, key: StepKey<'_>, range: &Range, added: i64) -> Result<bool, Error> {
    let ended = client
        .execute(
            "WITH gone AS (
                 DELETE FROM pgphase.range
                  WHERE plan = $1 AND step = $2 AND oid = $3 AND first = $5
                    AND file = $4 AND coalesce(pg_catalog.pg_relation_filenode(oid)::bigint, 0) = $4
                 RETURNING rows)
             UPDATE pgphase.step s SET rows = coalesce(s.rows, 0) + gone.rows + $6 FROM gone WHERE s.plan = $1 AND s.step = $2",
            &[&key.plan, &key.step, &range.oid, &range.file, &range.first, &added],
        )
        .await?;
    Ok(ended == 1)
}

/// The rows of a table have moved: its ranges say nothing any more, but what they wrote counts.
pub(crate) async fn forget_ranges(client: &Client, key: StepKey<'_>, front: &str) -> Result<(), Error> {
    client
        .execute(
            "WITH gone AS (DELETE FROM pgphase.range WHERE plan = $1 AND step = $2 RETURNING rows)
             UPDATE pgphase.step SET position = $3, rows = coalesce(rows, 0) + (SELECT coalesce(pg_catalog.sum(rows), 0) FROM gone)
              WHERE plan = $1 AND step = $2",
            &[&key.plan, &key.step, &front],
        )
        .await?;
    Ok(())
}
