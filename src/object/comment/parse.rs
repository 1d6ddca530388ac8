//! `COMMENT ON`.

use super::Comment;
use crate::object::{Kind, ObjectId, language};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{class, named};

/// Classes that can have a comment but are not managed.
const UNMANAGED: &[&str] = &["database", "large object", "role", "tablespace"];

/// `COMMENT ON ... IS`.
pub(crate) fn parse(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    let start = cursor.place();
    cursor.expect_words("comment on")?;
    if let Some(words) = UNMANAGED.iter().find(|words| cursor.are_words(words)) {
        let what = words.to_ascii_uppercase();
        context.note(
            start,
            format!("COMMENT ON {what} is not managed; the statement is left out"),
        );
        cursor.rest();
        return Ok(Vec::new());
    }
    if let Some(name) = language::parse::foreign(cursor, context) {
        context.note(
            start,
            format!("language {name} belongs to the server or to an extension; its comment is left out"),
        );
        cursor.rest();
        return Ok(Vec::new());
    }
    let Some(class) = class(cursor) else {
        return Err(cursor.expected("a class of objects, such as TABLE or COLUMN"));
    };
    let on = named(cursor, context, class)?;
    cursor.expect_word("is")?;
    let text = if cursor.eat_word("null") {
        String::new()
    } else {
        cursor.string()?
    };
    // PostgreSQL takes an empty comment for none.
    if text.is_empty() {
        return Ok(vec![Operation::Drop {
            id: ObjectId::satellite(Kind::Comment, &on),
            if_exists: true,
            cascade: false,
            concurrently: false,
            only: false,
        }]);
    }
    Ok(vec![Operation::put(Comment { on, text })])
}
