//! `CREATE LANGUAGE` and `ALTER LANGUAGE`.

use super::Language;
use crate::name::{Ident, QualifiedName};
use crate::object::extension::Extension;
use crate::object::{Kind, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;

/// `CREATE [OR REPLACE] [TRUSTED] [PROCEDURAL] LANGUAGE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_word("create")?;
    let replace = cursor.eat_words("or replace");
    let trusted = cursor.eat_word("trusted");
    cursor.eat_word("procedural");
    cursor.expect_word("language")?;
    let name = name(cursor)?;
    let function = |cursor: &mut Cursor<'_>, word: &str| -> Result<Option<QualifiedName>, ParseError> {
        if !cursor.eat_word(word) {
            return Ok(None);
        }
        Ok(Some(context.routine_name(cursor.qualified_routine()?)))
    };
    let Some(handler) = function(cursor, "handler")? else {
        return Ok(extension(name, replace));
    };
    let language = Language {
        name,
        trusted,
        handler,
        inline: function(cursor, "inline")?,
        validator: if cursor.eat_words("no validator") {
            None
        } else {
            function(cursor, "validator")?
        },
    };
    Ok(vec![Operation::Create {
        object: language.into(),
        if_exists: if replace { IfExists::Replace } else { IfExists::Fail },
        concurrently: false,
        like: false,
    }])
}

/// Without a handler PostgreSQL takes it for `CREATE EXTENSION`. Every database has `plpgsql`, which old dumps create again.
fn extension(name: Ident, replace: bool) -> Vec<Operation> {
    let given = name.as_str() == "plpgsql";
    vec![Operation::Create {
        object: Extension {
            name,
            namespace: None,
            version: None,
        }
        .into(),
        if_exists: if replace || given {
            IfExists::Skip
        } else {
            IfExists::Fail
        },
        concurrently: false,
        like: false,
    }]
}

/// A language by its name, which old files write as a string.
pub(crate) fn name(cursor: &mut Cursor<'_>) -> Result<Ident, ParseError> {
    if cursor.is_string() {
        return Ok(Ident::new(cursor.string()?));
    }
    cursor.any_ident()
}

/// The language named here.
pub(crate) fn named(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<ObjectId, ParseError> {
    let name = name(cursor)?;
    context.existing(cursor, ObjectId::global(Kind::Language, &name))
}

/// The name of a language that no source defines: a built-in one, or one of an extension. What is said about it is left out.
pub(crate) fn foreign(cursor: &Cursor<'_>, context: &Context<'_>) -> Option<Ident> {
    let mut ahead = cursor.clone();
    ahead.eat_word("procedural");
    if !ahead.eat_word("language") {
        return None;
    }
    ahead.eat_words("if exists");
    let name = name(&mut ahead).ok()?;
    let declared = (Kind::Language, QualifiedName::bare(name.clone()));
    let id = ObjectId::global(Kind::Language, &name);
    (!context.declared.others.contains(&declared) && !context.schema.contains(&id)).then_some(name)
}

/// `ALTER [PROCEDURAL] LANGUAGE`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    let start = cursor.place();
    cursor.expect_word("alter")?;
    if let Some(name) = foreign(cursor, context) {
        context.note(
            start,
            format!("language {name} belongs to the server or to an extension; the statement is left out"),
        );
        cursor.rest();
        return Ok(Vec::new());
    }
    cursor.eat_word("procedural");
    cursor.expect_word("language")?;
    let id = named(cursor, context)?;
    match common_alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO or OWNER TO")),
    }
}
