//! `CREATE OPERATOR` and `ALTER OPERATOR`.

use super::{Operator, OperatorChange, operator_id};
use crate::name::QualifiedName;
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::options::{parameters, truth};
use crate::types::TypeName;

/// `CREATE OPERATOR`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create operator")?;
    let name = cursor.operator()?;
    let name = context.new_name(cursor, name)?;
    let start = cursor.clone();
    let (mut left, mut right, mut function) = (None, None, None);
    let (mut commutator, mut negator, mut restrict, mut join) = (None, None, None, None);
    let (mut hashes, mut merges) = (false, false);
    parameters(cursor, |cursor, key| {
        let routine = |cursor: &mut Cursor<'_>| Ok(Some(context.routine_name(cursor.qualified_routine()?)));
        let other = |cursor: &mut Cursor<'_>| Ok(Some(context.name_of(Kind::Operator, cursor.operator()?)));
        match key {
            "leftarg" => left = operand(cursor, context)?,
            "rightarg" => right = operand(cursor, context)?,
            "procedure" | "function" => function = routine(cursor)?,
            "commutator" => commutator = other(cursor)?,
            "negator" => negator = other(cursor)?,
            "restrict" => restrict = routine(cursor)?,
            "join" => join = routine(cursor)?,
            "hashes" => hashes = truth(cursor)?,
            "merges" => merges = truth(cursor)?,
            _ => return Err(cursor.error(format!("an operator has no parameter {key}"))),
        }
        Ok(())
    })?;
    let (Some(right), Some(function)) = (right, function) else {
        return Err(start.error("an operator needs RIGHTARG and FUNCTION"));
    };
    Ok(vec![Operation::create(Operator {
        name,
        left,
        right,
        function,
        commutator,
        negator,
        restrict,
        join,
        hashes,
        merges,
    })])
}

/// A type; `NONE` is none.
fn operand(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Option<TypeName>, ParseError> {
    if cursor.eat_word("none") {
        return Ok(None);
    }
    Ok(Some(context.read_type(cursor)?.without_modifiers()))
}

/// The operator named by `app.=== (left, right)`.
pub(crate) fn named(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<ObjectId, ParseError> {
    let written = cursor.operator()?;
    let name = context.name_of(Kind::Operator, written.clone());
    let (left, right) = cursor.parenthesised(|inside| {
        let left = operand(inside, context)?;
        inside.expect_mark(",")?;
        Ok((left, context.read_type(inside)?.without_modifiers()))
    })?;
    context.existing(cursor, operator_id(&name, left.as_ref(), &right))
}

/// `ALTER OPERATOR`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter operator")?;
    let id = named(cursor, context)?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    cursor.expect_word("set")?;
    let mut operations = Vec::new();
    parameters(cursor, |cursor, key| {
        let function: Option<QualifiedName> = if cursor.eat_word("none") {
            None
        } else {
            Some(context.routine_name(cursor.qualified_routine()?))
        };
        let change = match key {
            "restrict" => OperatorChange::Restrict(function),
            "join" => OperatorChange::Join(function),
            _ => return Err(cursor.error(format!("{key} belongs into CREATE OPERATOR"))),
        };
        operations.push(Operation::alter(id.clone(), change));
        Ok(())
    })?;
    Ok(operations)
}
