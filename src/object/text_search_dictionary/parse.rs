//! `CREATE TEXT SEARCH DICTIONARY` and `ALTER TEXT SEARCH DICTIONARY`.

use indexmap::IndexMap;

use super::{TextSearchDictionary, TextSearchDictionaryChange};
use crate::name::Ident;
use crate::object::Kind;
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::{Cursor, NUMBER};
use crate::parse::options::value;
use crate::parse::target::{Class, named};
use crate::sql;

/// `CREATE TEXT SEARCH DICTIONARY`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create text search dictionary")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    let start = cursor.clone();
    let mut template = None;
    let mut options = IndexMap::new();
    cursor.paren_list(|cursor| {
        let key = cursor.any_ident()?;
        cursor.expect_mark("=")?;
        if key.as_str() == "template" {
            template = Some(context.name_of(Kind::TextSearchTemplate, cursor.qualified_routine()?));
        } else {
            options.insert(key, literal(cursor)?);
        }
        Ok(())
    })?;
    let Some(template) = template else {
        return Err(start.error("a text search dictionary needs TEMPLATE"));
    };
    Ok(vec![Operation::create(TextSearchDictionary {
        name,
        template,
        options,
    })])
}

/// A value as PostgreSQL keeps it: numbers as they are, everything else as a literal.
fn literal(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let signed = cursor.is_mark("-") || cursor.is_mark("+");
    let number = cursor.lexeme_nth(usize::from(signed)) == Some(NUMBER);
    let text = value(cursor)?;
    Ok(if number { text } else { sql::literal(&text) })
}

/// `ALTER TEXT SEARCH DICTIONARY`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter text search dictionary")?;
    let id = named(cursor, context, Class::Kind(Kind::TextSearchDictionary))?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let mut changes: IndexMap<Ident, Option<String>> = IndexMap::new();
    cursor.paren_list(|cursor| {
        let key = cursor.any_ident()?;
        let value = if cursor.eat_mark("=") {
            Some(literal(cursor)?)
        } else {
            None
        };
        changes.insert(key, value);
        Ok(())
    })?;
    Ok(vec![Operation::alter(id, TextSearchDictionaryChange::Options(changes))])
}
