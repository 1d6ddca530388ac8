//! A live database to a [`Schema`]: one consistent snapshot, all queries sent at once.
//!
//! Each kind has its catalog query beside it (`object/KIND/introspect.sql`), whose rows are the kind's objects as JSON.
//! A role without any privilege is enough: the catalogs, and what the server prints of expressions, are open to everybody.

pub(crate) mod cut;
mod error;
mod finding;
pub mod leaning;
mod present;
pub mod sizes;
pub(crate) mod source;
pub mod types;
mod wait;

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::{OptionFuture, join, join_all, join4};
use tokio_postgres::{Client, SimpleQueryMessage};

pub use error::IntrospectError;
pub use finding::Finding;
pub use wait::Patience;

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::column::introspect::{INHERITED, read_inherited};
use crate::object::{Object, ObjectId, Visitor, constraint};
use crate::schema::Schema;
use present::Present;
use source::Source;
use wait::Wait;

/// The oldest version of PostgreSQL whose catalogs are known here.
pub const OLDEST: u32 = 14;

const SESSION: &str = include_str!("introspect/session.sql");
const UNMANAGED: &str = include_str!("introspect/unmanaged.sql");
const DOUBTFUL: &str = include_str!("introspect/doubtful.sql");

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
    let mut races = 0;
    let mut wait = Wait::begin(patience);
    loop {
        match snapshot(client, scope, wait.turn()).await {
            // Some of the server's functions look at the newest catalog instead of the snapshot, and fail when an object
            // is dropped meanwhile.
            Err(error) if races < 2 && error.is_race() => races += 1,
            Err(error) if error.is_lock() => wait.go_on(client).await?,
            result => return result,
        }
    }
}

/// `turn` is for how long a lock is waited for.
async fn snapshot(client: &Client, scope: &Scope, turn: Duration) -> Result<Introspection, IntrospectError> {
    let begin = "begin isolation level repeatable read read only; show server_version_num";
    let limit = turn.as_millis();
    let session = format!("set local lock_timeout = {limit}; {}; {SESSION}", scope_setting(scope));
    // The version is looked at first: a server that is too old may fail at the rest.
    let (version, present) = join(rows(client, "the server's version", begin), present(client, &session)).await;
    let result = match version.as_deref() {
        Ok([version]) => match version.parse::<u32>() {
            Ok(version) if version < OLDEST * 10_000 => Err(IntrospectError::TooOld(version)),
            Ok(version) => match present {
                Ok(present) => read_all(client, &present, version).await,
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

async fn read_all(client: &Client, present: &Present, version: u32) -> Result<Introspection, IntrospectError> {
    // All that is left is on its way before the first is answered. The server answers in order, and each answer is read
    // while the server works on the next one.
    let sources = present.sources();
    let objects = sources
        .iter()
        .map(|source| objects(client, source, present.cut(source.sql)));
    let (unmanaged, doubtful) = (present.cut(UNMANAGED), present.cut(DOUBTFUL));
    let inherited = present
        .has("heirs")
        .then(|| rows(client, "inherited columns", INHERITED));
    let (inherited, objects, unmanaged, doubtful) = join4(
        OptionFuture::from(inherited),
        join_all(objects),
        rows(client, "unmanaged objects", &unmanaged),
        rows(client, "invalid objects", &doubtful),
    )
    .await;
    // After the first failure the others only say that the transaction is aborted, so they are looked at in their order.
    let inherited = inherited.transpose()?.unwrap_or_default();
    let mut schema = Schema::new();
    for list in objects {
        for object in list? {
            schema.put(object);
        }
    }
    let inherited: HashSet<ObjectId> = inherited
        .iter()
        .map(|row| read_inherited(row).map_err(|error| IntrospectError::row("inherited columns", row, &error)))
        .collect::<Result<_, _>>()?;
    for id in &inherited {
        if let Some(Object::Column(column)) = schema.get_mut(id) {
            column.inherited = true;
        }
    }
    schema.drop_inherited_of(&inherited);
    let findings = unmanaged?
        .iter()
        .map(|row| Finding::unmanaged(row))
        .chain(doubtful?.iter().map(|row| Finding::doubtful(row)))
        .collect::<Result<_, _>>()
        .map_err(|(row, error)| IntrospectError::row("findings", &row, &error))?;
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

/// The first column of every row.
async fn rows(client: &Client, what: &'static str, sql: &str) -> Result<Vec<String>, IntrospectError> {
    let answer = client
        .simple_query(sql)
        .await
        .map_err(|error| IntrospectError::Query { what, error })?;
    Ok(answer
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(ToOwned::to_owned),
            _ => None,
        })
        .collect())
}

async fn objects(client: &Client, source: &Source, sql: String) -> Result<Vec<Object>, IntrospectError> {
    let what = source.what;
    let answer = client
        .simple_query(&sql)
        .await
        .map_err(|error| IntrospectError::Query { what, error })?;
    let mut objects = Vec::with_capacity(answer.len());
    for message in &answer {
        let SimpleQueryMessage::Row(row) = message else {
            continue;
        };
        let row = row.get(0).unwrap_or_default();
        let mut object = (source.read)(row).map_err(|error| IntrospectError::row(what, row, &error))?;
        object.visit(&mut Bare);
        if !is_redundant(&object) {
            objects.push(object);
        }
    }
    Ok(objects)
}

/// Whether these are the privileges that every new object has, or a not-null constraint that says no more than its column.
fn is_redundant(object: &Object) -> bool {
    match object {
        Object::Acl(acl) => acl.is_initial(),
        Object::Constraint(constraint) => constraint::introspect::is_plain_not_null(constraint),
        _ => false,
    }
}

/// Takes the outermost parentheses off every expression; the server prints them around operators. Defaults keep them,
/// because the grammar of `DEFAULT` asks for them around some operators.
struct Bare;

impl Visitor for Bare {
    fn expr(&mut self, slot: &str, _relation: Option<&QualifiedName>, expr: &mut Expr) {
        if expr.text.starts_with('(') && !slot.starts_with("default") {
            expr.text = cut::without_parentheses(&expr.text).to_owned();
        }
    }
}
