//! `CREATE ACCESS METHOD`.

use super::{AccessMethod, Purpose};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;

/// `CREATE ACCESS METHOD`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create access method")?;
    let name = cursor.any_ident()?;
    cursor.expect_word("type")?;
    let purpose = match cursor.expect_any_word(&["index", "table"])? {
        "table" => Purpose::Table,
        _ => Purpose::Index,
    };
    cursor.expect_word("handler")?;
    let handler = context.routine_name(cursor.qualified_routine()?);
    Ok(vec![Operation::create(AccessMethod { name, purpose, handler })])
}
