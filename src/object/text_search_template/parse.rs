//! `CREATE TEXT SEARCH TEMPLATE` and `ALTER TEXT SEARCH TEMPLATE`.

use std::collections::BTreeMap;

use super::TextSearchTemplate;
use crate::object::Kind;
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::parameters;
use crate::parse::target::{Class, named};

const FUNCTIONS: &[&str] = &["init", "lexize"];
const NEEDED: &[&str] = &["lexize"];

/// `CREATE TEXT SEARCH TEMPLATE`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create text search template")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    let start = cursor.clone();
    let mut functions = BTreeMap::new();
    parameters(cursor, |cursor, key| {
        if !FUNCTIONS.contains(&key) {
            return Err(cursor.error(format!("a text search template has no parameter {key}")));
        }
        let function = context.routine_name(cursor.qualified_routine()?);
        functions.insert(key.to_owned(), function);
        Ok(())
    })?;
    if let Some(missing) = NEEDED.iter().find(|key| !functions.contains_key(**key)) {
        return Err(start.error(format!("a text search template needs {}", missing.to_uppercase())));
    }
    Ok(vec![Operation::create(TextSearchTemplate { name, functions })])
}

/// `ALTER TEXT SEARCH TEMPLATE`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter text search template")?;
    let id = named(cursor, context, Class::Kind(Kind::TextSearchTemplate))?;
    match common_alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO or SET SCHEMA")),
    }
}
