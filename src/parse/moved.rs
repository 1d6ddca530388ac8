//! What the hint `@moved_from` says: `users.bio via user_id = users.id`.

use super::context::Annotation;
use super::cursor::Cursor;
use super::error::{ParseError, Place};
use super::split::Statement;
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, ObjectId};

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedFrom {
    /// The column that has held them so far.
    pub column: ObjectId,
    /// Columns of the new table, each with the one of the old table that it equals.
    pub via: Vec<(Ident, Ident)>,
    /// Where the hint stands.
    pub place: Place,
}

/// How it is written.
const FORM: &str = "write `-- @moved_from users.bio via user_id = users.id` right before the column; columns of a longer key are joined by `and`";

impl MovedFrom {
    /// Reads the hint. A table that is named without a namespace is in that of the column.
    pub fn read(annotation: &Annotation) -> Result<Self, ParseError> {
        let fault = |message: String| ParseError::at(annotation.place.clone(), message).hint(FORM);
        let statement = Statement {
            text: &annotation.value,
            start: 0,
            place: annotation.place.clone(),
            comments: Vec::new(),
        };
        let home = annotation.on.qualified();
        let (column, pairs) = Cursor::new(&statement)
            .and_then(|mut cursor| words(&mut cursor))
            .map_err(|_| fault(format!("@moved_from of {} cannot be read", annotation.on)))?;
        let (table, name) = match column.as_slice() {
            [table, name] => (
                QualifiedName {
                    namespace: home.namespace.clone(),
                    name: table.clone(),
                },
                name,
            ),
            [namespace, table, name] => (QualifiedName::new(namespace.clone(), table.clone()), name),
            _ => return Err(fault(format!("@moved_from of {} names no table", annotation.on))),
        };
        if table == home {
            let hint = "a column that stays in its table is renamed: `-- @renamed_from old_name`";
            let message = format!("@moved_from of {} names a column of the same table", annotation.on);
            return Err(ParseError::at(annotation.place.clone(), message).hint(hint));
        }
        let via = pairs.iter().map(
            |(one, other)| match (side(one, &table, &home), side(other, &table, &home)) {
                (Some((true, source)), Some((false, target))) | (Some((false, target)), Some((true, source))) => {
                    Ok((target, source))
                }
                _ => Err(fault(format!(
                    "via of @moved_from of {} must say which column of {home} equals which column of {table}",
                    annotation.on
                ))),
            },
        );
        Ok(Self {
            column: ObjectId::part(Kind::Column, &table, name),
            via: via.collect::<Result<_, _>>()?,
            place: annotation.place.clone(),
        })
    }
}

/// A name with those before its dots.
type Dotted = Vec<Ident>;

/// The column that is moved, and what equals what.
fn words(cursor: &mut Cursor<'_>) -> Result<(Dotted, Vec<(Dotted, Dotted)>), ParseError> {
    let column = dotted(cursor)?;
    cursor.expect_word("via")?;
    let mut pairs = Vec::new();
    loop {
        let one = dotted(cursor)?;
        cursor.expect_mark("=")?;
        pairs.push((one, dotted(cursor)?));
        if !cursor.eat_word("and") && !cursor.eat_mark(",") {
            break;
        }
    }
    cursor.expect_end()?;
    Ok((column, pairs))
}

fn dotted(cursor: &mut Cursor<'_>) -> Result<Dotted, ParseError> {
    let mut names = vec![cursor.any_ident()?];
    while cursor.eat_mark(".") {
        names.push(cursor.any_ident()?);
    }
    Ok(names)
}

/// Whether a column is one of the old table, and its name; a bare one is of the new table.
fn side(names: &[Ident], old: &QualifiedName, new: &QualifiedName) -> Option<(bool, Ident)> {
    let (name, table) = names.split_last()?;
    let is = |of: &QualifiedName| match table {
        [own] => *own == of.name,
        [namespace, own] => *own == of.name && Some(namespace) == of.namespace.as_ref(),
        _ => false,
    };
    if is(old) {
        Some((true, name.clone()))
    } else {
        (table.is_empty() || is(new)).then(|| (false, name.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<MovedFrom, ParseError> {
        MovedFrom::read(&Annotation {
            on: ObjectId::part(
                Kind::Column,
                &QualifiedName::new("public", "profiles"),
                &Ident::new("bio"),
            ),
            key: "moved_from".into(),
            value: value.into(),
            place: Place {
                file: "after.sql".into(),
                line: 1,
                column: 1,
            },
        })
    }

    #[test]
    fn both_sides_are_told_apart_by_the_names_of_tables() -> Result<(), ParseError> {
        let pair = |one: &str, other: &str| (Ident::new(one), Ident::new(other));
        for text in [
            "users.bio via user_id = users.id",
            "public.users.bio via public.users.id = profiles.user_id",
        ] {
            let moved = read(text)?;
            assert_eq!(moved.column.to_string(), "column public.users.bio");
            assert_eq!(moved.via, [pair("user_id", "id")]);
        }
        let moved = read("app.\"Users\".bio via tenant = \"Users\".tenant and user_id = app.\"Users\".id")?;
        assert_eq!(moved.column.qualified(), QualifiedName::new("app", "Users"));
        assert_eq!(moved.via, [pair("tenant", "tenant"), pair("user_id", "id")]);
        Ok(())
    }

    #[test]
    fn what_says_too_little_is_refused() {
        for (text, told) in [
            ("users.bio", "cannot be read"),
            ("bio via user_id = users.id", "names no table"),
            ("users.bio via user_id = id", "which column of public.profiles equals"),
            (
                "users.bio via users.x = users.id",
                "which column of public.profiles equals",
            ),
            ("users.bio via user_id = users.id x", "cannot be read"),
            ("profiles.text via user_id = profiles.id", "of the same table"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.message.contains(told), "{text}: {error}");
        }
    }
}
