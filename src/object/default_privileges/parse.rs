//! `ALTER DEFAULT PRIVILEGES`.

use super::{DefaultPrivileges, DefaultPrivilegesChange};
use crate::name::Ident;
use crate::object::grant::all_privileges;
use crate::object::grant::parse::{expanded, head, tail};
use crate::object::role::CURRENT;
use crate::object::{Kind, Object};
use crate::operation::{IfExists, Operation};
use crate::parse::ParseError;
use crate::parse::context::{Context, role};
use crate::parse::cursor::Cursor;

/// The object class, as the statement and the model name it.
const CLASSES: &[(&str, &str, Kind)] = &[
    ("tables", "TABLES", Kind::Table),
    ("sequences", "SEQUENCES", Kind::Sequence),
    ("functions", "FUNCTIONS", Kind::Function),
    ("routines", "FUNCTIONS", Kind::Function),
    ("types", "TYPES", Kind::EnumType),
    ("schemas", "SCHEMAS", Kind::Namespace),
];

/// `ALTER DEFAULT PRIVILEGES`.
pub(crate) fn parse(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter default privileges")?;
    let (mut roles, mut namespaces) = (vec![Ident::new("")], vec![None]);
    loop {
        if cursor.eat_words("for role") || cursor.eat_words("for user") {
            roles = cursor.comma_separated(role)?;
            // To name nobody means the same.
            for role in roles.iter_mut().filter(|role| role.as_str() == CURRENT) {
                *role = Ident::new("");
            }
        } else if cursor.eat_words("in schema") {
            namespaces = cursor.comma_separated(|cursor| cursor.any_ident().map(Some))?;
        } else {
            break;
        }
    }
    let start = cursor.clone();
    let head = head(cursor)?;
    if cursor.are_words("large objects") {
        context.note(cursor.place(), "privileges on large objects are not managed");
        cursor.rest();
        return Ok(Vec::new());
    }
    let Some((_, class, kind)) = CLASSES.iter().find(|(word, _, _)| cursor.eat_word(word)) else {
        return Err(cursor.expected("TABLES, SEQUENCES, FUNCTIONS, TYPES or SCHEMAS"));
    };
    let tail = tail(cursor, &head)?;
    if head.privileges.iter().any(|(_, columns)| !columns.is_empty()) {
        return Err(start.error("default privileges cannot be limited to columns"));
    }
    let privileges = expanded(*kind, head.privileges.iter().map(|(name, _)| name.clone()).collect());
    let known = all_privileges(*kind, u32::MAX);
    if let Some(name) = privileges.iter().find(|name| *name != "ALL" && !known.contains(name)) {
        return Err(start.error(format!("there is no privilege {name} on {class}")));
    }
    let mut operations = Vec::new();
    for role in &roles {
        for namespace in &namespaces {
            let object = Object::from(DefaultPrivileges::unsaid(role.clone(), namespace.clone(), class));
            let id = object.id();
            operations.push(Operation::Create {
                object,
                if_exists: IfExists::Skip,
                concurrently: false,
                like: false,
            });
            for change in tail.changes(&privileges) {
                operations.push(Operation::alter(id.clone(), DefaultPrivilegesChange::Acl(change)));
            }
        }
    }
    Ok(operations)
}
