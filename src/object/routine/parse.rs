//! `CREATE FUNCTION`, `CREATE PROCEDURE`, and `ALTER` of them.

use super::clauses::{Clauses, clause};
use super::{Argument, ArgumentMode, Body, Returns, Routine, RoutineChange};
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common::{alter as common_alter, forgiving};
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{Class, class, named};
use crate::types::TypeName;

/// `CREATE [OR REPLACE] FUNCTION` or `PROCEDURE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let if_exists = if cursor.eat_words("or replace") {
        IfExists::Replace
    } else {
        IfExists::Fail
    };
    let procedure = cursor.expect_any_word(&["function", "procedure"])? == "procedure";
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    let mut routine = Routine {
        name,
        procedure,
        arguments: cursor.paren_list_or_empty(|cursor| argument(cursor, context))?,
        returns: None,
        language: Ident::new("sql"),
        body: Body::Source(String::new()),
        volatility: Default::default(),
        strict: false,
        security_definer: false,
        leakproof: false,
        window: false,
        parallel: Default::default(),
        cost: None,
        rows: None,
        support: None,
        transforms: Vec::new(),
        settings: Default::default(),
    };
    let mut clauses = Clauses::default();
    while !cursor.at_end() {
        if cursor.is_word("returns") && !cursor.are_words("returns null on null input") {
            cursor.next();
            routine.returns = Some(returns(cursor, context)?);
        } else {
            clause(cursor, context, &mut routine, &mut clauses)?;
        }
    }
    finish(cursor, &mut routine, clauses)?;
    Ok(vec![Operation::Create {
        object: routine.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// What can be told only when the whole statement is read: language and body, and what is the default of the language.
fn finish(cursor: &Cursor<'_>, routine: &mut Routine, clauses: Clauses) -> Result<(), ParseError> {
    let Clauses { language, source, body } = clauses;
    routine.language = match (language, &body) {
        (Some(language), _) => language,
        (None, Some(_)) => Ident::new("sql"),
        (None, None) => return Err(cursor.error("no language is given").hint("add LANGUAGE sql or another")),
    };
    let own_name = || routine.name.name.as_str().to_owned();
    routine.body = match (source, body, routine.language.as_str()) {
        (Some(_), Some(_), _) => return Err(cursor.error("there are two bodies")),
        (None, Some(body), _) => Body::Sql(body),
        (Some((file, Some(symbol))), None, _) => Body::Object { file, symbol },
        (Some((file, None)), None, "c") => Body::Object {
            file,
            symbol: own_name(),
        },
        (Some((source, None)), None, _) => Body::Source(source),
        (None, None, "internal") => Body::Source(own_name()),
        (None, None, _) => return Err(cursor.error("no body is given")),
    };
    normalise(routine);
    let outputs = routine
        .arguments
        .iter()
        .any(|a| matches!(a.mode, ArgumentMode::Out | ArgumentMode::InOut));
    if routine.procedure {
        routine.returns = None;
    } else if outputs && matches!(routine.returns, Some(Returns::Type(_))) {
        // Output arguments say it already.
        routine.returns = None;
    } else if !outputs && routine.returns.is_none() {
        return Err(cursor.error("nothing says what the function returns"));
    }
    Ok(())
}

/// Leaves out costs that are the default.
fn normalise(routine: &mut Routine) {
    let default = match routine.language.as_str() {
        "c" | "internal" => "1",
        _ => "100",
    };
    routine.cost = routine.cost.take().filter(|cost| cost != default);
    routine.rows = routine.rows.take().filter(|rows| rows != "1000" && rows != "0");
}

fn returns(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Returns, ParseError> {
    if cursor.is_word("table") && cursor.peek_nth(1) == "(" {
        cursor.next();
        let columns = cursor.paren_list(|cursor| {
            let name = cursor.routine_ident()?;
            Ok(Argument {
                mode: ArgumentMode::In,
                name: Some(name),
                type_name: argument_type(cursor, context)?,
                default: None,
            })
        })?;
        return Ok(Returns::Table(columns));
    }
    if cursor.eat_word("setof") {
        return argument_type(cursor, context).map(Returns::SetOf);
    }
    argument_type(cursor, context).map(Returns::Type)
}

/// One argument: `[mode] [name] type [DEFAULT expr]`, the mode also behind the name.
pub(crate) fn argument(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Argument, ParseError> {
    let mut mode = mode(cursor);
    let start = cursor.mark();
    cursor.eat_word("setof");
    let alone = mode_is_not_next(cursor) && cursor.type_text().is_ok() && ends_argument(cursor);
    cursor.reset(start);
    let name = if alone { None } else { Some(cursor.routine_ident()?) };
    if name.is_some() && mode.is_none() {
        mode = self::mode(cursor);
    }
    let type_name = argument_type(cursor, context)?;
    let mut default = None;
    if cursor.eat_word("default") || cursor.eat_mark("=") {
        default = Some(context.expr(cursor.expr_slice(&[])?));
    }
    Ok(Argument {
        mode: mode.unwrap_or_default(),
        name,
        type_name,
        default,
    })
}

fn mode(cursor: &mut Cursor<'_>) -> Option<ArgumentMode> {
    if cursor.eat_words("in out") || cursor.eat_word("inout") {
        return Some(ArgumentMode::InOut);
    }
    match cursor.eat_any_word(&["in", "out", "variadic"])? {
        "out" => Some(ArgumentMode::Out),
        "variadic" => Some(ArgumentMode::Variadic),
        _ => Some(ArgumentMode::In),
    }
}

/// Whether a name may be alone here: with the mode behind it, it is no type.
fn mode_is_not_next(cursor: &Cursor<'_>) -> bool {
    !["in", "out", "inout", "variadic"]
        .iter()
        .any(|word| cursor.is_word_nth(1, word))
}

fn ends_argument(cursor: &Cursor<'_>) -> bool {
    cursor.at_end() || cursor.is_mark(",") || cursor.is_mark("=") || cursor.is_any_word(&["default", "order"])
}

/// A type without modifiers; `table.column%TYPE` is looked up.
pub(crate) fn argument_type(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<TypeName, ParseError> {
    cursor.eat_word("setof");
    let start = cursor.clone();
    let text = cursor.type_text()?;
    if text.contains('%') && text.to_ascii_lowercase().ends_with("type") {
        return column_type(start, context);
    }
    Ok(context.type_name(text).without_modifiers())
}

fn column_type(mut cursor: Cursor<'_>, context: &Context<'_>) -> Result<TypeName, ParseError> {
    let mut names = vec![cursor.ident()?];
    while cursor.eat_mark(".") {
        names.push(cursor.any_ident()?);
    }
    let (column, table) = (names.pop(), names.pop());
    let (Some(column), Some(table)) = (column, table) else {
        return Err(cursor.error("%TYPE needs a table and a column, as in users.email%TYPE"));
    };
    let name = QualifiedName {
        namespace: names.pop(),
        name: table,
    };
    let relation = context.relation_id(&cursor, &name)?;
    let columns = context.schema.all_columns(&relation.qualified());
    match columns.iter().find(|candidate| candidate.name == column) {
        Some(found) => Ok(found.type_name.without_modifiers()),
        None => Err(context.missing(&cursor, format!("{relation} has no column {column}"))),
    }
}

/// `ALTER FUNCTION`, `ALTER PROCEDURE`, `ALTER ROUTINE`, `ALTER AGGREGATE`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("alter")?;
    let class = class(cursor).unwrap_or(Class::Kind(Kind::Function));
    let if_exists = cursor.eat_words("if exists");
    let id = forgiving(named(cursor, context, class), if_exists)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let Some(Object::Routine(routine)) = context.schema.get(&id) else {
        return Err(cursor.expected("OWNER TO, RENAME TO or SET SCHEMA"));
    };
    let mut routine = routine.clone();
    attributes(cursor, context, &mut routine)?;
    Ok(vec![change(id, routine)])
}

fn change(id: ObjectId, routine: Routine) -> Operation {
    Operation::alter(id, RoutineChange::Replace(Box::new(routine)))
}

fn attributes(cursor: &mut Cursor<'_>, context: &Context<'_>, routine: &mut Routine) -> Result<(), ParseError> {
    let mut clauses = Clauses::default();
    loop {
        if cursor.eat_words("reset all") {
            routine.settings.clear();
        } else if cursor.eat_word("reset") {
            let name = super::clauses::setting_name(cursor)?;
            routine.settings.shift_remove(&name);
        } else {
            clause(cursor, context, routine, &mut clauses)?;
        }
        cursor.eat_word("restrict");
        if cursor.at_end() {
            break;
        }
    }
    let Clauses { language, source, body } = clauses;
    if language.is_some() || source.is_some() || body.is_some() {
        return Err(cursor
            .error("ALTER cannot change the language or the body of a routine")
            .hint("use CREATE OR REPLACE"));
    }
    normalise(routine);
    Ok(())
}
