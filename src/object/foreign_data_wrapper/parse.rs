//! `CREATE FOREIGN DATA WRAPPER` and `ALTER FOREIGN DATA WRAPPER`.

use super::{ForeignDataWrapper, ForeignDataWrapperChange};
use crate::name::QualifiedName;
use crate::object::Kind;
use crate::object::server::ForeignOptions;
use crate::object::server::options::{read, read_changes};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{Class, named};

/// A function that is named or taken away.
type Function = Option<QualifiedName>;

/// `HANDLER f`, `NO HANDLER`, `VALIDATOR f`, `NO VALIDATOR`, as far as they come next.
fn functions(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
) -> Result<(Option<Function>, Option<Function>), ParseError> {
    let (mut handler, mut validator) = (None, None);
    loop {
        if cursor.eat_words("no handler") {
            handler = Some(None);
        } else if cursor.eat_words("no validator") {
            validator = Some(None);
        } else if cursor.eat_word("handler") {
            handler = Some(Some(context.routine_name(cursor.qualified_routine()?)));
        } else if cursor.eat_word("validator") {
            validator = Some(Some(context.routine_name(cursor.qualified_routine()?)));
        } else {
            return Ok((handler, validator));
        }
    }
}

/// `CREATE FOREIGN DATA WRAPPER`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create foreign data wrapper")?;
    let name = cursor.any_ident()?;
    let (handler, validator) = functions(cursor, context)?;
    let options: ForeignOptions = read(cursor)?;
    Ok(vec![Operation::create(ForeignDataWrapper {
        name,
        handler: handler.flatten(),
        validator: validator.flatten(),
        options,
    })])
}

/// `ALTER FOREIGN DATA WRAPPER`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter foreign data wrapper")?;
    let id = named(cursor, context, Class::Kind(Kind::ForeignDataWrapper))?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let (handler, validator) = functions(cursor, context)?;
    let mut changes: Vec<ForeignDataWrapperChange> = Vec::new();
    changes.extend(handler.map(ForeignDataWrapperChange::Handler));
    changes.extend(validator.map(|validator| ForeignDataWrapperChange::Validator(validator, None)));
    if changes.is_empty() || cursor.is_word("options") {
        changes.push(ForeignDataWrapperChange::Options(read_changes(cursor)?));
    }
    Ok(changes
        .into_iter()
        .map(|change| Operation::alter(id.clone(), change))
        .collect())
}
