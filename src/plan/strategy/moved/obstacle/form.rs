//! The form of the columns, and of the tables.

use super::super::Scene;
use super::{BY_HAND, Obstacle, told};
use crate::object::Object;
use crate::object::column::Column;
use crate::object::table::Table;
use crate::plan::context::Context;
use crate::plan::strategy::is_volatile;
use crate::schema::Schema;

/// Whether the values can stand in both columns.
pub(super) fn of_column(old: &Column, new: &Column, context: &Context) -> Option<Obstacle> {
    if old.type_name != new.type_name || old.collation != new.collation {
        return Some(told(
            format!("its type is {} there and {} here", old.type_name, new.type_name),
            "move it with the type that it has, and change the type in a plan of its own",
        ));
    }
    let made = |column: &Column| column.generated.is_some() || column.identity.is_some();
    if made(old) || made(new) {
        return Some(told("its values are generated, or come from an identity", BY_HAND));
    }
    if new.not_null && !old.not_null {
        return Some(told(
            "it refuses nulls, which the old application may write",
            "move it as it is, and set it NOT NULL in a plan of its own",
        ));
    }
    let text = |column: &Column| column.default.as_ref().map(|default| default.canonical().to_string());
    if text(old) != text(new) {
        let hint = match &old.default {
            Some(default) => format!("give it DEFAULT {} in this change", default.text),
            None => "leave its default to a later change".into(),
        };
        return Some(told(
            "it has another default: a row that is not there would not stand for the same",
            hint,
        ));
    }
    let plain = |column: &Column| {
        let default = column.default.as_ref();
        default.is_none_or(|default| {
            constant(&default.text).is_some() && column.type_name.is_builtin() && !is_volatile(default, context)
        })
    };
    (!plain(old)).then(|| {
        told(
            "its default is no constant, so that nobody could tell whether a value was given",
            "take the default away in a plan before",
        )
    })
}

/// The constant that a default is, without its cast.
pub(in super::super) fn constant(text: &str) -> Option<&str> {
    let text = text.trim();
    let text = text
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(text);
    let end = match text.strip_prefix('\'') {
        Some(rest) => {
            let mut letters = rest.char_indices().peekable();
            let mut end = None;
            while let Some((at, letter)) = letters.next() {
                if letter == '\'' && letters.next_if(|(_, next)| *next == '\'').is_none() {
                    end = Some(at + 2);
                    break;
                }
            }
            end?
        }
        None => text.find("::").unwrap_or(text.len()),
    };
    let (value, cast) = text.split_at(end);
    let cast_fits = cast.is_empty()
        || cast.strip_prefix("::").is_some_and(|name| {
            let letters = |letter: char| letter.is_ascii_alphanumeric() || " _(),[]\".".contains(letter);
            name.chars().all(letters)
        });
    let word = value.trim().trim_matches('\'').to_lowercase();
    let moves = ["now", "today", "tomorrow", "yesterday"]
        .iter()
        .any(|moving| word.starts_with(moving));
    let plain = value.starts_with('\'') && !value.contains('\\')
        || matches!(word.as_str(), "true" | "false")
        || value
            .trim()
            .trim_matches(['(', ')'])
            .parse::<f64>()
            .is_ok_and(f64::is_finite);
    (cast_fits && plain && !moves).then(|| value.trim())
}

/// Whether both tables are ordinary ones, of the same kind.
pub(super) fn of_tables(scene: &Scene) -> Option<Obstacle> {
    let (live, desired) = (scene.context.schemas.live, scene.context.schemas.desired);
    let plain = |schema: &Schema, table: &Table| {
        table.inherits.is_empty()
            && table.partition_by.is_none()
            && table.partition_of.is_none()
            && table.of_type.is_none()
            && table.foreign.is_none()
            && !table.force_row_security
            && !schema.has_heirs(&table.name)
            && !schema.parts(&table.name).any(|part| matches!(part, Object::Rule(_)))
    };
    let name = &scene.source.name;
    let odd = [
        (live, Some(scene.source)),
        (desired, desired.table(name)),
        (desired, Some(scene.target)),
    ]
    .into_iter()
    .filter_map(|(schema, table)| table.map(|table| (schema, table)))
    .find(|(schema, table)| !plain(schema, table));
    if let Some((_, table)) = odd {
        return Some(told(
            format!(
                "{} is partitioned, inherited, typed, foreign, under rules, or under row security that is forced on its owner",
                table.name
            ),
            BY_HAND,
        ));
    }
    (scene.source.unlogged != scene.target.unlogged).then(|| {
        told(
            "only one of the tables is logged, so a crash would empty one and not the other",
            "give both the same form, and change it in a later plan",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::constant;

    #[test]
    fn constants_lose_their_casts() {
        for (text, value) in [
            ("0", "0"),
            ("'a''b'::text", "'a''b'"),
            ("'-1'::integer", "'-1'"),
            ("(-1)", "-1"),
            ("true", "true"),
            ("'{}'::integer[]", "'{}'"),
            ("1.5::numeric(3,1)", "1.5"),
        ] {
            assert_eq!(constant(text), Some(value), "{text}");
        }
        for text in [
            "now()",
            "CURRENT_DATE",
            "'now'::text",
            "nextval('s'::regclass)",
            "'a'::text || 'b'::text",
            "upper('x')",
            "NULL",
        ] {
            assert_eq!(constant(text), None, "{text}");
        }
    }
}
