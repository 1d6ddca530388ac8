//! `CREATE TEXT SEARCH PARSER` and `ALTER TEXT SEARCH PARSER`.

use std::collections::BTreeMap;

use super::TextSearchParser;
use crate::object::Kind;
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::parameters;
use crate::parse::target::{Class, named};

const FUNCTIONS: &[&str] = &["start", "gettoken", "end", "headline", "lextypes"];
const NEEDED: &[&str] = &["start", "gettoken", "end", "lextypes"];

/// `CREATE TEXT SEARCH PARSER`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create text search parser")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    let start = cursor.clone();
    let mut functions = BTreeMap::new();
    parameters(cursor, |cursor, key| {
        if !FUNCTIONS.contains(&key) {
            return Err(cursor.error(format!("a text search parser has no parameter {key}")));
        }
        let function = context.routine_name(cursor.qualified_routine()?);
        functions.insert(key.to_owned(), function);
        Ok(())
    })?;
    if let Some(missing) = NEEDED.iter().find(|key| !functions.contains_key(**key)) {
        return Err(start.error(format!("a text search parser needs {}", missing.to_uppercase())));
    }
    Ok(vec![Operation::create(TextSearchParser { name, functions })])
}

/// `ALTER TEXT SEARCH PARSER`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter text search parser")?;
    let id = named(cursor, context, Class::Kind(Kind::TextSearchParser))?;
    match common_alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO or SET SCHEMA")),
    }
}
