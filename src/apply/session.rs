//! The two sessions of a run: one works, one watches.

use std::time::Duration;

use tokio_postgres::{Client, Error};

use super::error::ApplyError;
use crate::conn::{Session, Target, connect};

/// The sessions of a run.
#[derive(Debug)]
pub struct Sessions {
    /// Runs the steps and holds the mutex.
    pub worker: Session,
    /// Looks at locks while the worker waits.
    pub watcher: Session,
    /// The worker's process id.
    pub pid: i32,
    /// The server's major version.
    pub server_version: u32,
    target: Target,
    /// What every session sets first.
    setup: String,
}

/// A session that runs batches of a backfill.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worker<'a> {
    pub(super) session: &'a Session,
    pub(super) pid: i32,
}

/// Lets the server look, while it works, whether we are still there: a session that nobody waits for would build on and hold its locks
/// and the mutex. Some systems that a server runs on cannot tell (PostgreSQL documentation, `client_connection_check_interval`).
async fn notice_loss(client: &Client) {
    let _ = client
        .batch_execute("SET client_connection_check_interval = '5s'")
        .await;
}

impl Sessions {
    /// Connects twice and looks whether this server can be worked on.
    pub async fn open(target: &Target) -> Result<Self, ApplyError> {
        let worker = connect(target).await?;
        let row = worker
            .client
            .query_one(
                "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version_num')::int, \
                 pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('default_transaction_read_only') = 'on', \
                 pg_catalog.current_setting('session_replication_role') = 'replica'",
                &[],
            )
            .await
            .map_err(|error| {
                proxied(&error).unwrap_or_else(|| ApplyError::database("cannot ask the server what it is")(error))
            })?;
        let get = ApplyError::database("cannot ask the server what it is");
        let read = || -> Result<(i32, i32, [bool; 3]), tokio_postgres::Error> {
            let is = [row.try_get(2)?, row.try_get(3)?, row.try_get(4)?];
            Ok((row.try_get(0)?, row.try_get(1)?, is))
        };
        let (pid, version, [standby, read_only, replica]) = read().map_err(get)?;
        if standby || read_only {
            return Err(ApplyError::Unsuitable {
                what: if standby {
                    "this server is a standby and takes no changes".into()
                } else {
                    "this session is read-only".into()
                },
                hint: "connect to the primary; with several hosts, use target_session_attrs=read-write".into(),
            });
        }
        if replica {
            return Err(ApplyError::Unsuitable {
                what: "this session has session_replication_role = replica, under which foreign keys and triggers do not look at what it writes"
                    .into(),
                hint: "take the setting out of PGOPTIONS, or out of the role or database (ALTER ROLE .. RESET session_replication_role)"
                    .into(),
            });
        }
        let watcher = connect(target).await?;
        refuse_proxy(&worker.client, &watcher.client, pid).await?;
        Ok(Self {
            worker,
            watcher,
            pid,
            server_version: u32::try_from(version / 10_000).unwrap_or(0),
            target: target.clone(),
            setup: String::new(),
        })
    }

    /// Sets up the worker's session, and remembers how for further ones.
    pub(super) async fn set_up(&mut self, settings: &[String]) -> Result<(), ApplyError> {
        // Policies that hide rows end a statement with an error then, instead of leaving rows out.
        let own = std::iter::once("SET row_security = off".to_owned());
        let statements: Vec<String> = own
            .chain(settings.iter().map(|setting| format!("SET {setting}")))
            .collect();
        self.setup = statements.join(";\n");
        let client = &self.worker.client;
        notice_loss(client).await;
        client
            .batch_execute(&self.setup)
            .await
            .map_err(ApplyError::database("cannot set up the session"))
    }

    /// One more session like the worker's, and its process id.
    pub(super) async fn another(&self) -> Result<(Session, i32), ApplyError> {
        let session = connect(&self.target).await?;
        notice_loss(&session.client).await;
        let set_up = async {
            session.client.batch_execute(&self.setup).await?;
            let row = session
                .client
                .query_one("SELECT pg_catalog.pg_backend_pid()", &[])
                .await?;
            row.try_get(0)
        };
        let pid = set_up
            .await
            .map_err(ApplyError::database("cannot set up the session"))?;
        Ok((session, pid))
    }
}

const PROXY: &str = "the connection goes through a proxy that changes the server session between transactions";

/// Behind a proxy that hands out a server session per transaction neither the mutex nor settings would hold. Two sessions have
/// two process ids, each the same for ever; such a proxy gives both the session that is free, and another one while it is busy.
async fn refuse_proxy(worker: &Client, watcher: &Client, pid: i32) -> Result<(), ApplyError> {
    let own = async |client: &Client| -> Result<i32, Error> {
        let row = client.query_one("SELECT pg_catalog.pg_backend_pid()", &[]).await?;
        row.try_get(0)
    };
    let look = async {
        let mut same = own(worker).await? == pid;
        watcher.batch_execute("BEGIN").await?;
        let other = own(watcher).await?;
        // Where the proxy has one session only, the worker would now wait for it.
        same = same && other != pid && own(worker).await? == pid;
        watcher.batch_execute("ROLLBACK").await?;
        Ok(same)
    };
    match tokio::time::timeout(Duration::from_secs(10), look).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) | Err(_) => Err(unsuitable(PROXY.to_owned())),
        Ok(Err(error)) => {
            Err(proxied(&error).unwrap_or_else(|| ApplyError::database("cannot ask the server what it is")(error)))
        }
    }
}

/// Errors that only such a proxy causes: a prepared statement or a transaction block got lost.
fn proxied(error: &Error) -> Option<ApplyError> {
    let db = error.as_db_error()?;
    let statement_gone = db.code().code() == "26000";
    let no_blocks = db.message().contains("statement pooling mode");
    (statement_gone || no_blocks).then(|| unsuitable(format!("{PROXY} ({})", db.message())))
}

fn unsuitable(what: String) -> ApplyError {
    ApplyError::Unsuitable {
        what,
        hint: "connect to the server itself, or to a pool in session mode".into(),
    }
}
