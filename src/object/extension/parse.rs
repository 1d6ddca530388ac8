//! `CREATE EXTENSION` and `ALTER EXTENSION`.

use super::{Extension, ExtensionChange};
use crate::object::{Kind, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;

/// `CREATE EXTENSION`.
pub(crate) fn create(cursor: &mut Cursor<'_>, _context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create extension")?;
    let if_exists = if cursor.eat_words("if not exists") {
        IfExists::Skip
    } else {
        IfExists::Fail
    };
    let name = name(cursor)?;
    let (mut namespace, mut version) = (None, None);
    cursor.eat_word("with");
    while !cursor.at_end() {
        if cursor.eat_word("schema") {
            namespace = Some(cursor.any_ident()?);
        } else if cursor.eat_word("version") {
            version = Some(text(cursor)?);
        } else if cursor.eat_word("from") {
            text(cursor)?;
        } else {
            cursor.expect_word("cascade")?;
        }
    }
    let extension = Extension {
        name,
        namespace,
        version,
    };
    Ok(vec![Operation::Create {
        object: extension.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// `ALTER EXTENSION`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter extension")?;
    let id = ObjectId::global(Kind::Extension, &name(cursor)?);
    if cursor.eat_words("set schema") {
        let namespace = cursor.any_ident()?;
        let id = context.existing(cursor, id)?;
        return Ok(vec![Operation::alter(id, ExtensionChange::Namespace(namespace))]);
    }
    if cursor.eat_word("update") {
        if !cursor.eat_word("to") {
            return Ok(Vec::new());
        }
        let version = text(cursor)?;
        let id = context.existing(cursor, id)?;
        return Ok(vec![Operation::alter(id, ExtensionChange::Version(version))]);
    }
    if cursor.eat_any_word(&["add", "drop"]).is_some() {
        context.note(
            cursor.place(),
            "what belongs to an extension is not managed; the statement is left out",
        );
        cursor.rest();
        return Ok(Vec::new());
    }
    Err(cursor.expected("UPDATE, SET SCHEMA, ADD or DROP"))
}

fn name(cursor: &mut Cursor<'_>) -> Result<crate::name::Ident, ParseError> {
    cursor.any_ident()
}

/// A version: a string or a word.
fn text(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    if cursor.is_string() {
        cursor.string()
    } else {
        Ok(cursor.any_ident()?.as_str().to_owned())
    }
}
