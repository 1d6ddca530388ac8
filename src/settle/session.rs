//! The session's settings while questions are asked, and the way back.

use futures_util::future::join_all;
use tokio_postgres::{Client, Error, Row};

use crate::sql::{join, literal};

/// Settings that questions need; the value is restored afterwards.
const SETTINGS: &[(&str, &str)] = &[
    ("search_path", ""),
    ("statement_timeout", "5s"),
    ("lock_timeout", "2s"),
    ("standard_conforming_strings", "on"),
    // Questions are asked outside a transaction, one statement each.
    ("default_transaction_read_only", "on"),
    ("jit", "off"),
    ("compute_query_id", "off"),
];

/// What was set before.
pub(super) struct Session {
    before: Vec<(&'static str, String)>,
    /// Whether temporary objects can be made without anybody noticing.
    pub(super) may_create: bool,
}

impl Session {
    /// Notes the settings and changes them.
    pub(super) async fn enter(client: &Client) -> Result<Self, Error> {
        let may_create = client
            .query_one(
                "SELECT NOT pg_catalog.pg_is_in_recovery() \
                 AND NOT pg_catalog.current_setting('transaction_read_only')::pg_catalog.bool \
                 AND pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY') \
                 AND NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D')",
                &[],
            )
            .await?
            .get(0);
        let names = SETTINGS.iter().map(|(name, _)| literal(name));
        let ask = format!(
            "SELECT ARRAY(SELECT pg_catalog.current_setting(name, true) FROM pg_catalog.unnest(ARRAY[{}]) WITH ORDINALITY AS s (name, at) ORDER BY at)",
            join(names, ", ")
        );
        let old: Vec<Option<String>> = client.query_one(&ask, &[]).await?.get(0);
        let changes: Vec<String> = SETTINGS.iter().map(|(name, value)| set(name, value)).collect();
        let answers = pipeline(client, &changes).await;
        // A setting that this server does not have, or that this role may not change, is left alone.
        let before = SETTINGS
            .iter()
            .zip(old)
            .zip(answers)
            .filter_map(|(((name, _), old), answer)| Some((*name, old.filter(|_| answer.is_ok())?)))
            .collect();
        Ok(Self { before, may_create })
    }

    /// Puts the settings back.
    pub(super) async fn leave(self, client: &Client) -> Result<(), Error> {
        let changes: Vec<String> = self.before.iter().map(|(name, value)| set(name, value)).collect();
        pipeline(client, &changes)
            .await
            .into_iter()
            .try_for_each(|answer| answer.map(|_| ()))
    }
}

fn set(name: &str, value: &str) -> String {
    format!(
        "SELECT pg_catalog.set_config({}, {}, false)",
        literal(name),
        literal(value)
    )
}

/// Sends statements one after the other without waiting for the answers in between.
pub(super) async fn pipeline(client: &Client, statements: &[String]) -> Vec<Result<Vec<Row>, Error>> {
    join_all(statements.iter().map(|statement| client.query_typed(statement, &[]))).await
}

/// Sends statements, and returns what those at the two places answer. A statement that PostgreSQL refuses leaves no answer.
pub(super) async fn prints(
    client: &Client,
    statements: &[String],
    read: [usize; 2],
) -> Result<[Option<String>; 2], Error> {
    let answers = pipeline(client, statements).await;
    let printed = read.map(|at| match answers.get(at) {
        Some(Ok(rows)) => rows.first().and_then(|row| row.get::<_, Option<String>>(0)),
        _ => None,
    });
    match answers
        .into_iter()
        .find_map(|answer| answer.err().filter(|error| error.as_db_error().is_none()))
    {
        Some(error) => Err(error),
        None => Ok(printed),
    }
}
