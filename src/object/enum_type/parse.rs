//! `CREATE TYPE ... AS ENUM` and `ALTER TYPE` of its labels.

use super::{EnumChange, EnumType, LabelPlace};
use crate::name::QualifiedName;
use crate::object::{Object, ObjectId};
use crate::operation::Operation;
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;

/// The labels behind `AS ENUM`.
pub(crate) fn body(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    name: QualifiedName,
) -> Result<Vec<Operation>, ParseError> {
    let mut labels: Vec<String> = Vec::new();
    cursor.parenthesised(|inside| {
        if inside.at_end() {
            return Ok(());
        }
        loop {
            let place = inside.clone();
            let label = inside.string()?;
            context.annotate(&place, &EnumType::label_id(&name, &label));
            if labels.contains(&label) {
                return Err(place.error(format!("the label '{label}' is there twice")));
            }
            labels.push(label);
            if !inside.eat_mark(",") {
                return Ok(());
            }
        }
    })?;
    Ok(vec![Operation::create(EnumType { name, labels })])
}

/// `ADD VALUE` and `RENAME VALUE`.
pub(crate) fn alter(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    id: &ObjectId,
) -> Result<Vec<Operation>, ParseError> {
    let labels: &[String] = match context.schema.get(id) {
        Some(Object::EnumType(found)) => &found.labels,
        _ => &[],
    };
    let known = |cursor: &Cursor<'_>, label: &str| -> Result<(), ParseError> {
        if labels.iter().any(|known| known == label) {
            Ok(())
        } else {
            let absent = EnumType::label_id(&id.qualified(), label);
            Err(context
                .missing(cursor, format!("{id} has no label '{label}'"))
                .absent(absent))
        }
    };
    if cursor.eat_words("rename value") {
        let from = cursor.string()?;
        cursor.expect_word("to")?;
        let to = cursor.string()?;
        known(cursor, &from)?;
        return Ok(vec![Operation::alter(id.clone(), EnumChange::RenameLabel { from, to })]);
    }
    cursor.expect_words("add value")?;
    let if_exists = cursor.eat_words("if not exists");
    let label = cursor.string()?;
    let place = match cursor.eat_any_word(&["before", "after"]) {
        None => LabelPlace::Last,
        Some(word) => {
            let neighbour = cursor.string()?;
            known(cursor, &neighbour)?;
            if word == "before" {
                LabelPlace::Before(neighbour)
            } else {
                LabelPlace::After(neighbour)
            }
        }
    };
    if labels.contains(&label) {
        if if_exists {
            return Ok(Vec::new());
        }
        return Err(cursor.error(format!("{id} has the label '{label}' already")));
    }
    Ok(vec![Operation::alter(
        id.clone(),
        EnumChange::AddLabel { label, place },
    )])
}
