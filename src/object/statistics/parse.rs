//! `CREATE STATISTICS` and `ALTER STATISTICS`.

use super::{Statistics, StatisticsChange};
use crate::name::object_name;
use crate::name::{Ident, QualifiedName};
use crate::object::index::KeyExpr;
use crate::object::{Kind, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common::{alter as common_alter, forgiving};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::names::columns_part;
use crate::parse::target::{Class, named};

/// The kinds there are, in the order of the model.
const KINDS: &[&str] = &["ndistinct", "dependencies", "mcv"];

/// `CREATE STATISTICS`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create statistics")?;
    let if_exists = if cursor.eat_words("if not exists") {
        IfExists::Skip
    } else {
        IfExists::Fail
    };
    let name = if cursor.is_word("on") || cursor.is_mark("(") {
        None
    } else {
        let name = cursor.qualified_name()?;
        Some(context.new_name(cursor, name)?)
    };
    let mut kinds = Vec::new();
    if cursor.is_mark("(") {
        let wanted = cursor.paren_list(|cursor| {
            let kind = cursor.any_ident()?;
            if KINDS.contains(&kind.as_str()) {
                Ok(kind)
            } else {
                Err(cursor.error(format!("{kind} is no kind of statistics")))
            }
        })?;
        let is_wanted = |kind: &&&str| wanted.iter().any(|wanted| wanted.as_str() == **kind);
        kinds = KINDS.iter().filter(is_wanted).map(|kind| kind.to_string()).collect();
    }
    cursor.expect_word("on")?;
    let written = cursor.comma_separated(|cursor| key(cursor, context))?;
    cursor.expect_word("from")?;
    let table = cursor.qualified_name()?;
    let table = context.relation_id(cursor, &table)?.qualified();
    if kinds.is_empty() && written.len() > 1 {
        kinds = KINDS.iter().map(ToString::to_string).collect();
    }
    let name = name.unwrap_or_else(|| default_name(context, &table, &written, &[]));
    let statistics = Statistics {
        name,
        keys: in_order(context, &table, written),
        table,
        kinds,
        target: None,
    };
    Ok(vec![Operation::Create {
        object: statistics.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// A column, an expression in parentheses, or a function call.
fn key(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<KeyExpr, ParseError> {
    let column_only = |cursor: &Cursor<'_>| {
        let mut ahead = cursor.clone();
        match ahead.ident() {
            Ok(column) if ahead.at_end() || ahead.is_mark(",") || ahead.is_word("from") => Some(column),
            _ => None,
        }
    };
    if let Some(column) = column_only(cursor) {
        cursor.next();
        return Ok(KeyExpr::Column(column));
    }
    if !cursor.is_mark("(") {
        return Ok(KeyExpr::Expr(context.expr(cursor.expr_slice(&["from"])?)));
    }
    cursor.parenthesised(|inside| {
        if let Some(column) = column_only(inside) {
            inside.next();
            return Ok(KeyExpr::Column(column));
        }
        Ok(KeyExpr::Expr(context.expr(inside.rest())))
    })
}

/// Columns in the order of the table, then expressions.
fn in_order(context: &Context<'_>, table: &QualifiedName, keys: Vec<KeyExpr>) -> Vec<KeyExpr> {
    let columns = context.schema.all_columns(table);
    let place = |name: &Ident| {
        let found = columns.iter().position(|column| column.name == *name);
        found.unwrap_or(columns.len())
    };
    let mut keys = keys;
    keys.sort_by_key(|key| match key {
        KeyExpr::Column(name) => place(name),
        KeyExpr::Expr(_) => usize::MAX,
    });
    keys
}

/// `TABLE_COLUMN_COLUMN_stat`, numbered where that is taken, by what is there or by what comes along.
pub(crate) fn default_name(
    context: &Context<'_>,
    table: &QualifiedName,
    keys: &[KeyExpr],
    along: &[QualifiedName],
) -> QualifiedName {
    let columns = columns_part(keys.iter().map(|key| match key {
        KeyExpr::Column(name) => name.as_str(),
        KeyExpr::Expr(_) => "expr",
    }));
    let mut number = 0usize;
    loop {
        let label = if number == 0 {
            "stat".into()
        } else {
            format!("stat{number}")
        };
        let name = QualifiedName {
            namespace: table.namespace.clone(),
            name: Ident::new(object_name(table.name.as_str(), &columns, &label)),
        };
        if !context.schema.contains(&ObjectId::named(Kind::Statistics, &name)) && !along.contains(&name) {
            return name;
        }
        number += 1;
    }
}

/// `ALTER STATISTICS`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter statistics")?;
    let if_exists = cursor.eat_words("if exists");
    let id = forgiving(named(cursor, context, Class::Kind(Kind::Statistics)), if_exists)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    cursor.expect_words("set statistics")?;
    let target = if cursor.eat_word("default") {
        None
    } else {
        let target = cursor.integer()?;
        i32::try_from(target).ok().filter(|target| *target >= 0)
    };
    Ok(vec![Operation::alter(id, StatisticsChange::Target(target))])
}
