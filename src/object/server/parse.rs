//! `CREATE SERVER` and `ALTER SERVER`.

use super::options::{read, read_changes};
use super::{Server, ServerChange};
use crate::object::Kind;
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::relation::if_not_exists;
use crate::parse::target::{Class, named};

/// `CREATE SERVER`.
pub(crate) fn create(cursor: &mut Cursor<'_>, _context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create server")?;
    let if_exists = if_not_exists(cursor);
    let name = cursor.any_ident()?;
    let type_text = if cursor.eat_word("type") {
        Some(cursor.string()?)
    } else {
        None
    };
    let version = version(cursor)?;
    cursor.expect_words("foreign data wrapper")?;
    let server = Server {
        name,
        type_text,
        version,
        wrapper: cursor.any_ident()?,
        options: read(cursor)?,
    };
    Ok(vec![Operation::Create {
        object: server.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

fn version(cursor: &mut Cursor<'_>) -> Result<Option<String>, ParseError> {
    if !cursor.eat_word("version") || cursor.eat_word("null") {
        return Ok(None);
    }
    cursor.string().map(Some)
}

/// `ALTER SERVER`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter server")?;
    let id = named(cursor, context, Class::Kind(Kind::Server))?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let mut operations = Vec::new();
    if let Some(version) = version(cursor)? {
        operations.push(Operation::alter(id.clone(), ServerChange::Version(version)));
    }
    if operations.is_empty() || cursor.is_word("options") {
        operations.push(Operation::alter(id, ServerChange::Options(read_changes(cursor)?)));
    }
    Ok(operations)
}
