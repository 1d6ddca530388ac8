//! `CREATE TYPE` and `ALTER TYPE`, which tell their kinds apart by what follows the name.

use crate::object::{Kind, composite_type, enum_type, range_type};
use crate::operation::Operation;

use super::common::{alter as common_alter, forgiving};
use super::context::Context;
use super::cursor::Cursor;
use super::error::ParseError;
use super::target::{Class, named};

/// `CREATE TYPE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create type")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    if cursor.eat_words("as enum") {
        return enum_type::parse::body(cursor, context, name);
    }
    if cursor.eat_words("as range") {
        return range_type::parse::body(cursor, context, name);
    }
    if cursor.eat_word("as") {
        return composite_type::parse::body(cursor, context, name);
    }
    context.unmanaged(
        cursor.place(),
        format!("the base type {name} is not managed; the statement is left out"),
    );
    cursor.rest();
    Ok(Vec::new())
}

/// `ALTER TYPE`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter type")?;
    let if_exists = cursor.eat_words("if exists");
    let id = forgiving(named(cursor, context, Class::Type), if_exists)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    match id.kind {
        Kind::EnumType => enum_type::parse::alter(cursor, context, &id),
        Kind::CompositeType => composite_type::parse::alter(cursor, context, &id),
        _ => Err(cursor.expected("OWNER TO, RENAME TO or SET SCHEMA")),
    }
}
