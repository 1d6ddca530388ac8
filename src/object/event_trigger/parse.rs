//! `CREATE EVENT TRIGGER` and `ALTER EVENT TRIGGER`.

use super::{EventTrigger, EventTriggerChange};
use crate::object::Kind;
use crate::object::trigger::Enabled;
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::common::alter as common_alter;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::parse::target::{Class, named};

/// `CREATE EVENT TRIGGER`.
pub(crate) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("create event trigger")?;
    let name = cursor.any_ident()?;
    cursor.expect_word("on")?;
    let event = cursor.any_ident()?.as_str().to_owned();
    let mut tags: Vec<String> = Vec::new();
    if cursor.eat_word("when") {
        loop {
            cursor.expect_words("tag in")?;
            tags.extend(cursor.paren_list(Cursor::string)?.iter().map(|tag| tag.to_uppercase()));
            if !cursor.eat_word("and") {
                break;
            }
        }
    }
    cursor.expect_word("execute")?;
    cursor.expect_any_word(&["function", "procedure"])?;
    let function = context.routine_name(cursor.qualified_routine()?);
    cursor.expect_mark("(")?;
    cursor.expect_mark(")")?;
    Ok(vec![Operation::create(EventTrigger {
        name,
        event,
        tags,
        function,
        enabled: Enabled::Origin,
    })])
}

/// `ALTER EVENT TRIGGER`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<Operation>, ParseError> {
    cursor.expect_words("alter event trigger")?;
    let id = named(cursor, context, Class::Kind(Kind::EventTrigger))?;
    if let Some(operations) = common_alter(cursor, context, &id)? {
        return Ok(operations);
    }
    let enabled = match cursor.expect_any_word(&["enable", "disable"])? {
        "disable" => Enabled::Disabled,
        _ => match cursor.eat_any_word(&["replica", "always"]) {
            Some("replica") => Enabled::Replica,
            Some(_) => Enabled::Always,
            None => Enabled::Origin,
        },
    };
    Ok(vec![Operation::alter(id, EventTriggerChange::Enabled(enabled))])
}
