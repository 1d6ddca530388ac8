//! `CREATE USER MAPPING` and `ALTER USER MAPPING`.

use super::{UserMapping, UserMappingChange};
use crate::name::{Ident, QualifiedName};
use crate::object::role::CURRENT;
use crate::object::server::options::{read, read_changes};
use crate::object::{Kind, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::context::{Context, role};
use crate::parse::cursor::Cursor;
use crate::parse::relation::if_not_exists;

/// `FOR role SERVER server`.
fn whose(cursor: &mut Cursor<'_>) -> Result<(Ident, Ident), ParseError> {
    cursor.expect_word("for")?;
    let user = if cursor.eat_word("user") {
        Ident::new(CURRENT)
    } else {
        role(cursor)?
    };
    cursor.expect_word("server")?;
    Ok((user, cursor.any_ident()?))
}

/// `CREATE USER MAPPING`.
pub(crate) fn create(cursor: &mut Cursor<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create user mapping")?;
    let if_exists: IfExists = if_not_exists(cursor);
    let (user, server) = whose(cursor)?;
    let options = read(cursor)?;
    let mapping = UserMapping {
        server,
        user,
        options,
        hidden: false,
    };
    Ok(vec![Operation::Create {
        object: mapping.into(),
        if_exists,
        concurrently: false,
        like: false,
    }])
}

/// The mapping named by `FOR role SERVER server`.
pub(crate) fn named(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<ObjectId, ParseError> {
    let (user, server) = whose(cursor)?;
    context.existing(
        cursor,
        ObjectId::part(Kind::UserMapping, &QualifiedName::bare(server), &user),
    )
}

/// `ALTER USER MAPPING`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter user mapping")?;
    let id = named(cursor, context)?;
    Ok(vec![Operation::alter(
        id,
        UserMappingChange::Options(read_changes(cursor)?),
    )])
}
