//! The rows of a database as values, to see that a migration kept them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::database::Database;

/// The rows of each table that holds rows itself.
pub(crate) type Rows = BTreeMap<String, Vec<BTreeMap<String, Value>>>;

/// Asks for one query per table, then runs all of them as one.
pub(crate) fn rows(database: &Database) -> Result<Rows, String> {
    let query = database.sql(
        "select string_agg(format('select %L as name, coalesce(jsonb_agg(to_jsonb(t)), ''[]'') as rows from only %s t', \
         c.oid::regclass, c.oid::regclass), ' union all ') from pg_class c where c.relkind = 'r' \
         and c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pgphase', 'pg_toast')",
    )?;
    if query.trim().is_empty() {
        return Ok(Rows::new());
    }
    let text = database.sql(&format!(
        "select coalesce(jsonb_object_agg(name, rows), '{{}}') from ({}) x",
        query.trim()
    ))?;
    serde_json::from_str(text.trim()).map_err(|error| format!("rows: {error}"))
}

/// The first table whose rows are not all there any more, looking only at tables and columns that are in both.
pub(crate) fn lost(before: &Rows, after: &Rows) -> Option<String> {
    for (table, old) in before {
        let Some(new) = after.get(table) else { continue };
        let narrowed = |rows: &Vec<BTreeMap<String, Value>>, other: &Vec<BTreeMap<String, Value>>| {
            let keep = |column: &&String| other.first().is_none_or(|row| row.contains_key(*column));
            let mut narrowed: Vec<String> = rows
                .iter()
                .map(|row| {
                    row.iter()
                        .filter(|(column, _)| keep(column))
                        .map(|(column, value)| format!("{column}={value} "))
                        .collect()
                })
                .collect();
            narrowed.sort_unstable();
            narrowed
        };
        let (was, is) = (narrowed(old, new), narrowed(new, old));
        if was != is {
            return Some(format!("rows of {table} were {was:?} and are {is:?}"));
        }
    }
    None
}
