//! `CREATE OPERATOR CLASS` and `ALTER OPERATOR CLASS`.

use super::OperatorClass;
use crate::object::operator_family::member::read;
use crate::object::operator_family::parse::named;
use crate::object::operator_family::{OperatorFamily, OperatorFamilyChange};
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;

/// `CREATE OPERATOR CLASS`. Without FAMILY it gets one of its own name.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create operator class")?;
    let name = cursor.qualified_routine()?;
    let name = context.new_name(cursor, name)?;
    let default = cursor.eat_word("default");
    cursor.expect_words("for type")?;
    let type_name = context.read_type(cursor)?.without_modifiers();
    cursor.expect_word("using")?;
    let method = cursor.any_ident()?;
    let own_family = !cursor.eat_word("family");
    let family = if own_family {
        name.clone()
    } else {
        context.name_of(Kind::OperatorFamily, cursor.qualified_routine()?)
    };
    cursor.expect_word("as")?;
    let (mut storage, mut members) = (None, Vec::new());
    loop {
        if cursor.eat_word("storage") {
            storage = Some(context.read_type(cursor)?.without_modifiers()).filter(|storage| *storage != type_name);
        } else {
            members.push(read(cursor, context, method.as_str(), Some(&type_name))?);
        }
        if !cursor.eat_mark(",") {
            break;
        }
    }
    members.sort();
    let mut operations = Vec::new();
    let family_id = ObjectId::routine(Kind::OperatorFamily, &family, &method.to_string());
    // What a family that nobody manages holds loosely is seen nowhere.
    if own_family || context.schema.contains(&family_id) {
        let (tied, loose) = members
            .into_iter()
            .partition(|member| member.is_tied(method.as_str(), &type_name));
        members = tied;
        if own_family && !context.schema.contains(&family_id) {
            operations.push(Operation::create(OperatorFamily {
                name: family.clone(),
                method: method.clone(),
                members: loose,
            }));
        } else if !loose.is_empty() {
            operations.push(Operation::alter(family_id, OperatorFamilyChange::Add(loose)));
        }
    }
    operations.push(Operation::create(OperatorClass {
        name,
        method,
        family,
        default,
        type_name,
        storage,
        members,
    }));
    Ok(operations)
}

/// `ALTER OPERATOR CLASS`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter operator class")?;
    let id = named(cursor, context, Kind::OperatorClass)?;
    match common_alter(cursor, context, &id)? {
        Some(operations) => Ok(operations),
        None => Err(cursor.expected("RENAME TO, OWNER TO or SET SCHEMA")),
    }
}
