//! `SECURITY LABEL`.

use super::{SecurityLabel, label_id};
use crate::name::Ident;
use crate::object::{Kind, ObjectId, language};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{Class, class, named};

/// Classes that can have a label but are no part of a schema.
const UNMANAGED: &[&str] = &["database", "large object", "role", "tablespace"];

/// Kinds that PostgreSQL gives a label (documentation of `SECURITY LABEL`, 14 to 18).
const LABELLED: &[Kind] = &[
    Kind::Table,
    Kind::Column,
    Kind::Aggregate,
    Kind::Domain,
    Kind::EventTrigger,
    Kind::Function,
    Kind::Language,
    Kind::MaterializedView,
    Kind::Procedure,
    Kind::Publication,
    Kind::Namespace,
    Kind::Sequence,
    Kind::Subscription,
    Kind::View,
];

/// `SECURITY LABEL [FOR provider] ON ... IS`.
pub(crate) fn parse(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    let start = cursor.clone();
    cursor.expect_words("security label")?;
    if !cursor.eat_word("for") {
        return Err(start
            .error("a security label without FOR means whichever provider the server has loaded")
            .hint("name it: SECURITY LABEL FOR provider ON ..."));
    }
    let provider = if cursor.is_string() {
        Ident::new(cursor.string()?)
    } else {
        cursor.any_ident()?
    };
    cursor.expect_word("on")?;
    let foreign = language::parse::foreign(cursor, context).is_some();
    if let Some(words) = UNMANAGED.iter().find(|words| cursor.are_words(words)) {
        context.unmanaged(
            start.place(),
            format!(
                "SECURITY LABEL ON {} is not managed; the statement is left out",
                words.to_ascii_uppercase()
            ),
        );
        cursor.rest();
        return Ok(Vec::new());
    }
    if foreign {
        context.unmanaged(
            start.place(),
            "the language belongs to the server or to an extension; its security label is left out",
        );
        cursor.rest();
        return Ok(Vec::new());
    }
    let Some(class) = class(cursor) else {
        return Err(cursor.expected("a class of objects, such as TABLE or COLUMN"));
    };
    if let Class::Kind(kind) = class {
        if !LABELLED.contains(&kind) {
            return Err(start.error(format!("this is what PostgreSQL has no security label for: {kind}")));
        }
    }
    let on = named(cursor, context, class)?;
    cursor.expect_word("is")?;
    let label = if cursor.eat_word("null") {
        None
    } else {
        Some(cursor.string()?)
    };
    Ok(vec![match label {
        Some(label) => Operation::put(SecurityLabel { on, provider, label }),
        None => removal(&on, &provider),
    }])
}

fn removal(on: &ObjectId, provider: &Ident) -> Operation {
    Operation::Drop {
        id: label_id(on, provider),
        if_exists: true,
        cascade: false,
        concurrently: false,
        only: false,
    }
}
