//! `CREATE CONVERSION` and `ALTER CONVERSION`.

use super::{Conversion, encoding};
use crate::object::Kind;
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{Class, named};

/// `CREATE [DEFAULT] CONVERSION`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let default = cursor.eat_word("default");
    cursor.expect_word("conversion")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    cursor.expect_word("for")?;
    let from = encoding(&cursor.string()?).to_uppercase();
    cursor.expect_word("to")?;
    let to = encoding(&cursor.string()?).to_uppercase();
    cursor.expect_word("from")?;
    let function = context.routine_name(cursor.qualified_routine()?);
    Ok(vec![Operation::create(Conversion {
        name,
        default,
        from,
        to,
        function,
    })])
}

/// `ALTER CONVERSION`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter conversion")?;
    let id = named(cursor, context, Class::Kind(Kind::Conversion))?;
    match common_alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO, OWNER TO or SET SCHEMA")),
    }
}
