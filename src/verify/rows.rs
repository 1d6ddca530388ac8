//! Fingerprints of rows: per table a count, a sum of the hashes of whole rows, and one for each column.

use std::collections::BTreeMap;

use tokio_postgres::{Client, Error};

use crate::name::{Ident, QualifiedName};
use crate::sql;

/// The columns of every table that holds rows itself, with the text of their types.
pub(super) type Columns = BTreeMap<QualifiedName, BTreeMap<Ident, String>>;

/// What the rows of a table add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) count: i64,
    row: String,
    columns: BTreeMap<Ident, String>,
}

/// The sums of all tables.
pub(super) type Sums = BTreeMap<QualifiedName, Sum>;

/// Reads the columns from the catalog. Generated ones follow from the others and are left out.
pub(super) async fn columns(client: &Client) -> Result<Columns, Error> {
    let query = r"
SELECT n.nspname::text, c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_catalog.pg_attribute a
              ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgphase')
   AND n.nspname NOT LIKE 'pg\_toast%' AND n.nspname NOT LIKE 'pg\_temp%'";
    let mut columns = Columns::new();
    for row in client.query(query, &[]).await? {
        let table = QualifiedName::new(row.try_get::<_, &str>(0)?, row.try_get::<_, &str>(1)?);
        let entry = columns.entry(table).or_default();
        if let (Some(name), Some(of_type)) = (row.try_get::<_, Option<&str>>(2)?, row.try_get(3)?) {
            entry.insert(Ident::new(name), of_type);
        }
    }
    Ok(columns)
}

/// What is in both, with the same type.
pub(super) fn common(before: &Columns, after: &Columns) -> Columns {
    before
        .iter()
        .filter_map(|(table, columns)| {
            let others = after.get(table)?;
            let same = columns
                .iter()
                .filter(|(name, of_type)| others.get(*name) == Some(of_type));
            Some((
                table.clone(),
                same.map(|(name, of_type)| (name.clone(), of_type.clone())).collect(),
            ))
        })
        .collect()
}

/// Counts and sums the rows.
pub(super) async fn sums(client: &Client, columns: &Columns) -> Result<Sums, Error> {
    let mut sums = Sums::new();
    for (table, columns) in columns {
        let row = sql::list(columns.keys().map(|name| format!("t.{name}")));
        let sum = |value: String| {
            format!("coalesce(pg_catalog.sum(pg_catalog.hashtextextended({value}, 0)::numeric), 0)::text")
        };
        let each = columns.keys().map(|name| sum(format!("t.{name}::text")));
        let all = sql::list([sum(format!("ROW({row})::text"))].into_iter().chain(each));
        let query = format!("SELECT pg_catalog.count(*), {all} FROM ONLY {table} t");
        let found = client.query_one(&query, &[]).await?;
        let mut of_columns = BTreeMap::new();
        for (at, name) in columns.keys().enumerate() {
            of_columns.insert(name.clone(), found.try_get(at + 2)?);
        }
        let sum = Sum {
            count: found.try_get(0)?,
            row: found.try_get(1)?,
            columns: of_columns,
        };
        sums.insert(table.clone(), sum);
    }
    Ok(sums)
}

/// What differs, a line per table with the columns; all columns are the same ones.
pub(super) fn differences(before: &Sums, after: &Sums) -> Vec<String> {
    before
        .iter()
        .filter_map(|(table, was)| match after.get(table) {
            None => Some(format!("{table} is gone, with {} rows", was.count)),
            Some(is) if is.count != was.count => Some(format!("{table} had {} rows and has {}", was.count, is.count)),
            Some(is) if is.row != was.row => {
                let changed = is
                    .columns
                    .iter()
                    .filter(|(name, sum)| was.columns.get(*name) != Some(sum));
                let names = sql::list(changed.map(|(name, _)| name));
                Some(format!("values in {table} ({names}) are not what they were"))
            }
            Some(_) => None,
        })
        .collect()
}

/// Whether a table that is in both has fewer rows than before.
pub(super) fn has_fewer(before: &Sums, after: &Sums) -> bool {
    let of_both = after.iter().filter_map(|(table, is)| Some((before.get(table)?, is)));
    of_both.into_iter().any(|(was, is)| is.count < was.count)
}

/// What was lost of the tables and columns that are in both, a line each.
pub(super) fn lost(before: &Sums, after: &Sums) -> Vec<String> {
    let mut lines = Vec::new();
    for (table, is) in after {
        let Some(was) = before.get(table) else { continue };
        if was.count != is.count {
            lines.push(format!("{table} had {} rows and has {}", was.count, is.count));
            continue;
        }
        let changed = is
            .columns
            .iter()
            .filter(|(name, sum)| was.columns.get(*name).is_some_and(|old| old != *sum));
        lines.extend(changed.map(|(name, _)| format!("values in {table}.{name} are not what they were")));
    }
    lines
}
