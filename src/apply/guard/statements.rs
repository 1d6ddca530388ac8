//! Statements that name what contract takes away, as pg_stat_statements counts them.

use std::collections::BTreeMap;

use tokio_postgres::Client;

use crate::plan::old_names::Old;

/// The first words of statements that an application works with; others are changes of the schema and the like.
const WORK: [&str; 9] = [
    "select", "insert", "update", "delete", "merge", "with", "copy", "table", "declare",
];

/// How often each statement was called, by what identifies it.
pub(super) type Counts = BTreeMap<String, i64>;

/// A statement that says an old name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Called {
    key: String,
    calls: i64,
    user: String,
    text: String,
    name: String,
}

/// The statements of this database that say one of the names; none where the extension is not there, or does not work.
pub(super) async fn look(client: &Client, names: &[Old]) -> Option<Vec<Called>> {
    let home = "SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e
                  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'";
    let namespace: String = client.query_opt(home, &[]).await.ok()??.try_get(0).ok()?;
    let sql = format!(
        "SELECT s.queryid::text || '/' || s.userid, pg_catalog.sum(s.calls)::bigint, coalesce(pg_catalog.max(r.rolname::text), '?'), pg_catalog.max(s.query)
           FROM {namespace}.pg_stat_statements s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.userid
          WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
            AND s.queryid IS NOT NULL AND EXISTS (SELECT FROM pg_catalog.unnest($1::text[]) w WHERE pg_catalog.strpos(pg_catalog.lower(s.query), w) > 0)
          GROUP BY 1 ORDER BY 1"
    );
    let words: Vec<String> = names.iter().map(|name| name.word().as_str().to_lowercase()).collect();
    let rows = client.query(&sql, &[&words]).await.ok()?;
    let mut found = Vec::new();
    for row in rows {
        let text: String = row.try_get(3).ok()?;
        let Some(name) = names.iter().find(|name| is_work(&text) && name.is_said_in(&text)) else {
            continue;
        };
        found.push(Called {
            key: row.try_get(0).ok()?,
            calls: row.try_get(1).ok()?,
            user: row.try_get(2).ok()?,
            name: name.to_string(),
            text,
        });
    }
    Some(found)
}

/// Backups read every column by its name.
fn is_work(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let backup = first == "copy" && text.to_lowercase().contains(" to stdout");
    WORK.contains(&first.as_str()) && !backup
}

/// What is kept of them.
pub(super) fn counts(called: &[Called]) -> Counts {
    called.iter().map(|called| (called.key.clone(), called.calls)).collect()
}

/// Those that have been called since. Where a count is smaller than before, it began anew in between.
pub(super) fn news(before: &Counts, now: &[Called]) -> Vec<String> {
    let called = now
        .iter()
        .filter(|called| called.calls > 0 && before.get(&called.key) != Some(&called.calls));
    called
        .map(|called| {
            let line = called.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let short: String = line.chars().take(100).collect();
            format!(
                "a statement of user {} that names {} has been called: {short}",
                called.user, called.name
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_differ_are_news_also_after_a_reset() {
        let called = |key: &str, calls| Called {
            key: key.into(),
            calls,
            user: "app".into(),
            text: "select  fax\nfrom users".into(),
            name: "public.users.fax".into(),
        };
        let before = counts(&[called("1", 5), called("2", 5), called("3", 5)]);
        let now = [called("1", 5), called("2", 6), called("3", 1), called("4", 1)];
        let news = news(&before, &now);
        assert_eq!(news.len(), 3);
        assert!(news[0].ends_with("called: select fax from users"), "{news:?}");
        assert!(is_work("SELECT 1") && is_work("copy users (fax) from stdin"));
        assert!(!is_work("COPY public.users (id, fax) TO stdout;") && !is_work("alter table users drop fax"));
    }
}
