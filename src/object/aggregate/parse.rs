//! `CREATE AGGREGATE`.

use indexmap::IndexMap;

use super::Aggregate;
use crate::name::QualifiedName;
use crate::object::routine::Argument;
use crate::object::routine::parse::argument;
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::types::TypeName;

/// `CREATE [OR REPLACE] AGGREGATE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let if_exists = if cursor.eat_words("or replace") {
        IfExists::Replace
    } else {
        IfExists::Fail
    };
    cursor.expect_word("aggregate")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    let start = cursor.clone();
    let mut ahead = cursor.clone();
    ahead.skip_group();
    if ahead.at_end() {
        return Err(start
            .error("this is the syntax of aggregates before PostgreSQL 8.2")
            .hint("write the argument types in parentheses behind the name, and leave BASETYPE out"));
    }
    let (arguments, order_by) = cursor.parenthesised(|inside| argument_lists(inside, context))?;
    let mut parameters = Parameters::default();
    cursor.paren_list(|cursor| parameter(cursor, context, &mut parameters))?;
    let (Some(transition), Some(state_type)) = (parameters.transition, parameters.state_type) else {
        return Err(start.error("an aggregate needs SFUNC and STYPE"));
    };
    let default_modify = if order_by.is_empty() { "r" } else { "w" };
    let mut others = parameters.others;
    for name in ["finalfunc_modify", "mfinalfunc_modify"] {
        if others.get(name).is_some_and(|value| value == default_modify) {
            others.shift_remove(name);
        }
    }
    others.sort_keys();
    let aggregate = Aggregate {
        name,
        arguments,
        order_by,
        hypothetical: parameters.hypothetical,
        transition,
        state_type,
        functions: parameters.functions,
        moving_state_type: parameters.moving_state_type,
        parameters: others,
    };
    Ok(vec![Operation::Create {
        object: aggregate.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// `*`, or arguments, those behind `ORDER BY` apart.
fn argument_lists(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
) -> Result<(Vec<Argument>, Vec<Argument>), ParseError> {
    let (mut direct, mut ordered) = (Vec::new(), Vec::new());
    if cursor.eat_mark("*") {
        return Ok((direct, ordered));
    }
    if !cursor.is_word("order") {
        direct = cursor.comma_separated(|cursor| argument(cursor, context))?;
    }
    if cursor.eat_words("order by") {
        ordered = cursor.comma_separated(|cursor| argument(cursor, context))?;
    }
    Ok((direct, ordered))
}

#[derive(Default)]
struct Parameters {
    transition: Option<QualifiedName>,
    state_type: Option<TypeName>,
    functions: IndexMap<String, QualifiedName>,
    moving_state_type: Option<TypeName>,
    others: IndexMap<String, String>,
    hypothetical: bool,
}

fn parameter(cursor: &mut Cursor<'_>, context: &Context<'_>, into: &mut Parameters) -> Result<(), ParseError> {
    let start = cursor.clone();
    let name = cursor.any_ident()?.as_str().to_owned();
    let has_value = cursor.eat_mark("=");
    match name.as_str() {
        "sfunc" | "sfunc1" => into.transition = Some(function(cursor, context)?),
        "stype" | "stype1" => into.state_type = Some(state_type(cursor, context)?),
        "mstype" => into.moving_state_type = Some(state_type(cursor, context)?),
        "finalfunc" | "combinefunc" | "serialfunc" | "deserialfunc" | "msfunc" | "minvfunc" | "mfinalfunc" => {
            into.functions.insert(name, function(cursor, context)?);
        }
        "initcond1" => drop(into.others.insert("initcond".into(), value(cursor)?)),
        "initcond" | "minitcond" => drop(into.others.insert(name, value(cursor)?)),
        "sspace" | "msspace" => {
            let value = value(cursor)?;
            if value != "0" {
                into.others.insert(name, value);
            }
        }
        "sortop" => {
            let operator = cursor.operator()?;
            let text = match operator.namespace {
                Some(namespace) if namespace.as_str() != "pg_catalog" => {
                    format!("OPERATOR({namespace}.{})", operator.name.as_str())
                }
                _ => operator.name.as_str().to_owned(),
            };
            into.others.insert(name, text);
        }
        "finalfunc_extra" | "mfinalfunc_extra" | "hypothetical" => {
            let on = !has_value || matches!(value(cursor)?.to_ascii_lowercase().as_str(), "true" | "on" | "1" | "t");
            if name == "hypothetical" {
                into.hypothetical = on;
            } else if on {
                into.others.insert(name, "true".into());
            }
        }
        "finalfunc_modify" | "mfinalfunc_modify" => {
            let letter = match value(cursor)?.to_ascii_lowercase().as_str() {
                "read_only" => "r",
                "shareable" => "s",
                "read_write" => "w",
                _ => return Err(start.error(format!("{name} is READ_ONLY, SHAREABLE or READ_WRITE"))),
            };
            into.others.insert(name, letter.into());
        }
        "parallel" => match value(cursor)?.to_ascii_lowercase().as_str() {
            "safe" => drop(into.others.insert(name, "s".into())),
            "restricted" => drop(into.others.insert(name, "r".into())),
            "unsafe" => {}
            _ => return Err(start.error("PARALLEL is SAFE, RESTRICTED or UNSAFE")),
        },
        "basetype" => {
            return Err(start
                .error("BASETYPE belongs to the syntax of aggregates before PostgreSQL 8.2")
                .hint("write the argument types in parentheses behind the name"));
        }
        _ => return Err(start.error(format!("an aggregate has no parameter {name}"))),
    }
    Ok(())
}

fn function(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<QualifiedName, ParseError> {
    let name = if cursor.is_string() {
        QualifiedName::bare(cursor.string()?.as_str())
    } else {
        cursor.qualified_routine()?
    };
    Ok(context.routine_name(name))
}

fn state_type(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<TypeName, ParseError> {
    if cursor.is_string() {
        let text = cursor.string()?;
        return Ok(context.type_name(&text).without_modifiers());
    }
    Ok(context.read_type(cursor)?.without_modifiers())
}

fn value(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    if cursor.is_string() {
        return cursor.string();
    }
    if cursor.at_end() || cursor.is_mark(",") {
        return Err(cursor.expected("a value"));
    }
    let start = cursor.mark();
    if !cursor.eat_mark("-") {
        cursor.eat_mark("+");
    }
    cursor.next();
    Ok(cursor.slice_since(start).to_owned())
}
