//! Which pages are swept by whom.
//!
//! A sweep goes over the tables in the order of their oids and over the pages of each from first to last. Workers take ranges
//! from its front; a range that is taken is written down in the statement that moves the front. So after a crash the pages that
//! are not done are those of the ranges written down and those behind the front.

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio_postgres::{Client, Error};

use crate::apply::journal::{self, Range, StepKey};
use crate::name::QualifiedName;
use crate::render::data;

/// A table that holds rows.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) oid: u32,
    pub(super) name: String,
    /// The number of the file that holds the rows: another one means that they have moved.
    pub(super) file: i64,
    pub(super) pages: i64,
    /// Whether its pages can be addressed: an ordinary heap.
    pub(super) heap: bool,
    /// The columns of a unique key, quoted, where pages cannot be addressed and there is one.
    pub(super) keys: Vec<String>,
}

/// How far a backfill is, as the journal keeps it; the ranges being swept are kept beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Front {
    /// Which operation of the step.
    pub(super) operation: usize,
    /// Which sweep, from 0.
    pub(super) round: u32,
    /// The table at the front; those with a smaller oid have been given out.
    pub(super) oid: u32,
    /// The file of that table.
    pub(super) file: i64,
    /// The next page to give out.
    pub(super) next: i64,
    /// Where the sweep of that table ends: its size when the sweep came to it.
    pub(super) end: i64,
    /// Pages of all tables, for the share that is done.
    pub(crate) pages: i64,
    /// Pages given out so far.
    pub(crate) given: i64,
}

/// Gives out ranges.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) parts: Vec<Part>,
    jobs: i64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    front: Front,
    /// Ranges that an earlier run has left.
    left: Vec<Range>,
}

impl Board {
    /// The board of a sweep that begins at, or goes on from, a front.
    pub(super) fn new(parts: Vec<Part>, mut front: Front, left: Vec<Range>, jobs: u16) -> Self {
        if front.next == 0 {
            front.pages = parts.iter().map(|part| part.pages).sum();
        }
        Self {
            parts,
            jobs: jobs.into(),
            state: Mutex::new(State { front, left }),
        }
    }

    pub(super) fn part(&self, range: &Range) -> Option<&Part> {
        self.parts.iter().find(|part| part.oid == range.oid)
    }

    /// The next range; none when the sweep is over. Ranges are given out one after the other, so that the front in the
    /// journal never passes a range that is not written down there.
    pub(super) async fn take(&self, client: &Client, key: StepKey<'_>) -> Result<Option<Range>, Error> {
        let mut state = self.state.lock().await;
        if let Some(range) = state.left.pop() {
            return Ok(Some(range));
        }
        let Some((front, range)) = next(&self.parts, &state.front, self.jobs) else {
            return Ok(None);
        };
        let text = serde_json::to_string(&front).unwrap_or_default();
        journal::take_range(client, key, &text, &range).await?;
        state.front = front;
        Ok(Some(range))
    }
}

/// The next range behind a front, and the front after it.
fn next(parts: &[Part], front: &Front, jobs: i64) -> Option<(Front, Range)> {
    let part = parts.iter().find(|part| {
        part.oid > front.oid || (part.oid == front.oid && (part.file != front.file || front.next < front.end))
    })?;
    let (first, end) = if part.oid == front.oid && part.file == front.file {
        (front.next, front.end)
    } else {
        (0, part.pages.max(1))
    };
    // With one worker there is nothing to share. Otherwise small enough that workers end together.
    let most = if jobs == 1 || !part.heap {
        end
    } else {
        (end / (jobs * 8)).max(1024)
    };
    let upto = (first + most).min(end);
    let front = Front {
        oid: part.oid,
        file: part.file,
        next: upto,
        end,
        given: front.given + (upto - first),
        ..front.clone()
    };
    let range = Range {
        oid: part.oid,
        file: part.file,
        first,
        page: first,
        // The last range reaches past the end: pages may have been added since the size was read.
        upto: (upto < end).then_some(upto),
        rows: 0,
        key: None,
    };
    Some((front, range))
}

/// The tables that hold the rows of a table, smallest oid first.
pub(super) async fn parts(client: &Client, table: &QualifiedName) -> Result<Vec<Part>, Error> {
    let sql = format!(
        "SELECT s.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), coalesce(pg_catalog.pg_relation_filenode(s.oid)::bigint, 0), \
         coalesce(pg_catalog.pg_relation_size(s.oid), 0) / pg_catalog.current_setting('block_size')::bigint, \
         c.relkind = 'r' AND coalesce(a.amname = 'heap', true), coalesce(k.columns, '{{}}') \
         FROM ({}) AS s JOIN pg_catalog.pg_class c ON c.oid = s.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam \
         LEFT JOIN LATERAL ( \
             SELECT pg_catalog.array_agg(pg_catalog.quote_ident(t.attname) ORDER BY k.place) AS columns \
               FROM pg_catalog.pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place) \
                    LEFT JOIN pg_catalog.pg_attribute t ON t.attrelid = i.indrelid AND t.attnum = k.attnum \
              WHERE a.amname <> 'heap' AND i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate \
                    AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts \
              GROUP BY i.indexrelid, i.indisprimary HAVING pg_catalog.bool_and(t.attnotnull) \
              ORDER BY i.indisprimary DESC, i.indexrelid LIMIT 1) AS k ON true \
         ORDER BY s.oid",
        data::storage_of(table, &["r", "f"])
    );
    let rows = client.query(&sql, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(Part {
                oid: row.try_get(0)?,
                name: row.try_get(1)?,
                file: row.try_get(2)?,
                pages: row.try_get(3)?,
                heap: row.try_get(4)?,
                keys: row.try_get(5)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(oid: u32, pages: i64) -> Part {
        Part {
            oid,
            name: format!("t{oid}"),
            file: i64::from(oid) * 10,
            pages,
            heap: true,
            keys: vec![],
        }
    }

    fn all(parts: &[Part], jobs: i64) -> Vec<(u32, i64, Option<i64>)> {
        let mut front = Front::default();
        let mut ranges = Vec::new();
        while let Some((after, range)) = next(parts, &front, jobs) {
            ranges.push((range.oid, range.first, range.upto));
            front = after;
        }
        ranges
    }

    #[test]
    fn every_page_is_given_out_once() {
        let parts = [part(1, 5000), part(2, 0), part(3, 100)];
        assert_eq!(all(&parts, 1), [(1, 0, None), (2, 0, None), (3, 0, None)]);
        assert_eq!(
            all(&parts, 2),
            [
                (1, 0, Some(1024)),
                (1, 1024, Some(2048)),
                (1, 2048, Some(3072)),
                (1, 3072, Some(4096)),
                (1, 4096, None),
                (2, 0, None),
                (3, 0, None)
            ]
        );
    }

    #[test]
    fn a_table_whose_rows_have_moved_is_begun_again() {
        let mut parts = [part(1, 5000)];
        let (front, _) = next(&parts, &Front::default(), 2).expect("a range");
        parts[0].file = 77;
        let (_, range) = next(&parts, &front, 2).expect("a range");
        assert_eq!((range.first, range.file), (0, 77));
    }
}
