//! The catalog queries of one reading, and what their answers say.

use std::collections::HashSet;

use futures_util::future::join_all;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::cut::without_parentheses;
use super::present::Present;
use super::source::Source;
use super::{Finding, IntrospectError};
use crate::expr::Expr;
use crate::name::QualifiedName;
use crate::object::column::introspect::{INHERITED, read_inherited};
use crate::object::{Object, ObjectId, Visitor, constraint};

pub(super) const UNMANAGED: &str = include_str!("unmanaged.sql");
pub(super) const DOUBTFUL: &str = include_str!("doubtful.sql");

/// What is asked of the catalogs, cut down to what there is.
pub(super) struct Query {
    pub(super) what: &'static str,
    sql: String,
    asks: Asks,
}

/// What a query asks for.
#[derive(Clone, Copy)]
enum Asks {
    Objects(&'static Source),
    Inherited,
    Unmanaged,
    Doubtful,
}

/// What a query has found.
pub(super) enum Answer {
    /// Objects of one kind.
    Objects(Vec<Object>),
    /// Columns that tables have from their parents.
    Inherited(HashSet<ObjectId>),
    /// What the schema does not hold.
    Findings(Vec<Finding>),
}

impl Query {
    /// All queries of a reading. What is inherited comes first, and findings last.
    pub(super) fn all(present: &Present) -> Vec<Self> {
        let inherited = present.has("heirs").then(|| Self {
            what: "inherited columns",
            sql: INHERITED.to_owned(),
            asks: Asks::Inherited,
        });
        let objects = present.sources().into_iter().map(|source| Self {
            what: source.what,
            sql: present.cut(source.sql),
            asks: Asks::Objects(source),
        });
        let findings = [
            ("unmanaged objects", UNMANAGED, Asks::Unmanaged),
            ("invalid objects", DOUBTFUL, Asks::Doubtful),
        ];
        let findings = findings.map(|(what, sql, asks)| Self {
            what,
            sql: present.cut(sql),
            asks,
        });
        inherited.into_iter().chain(objects).chain(findings).collect()
    }

    async fn answer(&self, client: &Client) -> Result<Answer, IntrospectError> {
        let what = self.what;
        let answer = client
            .simple_query(&self.sql)
            .await
            .map_err(|error| IntrospectError::Query { what, error })?;
        let rows = firsts(&answer);
        match self.asks {
            Asks::Objects(source) => objects(source, rows).map(Answer::Objects),
            Asks::Inherited => each(what, rows, read_inherited).map(Answer::Inherited),
            Asks::Unmanaged => each(what, rows, Finding::unmanaged).map(Answer::Findings),
            Asks::Doubtful => each(what, rows, Finding::doubtful).map(Answer::Findings),
        }
    }
}

/// Answers in the order of the queries. All are on their way before the first is answered: the server answers in order, and each
/// answer is read while the server works on the next one.
pub(super) async fn answers(client: &Client, queries: &[Query]) -> Result<Vec<Answer>, IntrospectError> {
    let answers = join_all(queries.iter().map(|query| query.answer(client))).await;
    // After the first failure the others only say that the transaction is aborted.
    answers.into_iter().collect()
}

/// The first column of every row.
pub(super) async fn rows(client: &Client, what: &'static str, sql: &str) -> Result<Vec<String>, IntrospectError> {
    let answer = client
        .simple_query(sql)
        .await
        .map_err(|error| IntrospectError::Query { what, error })?;
    Ok(firsts(&answer).map(ToOwned::to_owned).collect())
}

fn firsts(answer: &[SimpleQueryMessage]) -> impl Iterator<Item = &str> {
    answer.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    })
}

fn each<'a, T, C: FromIterator<T>>(
    what: &'static str,
    rows: impl Iterator<Item = &'a str>,
    read: fn(&str) -> Result<T, serde_json::Error>,
) -> Result<C, IntrospectError> {
    rows.map(|row| read(row).map_err(|error| IntrospectError::row(what, row, &error)))
        .collect()
}

fn objects<'a>(source: &Source, rows: impl Iterator<Item = &'a str>) -> Result<Vec<Object>, IntrospectError> {
    let mut objects: Vec<Object> = each(source.what, rows, source.read)?;
    objects.iter_mut().for_each(|object| object.visit(&mut Bare));
    objects.retain(|object| !is_redundant(object));
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
            expr.text = without_parentheses(&expr.text).to_owned();
        }
    }
}
