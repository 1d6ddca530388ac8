//! The session's settings while questions are asked, and the way back.

use futures_util::future::join_all;
use tokio_postgres::{Client, Error, Row};

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
        let mut before = Vec::new();
        for (name, value) in SETTINGS {
            let row = client
                .query_one("SELECT pg_catalog.current_setting($1, true)", &[name])
                .await?;
            // A setting that this server does not have, or that this role may not change, is left alone.
            if let Some(old) = row.get::<_, Option<String>>(0)
                && set(client, name, value).await.is_ok()
            {
                before.push((*name, old));
            }
        }
        Ok(Self { before, may_create })
    }

    /// Puts the settings back.
    pub(super) async fn leave(self, client: &Client) -> Result<(), Error> {
        for (name, value) in &self.before {
            set(client, name, value).await?;
        }
        Ok(())
    }
}

async fn set(client: &Client, name: &str, value: &str) -> Result<(), Error> {
    client
        .query("SELECT pg_catalog.set_config($1, $2, false)", &[&name, &value])
        .await
        .map(|_| ())
}

/// Sends statements one after the other without waiting for the answers in between.
pub(super) async fn pipeline(client: &Client, statements: &[String]) -> Vec<Result<Vec<Row>, Error>> {
    join_all(statements.iter().map(|statement| client.query_typed(statement, &[]))).await
}
