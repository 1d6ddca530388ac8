//! From the opening words of a statement to the parser of its kind.
//!
//! Every parser gets the cursor at the first word of the statement and returns the operations the statement stands for; the
//! dispatcher checks that it has read everything.

use crate::object::{Kind, index, sequence, table};
use crate::operation::Operation;

use super::context::Context;
use super::cursor::Cursor;
use super::error::ParseError;
use super::relation;

type Parsed = Result<Vec<Operation>, ParseError>;

/// The operations of one statement.
pub(super) fn parse(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    let operations = match () {
        () if cursor.is_word("create") => create(cursor, context)?,
        () if cursor.is_word("alter") => alter(cursor, context)?,
        () if cursor.is_word("drop") => drop(cursor, context)?,
        () if cursor.is_word("cluster") => index::parse::parse_cluster(cursor, context)?,
        () => return Err(unknown(cursor)),
    };
    cursor.expect_end()?;
    Ok(operations)
}

fn unknown(cursor: &Cursor<'_>) -> ParseError {
    cursor
        .error("this statement is not understood")
        .hint("if it does not belong to the schema, move it into a file of its own outside the sources")
}

/// Whether the words behind CREATE and its modifiers are these.
fn creates(cursor: &Cursor<'_>, words: &str) -> bool {
    const MODIFIERS: &[&str] = &[
        "global",
        "local",
        "temp",
        "temporary",
        "unlogged",
        "recursive",
        "unique",
        "constraint",
    ];
    let mut cursor = cursor.clone();
    cursor.next();
    cursor.eat_words("or replace");
    while cursor.eat_any_word(MODIFIERS).is_some() {}
    cursor.are_words(words)
}

fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    match () {
        () if creates(cursor, "table") => table::parse::parse_create(cursor, context),
        () if creates(cursor, "index") => index::parse::parse_create(cursor, context),
        () if creates(cursor, "sequence") => sequence::parse::parse_create(cursor, context),
        () => Err(unknown(cursor)),
    }
}

fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    match () {
        () if cursor.are_words("alter table") => table::alter::parse_alter(cursor, context),
        () if cursor.are_words("alter index") => index::parse::parse_alter(cursor, context),
        () if cursor.are_words("alter sequence") => sequence::parse::parse_alter(cursor, context),
        () => Err(unknown(cursor)),
    }
}

fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Parsed {
    match () {
        () if cursor.eat_words("drop table") => relation::parse_drop(cursor, context, Kind::Table),
        () if cursor.eat_words("drop index") => relation::parse_drop(cursor, context, Kind::Index),
        () if cursor.eat_words("drop sequence") => relation::parse_drop(cursor, context, Kind::Sequence),
        () => Err(unknown(cursor)),
    }
}
