//! `CREATE TYPE` and `ALTER TYPE`, which tell their kinds apart by what follows the name.

use crate::object::range_type::RangeType;
use crate::object::{Kind, Object, composite_type, enum_type, range_type};
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
    if let Some(range) = range_of(cursor, context)? {
        return range_type::parse::alter_multirange(cursor, range);
    }
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

/// The range type whose multirange type is named here; its name is read then, and nothing otherwise.
fn range_of<'a>(cursor: &mut Cursor<'_>, context: &Context<'a>) -> Result<Option<&'a RangeType>, ParseError> {
    let mut ahead = cursor.clone();
    let name = ahead.qualified_routine()?;
    let mut ranges = context
        .schema
        .of_kind(Kind::RangeType)
        .filter_map(|(_, object)| match object {
            Object::RangeType(range) => Some(range),
            _ => None,
        });
    let found = ranges.find(|range| {
        let multirange = range.multirange_name();
        let in_path = || {
            multirange
                .namespace
                .as_ref()
                .is_some_and(|own| context.path.namespaces().contains(own))
        };
        multirange.name == name.name
            && (multirange.namespace == name.namespace || name.namespace.is_none() && in_path())
    });
    if found.is_some() {
        *cursor = ahead;
    }
    Ok(found)
}
