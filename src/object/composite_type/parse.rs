//! `CREATE TYPE ... AS (...)` and `ALTER TYPE` of its attributes.

use super::{Attribute, CompositeChange, CompositeType};
use crate::name::QualifiedName;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::cascade;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;

/// The attributes behind `AS`.
pub(crate) fn body(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    name: QualifiedName,
) -> Result<Vec<Operation>, ParseError> {
    let mut names = std::collections::HashSet::new();
    let attributes = cursor.paren_list_or_empty(|cursor| {
        let place = cursor.clone();
        let attribute = attribute(cursor, context)?;
        if names.insert(attribute.name.clone()) {
            Ok(attribute)
        } else {
            Err(place.error(format!("the attribute {} is there twice", attribute.name)))
        }
    })?;
    Ok(vec![Operation::create(CompositeType { name, attributes })])
}

fn attribute(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Attribute, ParseError> {
    let name = cursor.ident()?;
    typed(cursor, context, name)
}

fn typed(cursor: &mut Cursor<'_>, context: &Context<'_>, name: crate::name::Ident) -> Result<Attribute, ParseError> {
    let type_name = context.read_type(cursor)?;
    let mut collation = None;
    if cursor.eat_word("collate") {
        collation = Some(context.name_of(Kind::Collation, cursor.qualified_routine()?));
    }
    Ok(Attribute {
        name,
        type_name,
        collation,
    })
}

/// `ADD`, `DROP`, `ALTER` and `RENAME ATTRIBUTE`.
pub(crate) fn alter(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    id: &ObjectId,
) -> Result<Vec<Operation>, ParseError> {
    let changes = if cursor.eat_words("rename attribute") {
        let from = cursor.ident()?;
        cursor.expect_word("to")?;
        let to = cursor.ident()?;
        cascade(cursor);
        vec![CompositeChange::Rename { from, to }]
    } else {
        let actions = cursor.comma_separated(|cursor| action(cursor, context, id))?;
        actions.into_iter().flatten().collect()
    };
    Ok(changes
        .into_iter()
        .map(|change| Operation::alter(id.clone(), change))
        .collect())
}

fn action(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    id: &ObjectId,
) -> Result<Option<CompositeChange>, ParseError> {
    let change = match cursor.expect_any_word(&["add", "drop", "alter"])? {
        "add" => {
            cursor.expect_word("attribute")?;
            Some(CompositeChange::Add(attribute(cursor, context)?))
        }
        "drop" => {
            cursor.expect_word("attribute")?;
            let if_exists = cursor.eat_words("if exists");
            let name = cursor.ident()?;
            let there = match context.schema.get(id) {
                Some(Object::CompositeType(composite)) => composite.attributes.iter().any(|a| a.name == name),
                _ => false,
            };
            if !there && !if_exists {
                return Err(cursor.error(format!("{id} has no attribute {name}")));
            }
            there.then_some(CompositeChange::Drop(name))
        }
        _ => {
            cursor.expect_word("attribute")?;
            let name = cursor.ident()?;
            cursor.eat_words("set data");
            cursor.expect_word("type")?;
            Some(CompositeChange::Type(typed(cursor, context, name)?))
        }
    };
    cascade(cursor);
    Ok(change)
}
