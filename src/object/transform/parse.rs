//! `CREATE TRANSFORM`.

use super::{Transform, transform_id};
use crate::name::{Ident, QualifiedName};
use crate::object::ObjectId;
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::argument_types;
use crate::types::TypeName;

/// `FOR type LANGUAGE language`.
fn subject(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<(TypeName, Ident), ParseError> {
    cursor.expect_word("for")?;
    let type_name = context.read_type(cursor)?.without_modifiers();
    cursor.expect_word("language")?;
    Ok((type_name, cursor.any_ident()?))
}

/// `CREATE [OR REPLACE] TRANSFORM`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let replace = cursor.eat_words("or replace");
    cursor.expect_word("transform")?;
    let (type_name, language) = subject(cursor, context)?;
    let (mut from_sql, mut to_sql) = (None, None);
    cursor.paren_list(|cursor| {
        let from = cursor.expect_any_word(&["from", "to"])? == "from";
        cursor.expect_words("sql with function")?;
        let slot = if from { &mut from_sql } else { &mut to_sql };
        *slot = Some(function(cursor, context)?);
        Ok(())
    })?;
    let transform = Transform {
        type_name,
        language,
        from_sql,
        to_sql,
    };
    Ok(vec![Operation::Create {
        object: transform.into(),
        if_exists: if replace { IfExists::Replace } else { IfExists::Fail },
        concurrently: false,
        like: false,
    }])
}

/// `name` or `name(internal)`: no other arguments are allowed.
fn function(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<QualifiedName, ParseError> {
    let name = context.routine_name(cursor.qualified_routine()?);
    if cursor.is_mark("(") {
        let types = argument_types(cursor, context)?;
        if types.len() != 1 {
            return Err(cursor.error("a transform function takes one argument of type internal"));
        }
    }
    Ok(name)
}

/// The transform named by `FOR type LANGUAGE language`.
pub(crate) fn named(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<ObjectId, ParseError> {
    let (type_name, language) = subject(cursor, context)?;
    context.existing(cursor, transform_id(&type_name, &language))
}
