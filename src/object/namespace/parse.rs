//! `CREATE SCHEMA` and `ALTER SCHEMA`.

use super::Namespace;
use crate::expr::SearchPath;
use crate::name::Ident;
use crate::object::owner::Owner;
use crate::object::role::is_word;
use crate::object::{Kind, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::common;
use crate::parse::context::{Context, role};
use crate::parse::cursor::Cursor;

/// The opening of `CREATE SCHEMA`: the namespace with its owner. Definitions may follow in the same statement; they are
/// written under the search path that is given back.
pub(crate) fn create(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
) -> Result<(Vec<Operation>, SearchPath), ParseError> {
    cursor.expect_words("create schema")?;
    let if_exists = cursor.eat_words("if not exists");
    let mut name = None;
    if !cursor.is_word("authorization") {
        name = Some(cursor.any_ident()?);
    }
    let mut owner = None;
    if cursor.eat_word("authorization") {
        owner = Some(role(cursor)?);
    }
    let name = match name.or_else(|| owner.clone().filter(|role| !is_word(role))) {
        Some(name) => name,
        None => return Err(cursor.error("the schema has no name: it would be that of whoever runs the statement")),
    };
    let namespace = Namespace { name: name.clone() };
    let on = ObjectId::global(Kind::Namespace, &name);
    let mut operations = vec![Operation::Create {
        object: namespace.into(),
        // Every database has it.
        if_exists: if if_exists || name.as_str() == "public" {
            IfExists::Skip
        } else {
            IfExists::Fail
        },
        concurrently: false,
        like: false,
    }];
    operations.extend(owner.map(|role| Operation::put(Owner { on, role })));
    let others = context.path.namespaces().iter().filter(|other| **other != name);
    let path: Vec<Ident> = std::iter::once(name.clone()).chain(others.cloned()).collect();
    Ok((operations, SearchPath::new(path)))
}

/// `ALTER SCHEMA`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter schema")?;
    let id = ObjectId::global(Kind::Namespace, &cursor.any_ident()?);
    if cursor.are_words("rename to") {
        context.existing(cursor, id.clone())?;
    }
    match common::alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO or OWNER TO")),
    }
}
