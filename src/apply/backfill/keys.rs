//! Batches by key, for tables whose rows have no place that means anything: those of other access methods than heap.
//!
//! The rows of a batch lie behind the key of the one before, and that key is written down in the transaction of the batch. Without a
//! unique key over columns that are never null, and for foreign tables, of which PostgreSQL knows no key, the whole table is one batch.

use std::time::Instant;

use tokio_postgres::{Client, Error};

use super::board::Part;
use super::pace::{Pace, rest};
use super::worker::{At, Next, Sweep};
use crate::apply::error::ApplyError;
use crate::apply::journal::Range;
use crate::conn::Session;
use crate::sql::{list, literal};

/// Rows on this side of a key, or on the other. The texts take the types of their columns.
fn compare(columns: &[String], operator: &str, key: &[String]) -> String {
    let values = key.iter().map(|value| literal(value));
    format!("({}) {operator} ({})", list(columns), list(values))
}

/// The query for the last key of a batch of so many rows; no row when fewer are left.
fn last_key(table: &str, columns: &[String], behind: Option<&[String]>, rows: i64) -> String {
    let texts = columns.iter().map(|column| format!("{column}::text"));
    let condition = behind.map_or("true".into(), |key| compare(columns, ">", key));
    format!(
        "SELECT ARRAY[{}] FROM ONLY {table} WHERE {condition} ORDER BY {} OFFSET {} LIMIT 1",
        list(texts),
        list(columns),
        rows - 1
    )
}

/// The condition for the rows of a batch.
fn between(columns: &[String], behind: Option<&[String]>, upto: Option<&[String]>) -> String {
    let bounds = [(">", behind), ("<=", upto)];
    let texts: Vec<String> = bounds
        .into_iter()
        .filter_map(|(operator, key)| key.map(|key| compare(columns, operator, key)))
        .collect();
    if texts.is_empty() {
        "true".into()
    } else {
        texts.join(" AND ")
    }
}

async fn find(client: &Client, query: &str) -> Result<Option<Vec<String>>, Error> {
    let row = client.query_opt(query, &[]).await?;
    row.map(|row| row.try_get(0)).transpose()
}

impl Sweep<'_> {
    /// Sweeps a table key by key.
    pub(super) async fn by_key(
        &self,
        session: &Session,
        pid: i32,
        range: &Range,
        part: &Part,
    ) -> Result<(), ApplyError> {
        let mut pace = Pace::new(self.settings);
        let mut behind: Option<Vec<String>> = range.key.as_deref().and_then(|text| serde_json::from_str(text).ok());
        loop {
            if self.halted.get() {
                return Ok(());
            }
            pace.heed(self.throttle.wait(self.runner, self.work).await?);
            let query = last_key(&part.name, &part.keys, behind.as_deref(), pace.span);
            let found = find(&session.client, &query).await;
            let upto = found.map_err(|error| self.lost_or(error))?;
            let key = upto.as_ref().and_then(|key| serde_json::to_string(key).ok());
            let started = Instant::now();
            let at = At {
                part,
                range,
                rows: between(&part.keys, behind.as_deref(), upto.as_deref()),
                page: None,
                key: key.as_deref(),
                last: upto.is_none(),
                rate: self.tally.rate(),
            };
            match self.write(session, pid, &at, &mut pace).await? {
                Next::Goes => {}
                Next::Ends => return Ok(()),
                Next::Smaller => continue,
            }
            let took = started.elapsed();
            self.runner.stop.sleep(rest(self.settings, took)).await;
            pace.learn(took);
            if upto.is_none() {
                self.tally.pages(part.pages);
            }
            self.tell(part);
            if upto.is_none() {
                return Ok(());
            }
            behind = upto;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_lie_side_by_side() {
        let columns = ["a".to_owned(), "\"B\"".to_owned()];
        let (one, two) = (["1".to_owned(), "x".to_owned()], ["2".to_owned(), "o'y".to_owned()]);
        assert_eq!(between(&columns, None, None), "true");
        assert_eq!(
            between(&columns, Some(&one), Some(&two)),
            "(a, \"B\") > ('1', 'x') AND (a, \"B\") <= ('2', 'o''y')"
        );
        assert_eq!(
            last_key("public.t", &columns, Some(&one), 100),
            "SELECT ARRAY[a::text, \"B\"::text] FROM ONLY public.t WHERE (a, \"B\") > ('1', 'x') ORDER BY a, \"B\" OFFSET 99 LIMIT 1"
        );
    }
}
