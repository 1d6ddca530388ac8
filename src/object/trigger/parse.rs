//! `CREATE TRIGGER` and `ALTER TRIGGER`.

use super::{ConstraintTrigger, Event, Timing, Trigger};
use crate::object::Kind;
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::lex::Lexeme;
use crate::parse::target::{Class, named};

/// `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let if_exists = if cursor.eat_words("or replace") {
        IfExists::Replace
    } else {
        IfExists::Fail
    };
    let is_constraint = cursor.eat_word("constraint");
    cursor.expect_word("trigger")?;
    let name = cursor.any_ident()?;
    let timing = match cursor.expect_any_word(&["before", "after", "instead"])? {
        "before" => Timing::Before,
        "after" => Timing::After,
        _ => {
            cursor.expect_word("of")?;
            Timing::InsteadOf
        }
    };
    let events = events(cursor)?;
    cursor.expect_word("on")?;
    let table = context.relation_name(cursor.qualified_name()?);
    let mut constraint = is_constraint.then(ConstraintTrigger::default);
    if let Some(constraint) = &mut constraint {
        if cursor.eat_word("from") {
            constraint.from = Some(context.relation_name(cursor.qualified_name()?));
        }
        deferral(cursor, constraint)?;
    }
    let (mut old_table, mut new_table) = (None, None);
    if cursor.eat_word("referencing") {
        while let Some(word) = cursor.eat_any_word(&["old", "new"]) {
            cursor.expect_word("table")?;
            cursor.eat_word("as");
            let table = Some(cursor.ident()?);
            if word == "old" {
                old_table = table;
            } else {
                new_table = table;
            }
        }
    }
    let mut for_each_row = false;
    if cursor.eat_word("for") {
        cursor.eat_word("each");
        for_each_row = cursor.expect_any_word(&["row", "statement"])? == "row";
    }
    let mut when = None;
    if cursor.eat_word("when") {
        when = Some(context.expr(cursor.paren_text()?));
    }
    cursor.expect_word("execute")?;
    cursor.expect_any_word(&["function", "procedure"])?;
    let function = context.routine_name(cursor.qualified_routine()?);
    let arguments = cursor.paren_list_or_empty(argument)?;
    let trigger = Trigger {
        table,
        name,
        timing,
        events,
        for_each_row,
        constraint,
        old_table,
        new_table,
        when,
        function,
        arguments,
        enabled: Default::default(),
        below: Vec::new(),
    };
    Ok(vec![Operation::Create {
        object: trigger.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// What it fires on, in the order of the model.
fn events(cursor: &mut Cursor<'_>) -> Result<Vec<Event>, ParseError> {
    let (mut insert, mut delete, mut truncate, mut update) = (false, false, false, None);
    loop {
        match cursor.expect_any_word(&["insert", "delete", "truncate", "update"])? {
            "insert" => insert = true,
            "delete" => delete = true,
            "truncate" => truncate = true,
            _ => {
                update = Some(if cursor.eat_word("of") {
                    cursor.comma_separated(Cursor::ident)?
                } else {
                    Vec::new()
                });
            }
        }
        if !cursor.eat_word("or") {
            break;
        }
    }
    let mut events = Vec::new();
    events.extend(insert.then_some(Event::Insert));
    events.extend(delete.then_some(Event::Delete));
    events.extend(update.map(Event::Update));
    events.extend(truncate.then_some(Event::Truncate));
    Ok(events)
}

fn deferral(cursor: &mut Cursor<'_>, constraint: &mut ConstraintTrigger) -> Result<(), ParseError> {
    loop {
        if cursor.eat_words("not deferrable") {
            constraint.deferrable = false;
        } else if cursor.eat_word("deferrable") {
            constraint.deferrable = true;
        } else if cursor.eat_words("initially deferred") {
            constraint.initially_deferred = true;
            constraint.deferrable = true;
        } else if !cursor.eat_words("initially immediate") {
            return Ok(());
        }
    }
}

/// A literal argument: a string, a number, or a bare word, which counts as a string.
fn argument(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    if cursor.is_string() {
        return cursor.string();
    }
    if cursor.lexeme_nth(0) == Some(Lexeme::Number) {
        let text = cursor.next();
        let whole = text.parse::<i32>().map(|number| number.to_string());
        return Ok(whole.unwrap_or_else(|_| text.to_owned()));
    }
    cursor.any_ident().map(|word| word.as_str().to_owned())
}

/// `ALTER TRIGGER ... RENAME TO`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter trigger")?;
    let id = named(cursor, context, Class::Kind(Kind::Trigger))?;
    match common_alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO")),
    }
}
