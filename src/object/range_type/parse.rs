//! `CREATE TYPE ... AS RANGE`.

use super::{RangeChange, RangeType};
use crate::name::QualifiedName;
use crate::object::{Definition as _, Kind};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;

/// The parameters behind `AS RANGE`.
pub(crate) fn body(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    name: QualifiedName,
) -> Result<Vec<Operation>, ParseError> {
    let mut subtype = None;
    let (mut operator_class, mut collation, mut canonical) = (None, None, None);
    let (mut subtype_diff, mut multirange) = (None, None);
    cursor.paren_list(|cursor| {
        let start = cursor.clone();
        let parameter = cursor.any_ident()?;
        cursor.expect_mark("=")?;
        match parameter.as_str() {
            "subtype" => subtype = Some(context.read_type(cursor)?),
            "subtype_opclass" => {
                operator_class = Some(context.name_of(Kind::OperatorClass, cursor.qualified_routine()?))
            }
            "collation" => collation = Some(context.name_of(Kind::Collation, cursor.qualified_routine()?)),
            "canonical" => canonical = Some(context.routine_name(cursor.qualified_routine()?)),
            "subtype_diff" => subtype_diff = Some(context.routine_name(cursor.qualified_routine()?)),
            "multirange_type_name" => {
                let name = cursor.qualified_routine()?;
                multirange = Some(context.new_name(cursor, name)?);
            }
            _ => return Err(start.error(format!("a range type has no parameter {parameter}"))),
        }
        Ok(())
    })?;
    let Some(subtype) = subtype else {
        return Err(cursor.error("a range type needs SUBTYPE"));
    };
    let mut range = RangeType {
        name,
        subtype,
        operator_class,
        collation,
        canonical,
        subtype_diff,
        multirange: None,
    };
    if let Some(multirange) = multirange {
        range.set_multirange(multirange);
    }
    Ok(vec![Operation::create(range)])
}

/// `RENAME TO` and `SET SCHEMA` of the multirange type of a range type.
pub(crate) fn alter_multirange(cursor: &mut Cursor<'_>, range: &RangeType) -> Result<Vec<Operation>, ParseError> {
    let from = range.multirange_name();
    let to = if cursor.eat_words("rename to") {
        QualifiedName {
            name: cursor.any_ident()?,
            ..from.clone()
        }
    } else if cursor.eat_words("set schema") {
        QualifiedName {
            namespace: Some(cursor.any_ident()?),
            ..from.clone()
        }
    } else {
        return Err(cursor.expected("RENAME TO or SET SCHEMA"));
    };
    Ok(vec![Operation::alter(range.id(), RangeChange::Multirange { from, to })])
}
