//! `CREATE RULE` and `ALTER RULE`.

use super::{Rule, RuleEvent};
use crate::expr::Query;
use crate::object::Kind;
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{Class, named};

/// `CREATE [OR REPLACE] RULE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let if_exists = if cursor.eat_words("or replace") {
        IfExists::Replace
    } else {
        IfExists::Fail
    };
    cursor.expect_word("rule")?;
    let name = cursor.any_ident()?;
    cursor.expect_words("as on")?;
    let start = cursor.clone();
    let event = match cursor.expect_any_word(&["select", "insert", "update", "delete"])? {
        "select" => RuleEvent::Select,
        "insert" => RuleEvent::Insert,
        "update" => RuleEvent::Update,
        _ => RuleEvent::Delete,
    };
    if event == RuleEvent::Select {
        return Err(start
            .error("a rule ON SELECT makes a view of its table")
            .hint("write CREATE VIEW"));
    }
    cursor.expect_word("to")?;
    let table = context.relation_name(cursor.qualified_name()?);
    let mut condition = None;
    if cursor.eat_word("where") {
        condition = Some(context.expr(without_parentheses(cursor)?));
    }
    cursor.expect_word("do")?;
    let instead = cursor.eat_any_word(&["also", "instead"]) == Some("instead");
    let actions = actions(cursor, context)?;
    let rule = Rule {
        table,
        name,
        event,
        instead,
        condition,
        actions,
        enabled: Default::default(),
    };
    Ok(vec![Operation::Create {
        object: rule.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// The condition up to `DO`, without parentheses around the whole of it.
fn without_parentheses<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, ParseError> {
    let mut ahead = cursor.clone();
    if ahead.is_mark("(") {
        ahead.skip_group();
        if ahead.is_word("do") {
            return cursor.paren_text();
        }
    }
    cursor.expr_slice(&["do"])
}

fn actions(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Query>, ParseError> {
    if cursor.eat_word("nothing") {
        return Ok(Vec::new());
    }
    let mut ahead = cursor.clone();
    ahead.skip_group();
    if !cursor.is_mark("(") || !ahead.at_end() {
        let action = cursor.rest();
        if action.is_empty() {
            return Err(cursor.expected("NOTHING or a command"));
        }
        return Ok(vec![context.query(action)]);
    }
    cursor.parenthesised(|inside| {
        let mut actions = Vec::new();
        while !inside.at_end() {
            let start = inside.mark();
            while !inside.at_end() && !inside.is_mark(";") {
                inside.skip_group();
            }
            let action = inside.slice_since(start);
            if !action.is_empty() {
                actions.push(context.query(action));
            }
            inside.eat_mark(";");
        }
        Ok(actions)
    })
}

/// `ALTER RULE ... RENAME TO`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter rule")?;
    let id = named(cursor, context, Class::Kind(Kind::Rule))?;
    match common_alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO")),
    }
}
