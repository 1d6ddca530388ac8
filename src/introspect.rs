//! A live database to a [`Schema`]: one consistent snapshot, all queries sent at once.
//!
//! Each kind has its catalog query beside it (`object/KIND/introspect.sql`), whose rows are the kind's objects as JSON.
//! A role without any privilege is enough: the catalogs, and what the server prints of expressions, are open to everybody.

pub(crate) mod cut;
mod error;
mod finding;
pub mod sizes;
pub(crate) mod source;
pub mod types;

use std::collections::HashSet;

use futures_util::future::{join, join_all, join4};
use tokio_postgres::{Client, SimpleQueryMessage};

pub use error::IntrospectError;
pub use finding::Finding;

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::column::introspect::{INHERITED, read_inherited};
use crate::object::grant::initial_grants;
use crate::object::{Object, ObjectId, Visitor, constraint};
use crate::schema::Schema;
use source::{Found, Source};

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

/// Reads a database. The client must not be in a transaction: this opens one of its own, read-only, and ends it.
pub async fn introspect(client: &Client, scope: &Scope) -> Result<Introspection, IntrospectError> {
    let mut attempt = 1;
    loop {
        match snapshot(client, scope).await {
            // Some of the server's functions look at the newest catalog instead of the snapshot, and fail when an object
            // is dropped meanwhile.
            Err(error) if attempt < 3 && error.is_race() => attempt += 1,
            result => return result,
        }
    }
}

async fn snapshot(client: &Client, scope: &Scope) -> Result<Introspection, IntrospectError> {
    let begin = "begin isolation level repeatable read read only; show server_version_num";
    let version = rows(client, "the server's version", begin).await;
    let result = match version.as_deref() {
        Ok([version]) => match version.parse::<u32>() {
            Ok(version) if version < OLDEST * 10_000 => Err(IntrospectError::TooOld(version)),
            Ok(version) => read_all(client, scope, version).await,
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

async fn read_all(client: &Client, scope: &Scope, version: u32) -> Result<Introspection, IntrospectError> {
    let session = format!("{}; {SESSION}", scope_setting(scope));
    // All that is left is on its way before the first is answered. The server answers in order, and each answer is read
    // while the server works on the next one.
    let sources = present(client, &session).await?;
    let objects = sources.iter().map(|source| objects(client, source));
    let (inherited, objects, unmanaged, doubtful) = join4(
        rows(client, "inherited columns", INHERITED),
        join_all(objects),
        rows(client, "unmanaged objects", UNMANAGED),
        rows(client, "invalid objects", DOUBTFUL),
    )
    .await;
    // After the first failure the others only say that the transaction is aborted, so they are looked at in their order.
    let inherited = inherited?;
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

/// Sets the session up; the sources of the kinds that the database can have.
async fn present(client: &Client, session: &str) -> Result<Vec<&'static Source>, IntrospectError> {
    let what = "which kinds of objects there are";
    let sources = source::all();
    let found = sources.iter().map(|source| match source.found {
        Found::Always => "true",
        Found::Where(condition) => condition,
    });
    let question = format!(
        "select array[{}]::int[]",
        crate::sql::join(found.map(|found| format!("({found})::int")), ", ")
    );
    let (session, answer) = join(
        rows(client, "the session's settings", session),
        rows(client, what, &question),
    )
    .await;
    session?;
    let answer = answer?.concat();
    let flags: Vec<&str> = answer.trim_matches(['{', '}']).split(',').collect();
    if flags.len() != sources.len() {
        return Err(IntrospectError::row(
            what,
            &answer,
            "it is not one answer for each kind",
        ));
    }
    Ok(sources
        .into_iter()
        .zip(flags)
        .filter(|(_, flag)| *flag == "1")
        .map(|(source, _)| source)
        .collect())
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

async fn objects(client: &Client, source: &Source) -> Result<Vec<Object>, IntrospectError> {
    let what = source.what;
    let answer = client
        .simple_query(source.sql)
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
        Object::Acl(acl) => acl.grants == initial_grants(acl.on.kind),
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
