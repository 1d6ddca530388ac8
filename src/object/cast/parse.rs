//! `CREATE CAST`.

use super::{Cast, CastContext, cast_id};
use crate::object::routine::ArgumentMode;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{argument_types, routines};
use crate::types::TypeName;

/// `CREATE CAST`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create cast")?;
    let (source, target) = types(cursor, context)?;
    let mut cast = Cast {
        source,
        target,
        function: None,
        arguments: Vec::new(),
        inout: false,
        context: CastContext::Explicit,
    };
    if cursor.eat_words("with inout") {
        cast.inout = true;
    } else if !cursor.eat_words("without function") {
        cursor.expect_words("with function")?;
        function(cursor, context, &mut cast)?;
    }
    if cursor.eat_word("as") {
        cast.context = match cursor.expect_any_word(&["assignment", "implicit"])? {
            "assignment" => CastContext::Assignment,
            _ => CastContext::Implicit,
        };
    }
    Ok(vec![Operation::create(cast)])
}

/// The function, with or without the types of its arguments.
fn function(cursor: &mut Cursor<'_>, context: &Context<'_>, cast: &mut Cast) -> Result<(), ParseError> {
    let start = cursor.clone();
    let written = cursor.qualified_routine()?;
    let name = context.routine_name(written.clone());
    let given = cursor.is_mark("(");
    if given {
        cast.arguments = argument_types(cursor, context)?;
        cast.arguments = cast.arguments.iter().map(TypeName::without_modifiers).collect();
    } else {
        let found = routines(context, &[Kind::Function], &name, None);
        let [one] = found.as_slice() else {
            return Err(context
                .missing(&start, format!("which function {written} is meant is not clear"))
                .hint("write the types of its arguments in parentheses"));
        };
        if let Some(Object::Routine(routine)) = context.schema.get(one) {
            cast.arguments = routine
                .arguments
                .iter()
                .filter(|argument| argument.mode != ArgumentMode::Out)
                .map(|argument| argument.type_name.clone())
                .collect();
        }
    }
    cast.function = Some(name);
    Ok(())
}

/// `(source AS target)`.
fn types(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<(TypeName, TypeName), ParseError> {
    cursor.parenthesised(|inside| {
        let source = context.read_type(inside)?.without_modifiers();
        inside.expect_word("as")?;
        let target = context.read_type(inside)?.without_modifiers();
        Ok((source, target))
    })
}

/// The cast named by `(source AS target)`.
pub(crate) fn named(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<ObjectId, ParseError> {
    let (source, target) = types(cursor, context)?;
    context.existing(cursor, cast_id(&source, &target))
}
