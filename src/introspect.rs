//! A live database to a [`Schema`]: one consistent snapshot, all queries sent at once, those of a large database over two sessions.
//!
//! Each kind has its catalog query beside it (`object/KIND/introspect.sql`), whose rows are the kind's objects as JSON.
//! A role without any privilege is enough: the catalogs, and what the server prints of expressions, are open to everybody.

pub(crate) mod cut;
pub(crate) mod cycle;
mod error;
mod finding;
pub mod leaning;
mod present;
mod query;
mod second;
pub mod sizes;
pub(crate) mod source;
pub mod types;
mod wait;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use futures_util::future::join;
use tokio_postgres::Client;

pub use error::IntrospectError;
pub use finding::Finding;
pub use wait::Patience;

use crate::conn::{Session, Target};
use crate::name::Ident;
use crate::object::{Object, ObjectId};
use crate::schema::Schema;
use present::Present;
use query::{Answer, Query, rows};
use second::Beside;
use wait::Wait;

/// The oldest version of PostgreSQL whose catalogs are known here.
pub const OLDEST: u32 = 14;

const SESSION: &str = include_str!("introspect/session.sql");

/// Which part of a database is managed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The managed namespaces; `None` for all but the system's and `pgphase` itself.
    pub namespaces: Option<Vec<Ident>>,
}

/// What was found in a database.
#[derive(Clone, Debug)]
pub struct Introspection {
    /// The managed objects.
    pub schema: Schema,
    /// The server's version as a number: 150004 for 15.4.
    pub server_version_num: u32,
    /// What the schema does not hold, or holds and is not in order.
    pub findings: Vec<Finding>,
}

impl Introspection {
    /// The major version of the server.
    pub fn server_version(&self) -> u32 {
        self.server_version_num / 10_000
    }
}

/// Reads a database. The client must not be in a transaction: this opens one of its own, read-only, and ends it. Tables that
/// somebody has locked are waited for as [`Patience::default`] says.
pub async fn introspect(client: &Client, scope: &Scope) -> Result<Introspection, IntrospectError> {
    introspect_within(client, scope, &Patience::default()).await
}

/// The same, with another patience. Expressions are printed under ACCESS SHARE of their tables, which waits for ACCESS EXCLUSIVE of others.
pub async fn introspect_within(
    client: &Client,
    scope: &Scope,
    patience: &Patience<'_>,
) -> Result<Introspection, IntrospectError> {
    consistent(client, None, scope, patience).await
}

/// The same over a session and, where there is much to read, over a second one to the same server for as long as it is read. Both see
/// one snapshot. `target` is what the session was opened with. Where a second one cannot be had, the first reads all.
pub async fn introspect_over(
    session: &Session,
    target: &Target,
    scope: &Scope,
    patience: &Patience<'_>,
) -> Result<Introspection, IntrospectError> {
    let beside = Beside { session, target };
    consistent(&session.client, Some(beside), scope, patience).await
}

async fn consistent(
    client: &Client,
    mut beside: Option<Beside<'_>>,
    scope: &Scope,
    patience: &Patience<'_>,
) -> Result<Introspection, IntrospectError> {
    let mut races = 0;
    let mut wait = Wait::begin(patience);
    loop {
        match snapshot(client, beside, scope, wait.turn()).await {
            // Some of the server's functions look at the newest catalog instead of the snapshot, and fail when an object
            // is dropped meanwhile.
            Err(error) if races < 2 && error.is_race() => races += 1,
            Err(error) if error.is_lock() => wait.go_on(client).await?,
            // It may be the other session's, on which nothing depends.
            Err(IntrospectError::Query { .. }) if beside.is_some() => beside = None,
            result => return result,
        }
    }
}

/// `turn` is for how long a lock is waited for.
async fn snapshot(
    client: &Client,
    beside: Option<Beside<'_>>,
    scope: &Scope,
    turn: Duration,
) -> Result<Introspection, IntrospectError> {
    let begin = "begin isolation level repeatable read read only; show server_version_num";
    let limit = turn.as_millis();
    let settings = format!("set local lock_timeout = {limit}; {}; {SESSION}", scope_setting(scope));
    let started = Instant::now();
    let begun = async { (rows(client, "the server's version", begin).await, started.elapsed()) };
    // The version is looked at first: a server that is too old may fail at the rest.
    let ((version, turn), present) = join(begun, present(client, &settings)).await;
    let result = match version.as_deref() {
        Ok([version]) => match version.parse::<u32>() {
            Ok(version) if version < OLDEST * 10_000 => Err(IntrospectError::TooOld(version)),
            Ok(version) => match present {
                Ok(present) => {
                    let beside = beside.filter(|beside| beside.pays(present.dependencies, turn));
                    read_all(client, beside, &settings, &present, version).await
                }
                Err(error) => Err(error),
            },
            Err(_) => Err(IntrospectError::row("the server's version", version, "it is no number")),
        },
        Ok(_) => Err(IntrospectError::row("the server's version", "", "there is none")),
        Err(_) => version.map(|_| Introspection {
            schema: Schema::new(),
            server_version_num: 0,
            findings: Vec::new(),
        }),
    };
    // The first error is the one to show; a connection on which this fails too is lost anyway.
    let _ = client.batch_execute("rollback").await;
    result
}

async fn read_all(
    client: &Client,
    beside: Option<Beside<'_>>,
    settings: &str,
    present: &Present,
    version: u32,
) -> Result<Introspection, IntrospectError> {
    let queries = Query::all(present);
    let answers = match beside {
        Some(beside) => beside.answers(settings, queries).await?,
        None => query::answers(client, &queries).await?,
    };
    let mut schema = Schema::new();
    let mut findings = Vec::new();
    let mut inherited: HashSet<ObjectId> = HashSet::new();
    for answer in answers {
        match answer {
            Answer::Objects(objects) => {
                for object in objects {
                    schema.put(object);
                }
            }
            Answer::Inherited(columns) => inherited = columns,
            Answer::Findings(found) => findings.extend(found),
        }
    }
    for id in &inherited {
        if let Some(Object::Column(column)) = schema.get_mut(id) {
            column.inherited = true;
        }
    }
    schema.drop_inherited_of(&inherited);
    Ok(Introspection {
        schema,
        server_version_num: version,
        findings,
    })
}

/// Sets the session up, and asks what there is.
async fn present(client: &Client, session: &str) -> Result<Present, IntrospectError> {
    let what = "which kinds of objects there are";
    let question = present::question();
    let (session, answer) = join(
        rows(client, "the session's settings", session),
        rows(client, what, &question),
    )
    .await;
    session?;
    let answer = answer?.concat();
    Present::read(&answer).ok_or_else(|| IntrospectError::row(what, &answer, "it is not one answer for each kind"))
}

/// `set_config` of the managed namespaces, as an array literal; empty for all.
fn scope_setting(scope: &Scope) -> String {
    let list = scope.namespaces.as_ref().map_or(String::new(), |namespaces| {
        let quoted = namespaces
            .iter()
            .map(|name| format!("\"{}\"", name.as_str().replace('\\', "\\\\").replace('"', "\\\"")));
        format!("{{{}}}", crate::sql::join(quoted, ","))
    });
    format!(
        "select set_config('pgphase.only', {}, true)",
        crate::sql::literal(&list)
    )
}
