//! `CREATE OPERATOR FAMILY` and `ALTER OPERATOR FAMILY`.

use super::member::{Member, pair, read};
use super::{OperatorFamily, OperatorFamilyChange};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::in_path;

/// `CREATE OPERATOR FAMILY`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create operator family")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    cursor.expect_word("using")?;
    Ok(vec![Operation::create(OperatorFamily {
        name,
        method: cursor.any_ident()?,
        members: Vec::new(),
    })])
}

/// The family or class named by `name USING method`.
pub(crate) fn named(cursor: &mut Cursor<'_>, context: &Context<'_>, kind: Kind) -> Result<ObjectId, ParseError> {
    let name = cursor.qualified_routine()?;
    cursor.expect_word("using")?;
    let method = cursor.any_ident()?;
    let namespaces = context.path.namespaces().iter();
    let with_method = |id: ObjectId| ObjectId::routine(kind, &id.qualified(), &method.to_string());
    let mut candidates = namespaces.filter(|_| name.namespace.is_none()).map(|namespace| {
        with_method(ObjectId::named(
            kind,
            &crate::name::QualifiedName::new(namespace.clone(), name.name.clone()),
        ))
    });
    let found = candidates.find(|id| context.schema.contains(id));
    context.existing(
        cursor,
        found.unwrap_or_else(|| with_method(in_path(context, kind, &name))),
    )
}

/// `ALTER OPERATOR FAMILY`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter operator family")?;
    let id = named(cursor, context, Kind::OperatorFamily)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let method = id.signature.as_deref().unwrap_or("").to_owned();
    let change = if cursor.eat_word("add") {
        let members = cursor.comma_separated(|cursor| read(cursor, context, &method, None))?;
        OperatorFamilyChange::Add(members)
    } else {
        cursor.expect_word("drop")?;
        let Some(Object::OperatorFamily(now)) = context.schema.get(&id) else {
            return Ok(Vec::new());
        };
        let dropped = cursor.comma_separated(|cursor| {
            let word = cursor.expect_any_word(&["operator", "function"])?.to_uppercase();
            let number = cursor.integer()?;
            let (left, right) = pair(cursor, context)?;
            Ok(format!("{word} {number} ({left}, {right})"))
        })?;
        let members: Vec<Member> = now
            .members
            .iter()
            .filter(|member| dropped.contains(&member.dropped()))
            .cloned()
            .collect();
        if members.len() < dropped.len() {
            return Err(context.missing(cursor, "the family has no such operator or function of its own"));
        }
        OperatorFamilyChange::Drop(members)
    };
    Ok(vec![Operation::alter(id, change)])
}
