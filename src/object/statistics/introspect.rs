//! Extended statistics out of the catalog.

use serde::Deserialize;

use super::Statistics;
use crate::expr::Expr;
use crate::introspect::cut::without_parentheses;
use crate::introspect::source::{Found, Source};
use crate::name::{Ident, QualifiedName};
use crate::object::Object;
use crate::object::index::KeyExpr;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "statistics",
    found: Found::Where("'pg_statistic_ext'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read,
};

#[derive(Deserialize)]
struct Row {
    name: QualifiedName,
    table: QualifiedName,
    kinds: Vec<String>,
    columns: Vec<Ident>,
    expressions: Vec<String>,
    target: Option<i32>,
}

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let row: Row = serde_json::from_str(row)?;
    let expressions = row
        .expressions
        .iter()
        .map(|text| KeyExpr::Expr(Expr::new(without_parentheses(text))));
    Ok(Statistics {
        name: row.name,
        table: row.table,
        kinds: row.kinds,
        keys: row
            .columns
            .into_iter()
            .map(KeyExpr::Column)
            .chain(expressions)
            .collect(),
        target: row.target,
    }
    .into())
}
