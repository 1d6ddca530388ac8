//! What keeps columns from moving. Nothing else keeps their values, so each is an error, with what can be done.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Delta;
use crate::expr::rename_column;
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::KeyExpr;
use crate::object::table::Table;
use crate::object::trigger::{Enabled, Event, Trigger};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::MovedFrom;
use crate::plan::context::Context;
use crate::plan::strategy::is_volatile;
use crate::refs::{References, uses_word};
use crate::schema::Schema;

use super::{BadMove, Moved, Scene};

/// What stands in the way, and what can be done.
type Obstacle = (String, String);

fn bad(to: &ObjectId, said: &MovedFrom, (why, hint): Obstacle) -> BadMove {
    BadMove {
        to: to.clone(),
        from: said.column.clone(),
        why,
        hint,
        place: said.place.clone(),
    }
}

fn told(why: impl Into<String>, hint: impl Into<String>) -> Obstacle {
    (why.into(), hint.into())
}

const LATER: &str = "change that in a plan before or after this one";

const BY_HAND: &str = "let the old column stay, add the new one in this change, copy the values, and take the old one out in a later change";

/// A column that has to move; none where it has moved, or where neither table is there yet.
pub(super) fn column<'a>(
    to: &ObjectId,
    said: &'a MovedFrom,
    context: &Context<'a>,
) -> Result<Option<Moved<'a>>, BadMove> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let Some(Object::Column(column)) = desired.get(to) else {
        return Ok(None);
    };
    let from = &said.column;
    let there = live.contains(to);
    if there && (!live.contains(from) || desired.contains(from)) || live.table(&from.qualified()).is_none() {
        return Ok(None);
    }
    let fault = |why: &str, hint: &str| Err(bad(to, said, told(why, hint)));
    let Some(Object::Column(old)) = live.get(from) else {
        return fault(
            "the database has neither",
            "correct or remove the annotation @moved_from; a table that is renamed as well is renamed in a plan before",
        );
    };
    if desired.contains(from) {
        return fault(
            &format!("the files still define {from}"),
            "take it out of the files; it goes in contract, when its values are in the new table",
        );
    }
    if there {
        return fault("the database has both", BY_HAND);
    }
    if desired.table(&from.qualified()).is_none() {
        return fault(
            "its table goes",
            "let the table stay in this change, and drop it in a later one",
        );
    }
    if live.relation(&to.qualified()).is_some() {
        return fault(
            &format!(
                "{} is there already: what an application that knows both tables writes could not be told apart",
                to.qualified()
            ),
            BY_HAND,
        );
    }
    match form(old, column, context) {
        Some(obstacle) => Err(bad(to, said, obstacle)),
        None => Ok(Some(Moved {
            live: old,
            desired: column,
            said,
        })),
    }
}

/// Whether the values can stand in both columns.
fn form(old: &Column, new: &Column, context: &Context) -> Option<Obstacle> {
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
pub(super) fn constant(text: &str) -> Option<&str> {
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

/// What the columns that move say together.
pub(super) fn several(scenes: &BTreeMap<(QualifiedName, QualifiedName), Vec<Moved>>) -> Result<(), BadMove> {
    let all = || scenes.values().flatten();
    for moved in all() {
        let fault = |why: String| Err(bad(&moved.desired.id(), moved.said, told(why, LATER)));
        if let Some(other) =
            all().find(|other| other.said.column == moved.said.column && other.desired.id() != moved.desired.id())
        {
            return fault(format!("{} is declared as moved from it as well", other.desired.id()));
        }
        let same_target = |other: &&Moved| other.desired.table == moved.desired.table;
        if let Some(other) = all()
            .filter(same_target)
            .find(|other| other.live.table != moved.live.table || other.said.via != moved.said.via)
        {
            return fault(format!(
                "{} comes from another table, or via other columns",
                other.desired.id()
            ));
        }
    }
    Ok(())
}

/// What stands in the way of the tables.
pub(super) fn scene(
    scene: &Scene,
    renames: &[Operation],
    deltas: &[Delta],
    elsewhere: &BTreeSet<ObjectId>,
) -> Result<(), BadMove> {
    let obstacle = tables(scene)
        .or_else(|| key(scene))
        .or_else(|| changing(scene, renames, deltas, elsewhere))
        .or_else(|| rows(scene))
        .or_else(|| rules(scene))
        .or_else(|| strangers(scene));
    match (obstacle, scene.columns.first()) {
        (Some(obstacle), Some(first)) => Err(bad(&first.desired.id(), first.said, obstacle)),
        _ => Ok(()),
    }
}

fn tables(scene: &Scene) -> Option<Obstacle> {
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

/// Whether a table has a key over exactly these columns that is held at once.
fn has_key(schema: &Schema, table: &QualifiedName, columns: &[&Ident]) -> bool {
    let same = |names: &[Ident]| names.len() == columns.len() && names.iter().all(|name| columns.contains(&name));
    let constrained = schema.constraints(table).any(|constraint| {
        !constraint.deferrable
            && constraint
                .key()
                .is_some_and(|key| !key.without_overlaps && same(&key.columns))
    });
    constrained
        || schema.indexes(table).any(|index| {
            let names: Vec<Ident> = index
                .keys
                .iter()
                .filter_map(|key| match &key.key {
                    KeyExpr::Column(name) => Some(name.clone()),
                    KeyExpr::Expr(_) => None,
                })
                .collect();
            index.unique
                && !index.invalid
                && index.predicate.is_none()
                && names.len() == index.keys.len()
                && same(&names)
        })
}

fn key(scene: &Scene) -> Option<Obstacle> {
    let (live, desired) = (scene.context.schemas.live, scene.context.schemas.desired);
    let (sources, targets): (Vec<&Ident>, Vec<&Ident>) =
        scene.key.iter().map(|(source, target)| (source, target)).unzip();
    let (source, target) = (&scene.source.name, &scene.target.name);
    let list = |names: &[&Ident]| crate::sql::list(names);
    for (mine, theirs) in scene.key.iter().map(|(source, target)| (target, source)) {
        let (Some(before), Some(after), Some(new)) = (
            live.column(source, theirs),
            desired.column(source, theirs),
            desired.column(target, mine),
        ) else {
            return Some(told(
                format!("via names a column that {source} or {target} has not, or not any more: {theirs} = {mine}"),
                "name columns that both tables keep",
            ));
        };
        if before.type_name != new.type_name || before.collation != new.collation || before.type_name != after.type_name
        {
            return Some(told(
                format!(
                    "{target}.{mine} is {} and {source}.{theirs} is {}",
                    new.type_name, before.type_name
                ),
                "give both the same type, and change it in a plan of its own",
            ));
        }
        if !before.type_name.is_builtin()
            || !before.not_null
            || !after.not_null
            || before.generated.is_some()
            || new.generated.is_some()
        {
            return Some(told(
                format!(
                    "{source}.{theirs} takes nulls, is generated, or has a type that does not come with PostgreSQL"
                ),
                BY_HAND,
            ));
        }
    }
    let moves = |moved: &Moved| sources.contains(&&moved.live.name) || targets.contains(&&moved.desired.name);
    if scene.columns.iter().any(moves) {
        return Some(told("via names a column that moves", "name columns that stay"));
    }
    for (schema, table, names) in [
        (live, source, &sources),
        (desired, source, &sources),
        (desired, target, &targets),
    ] {
        if !has_key(schema, table, names) {
            let names = list(names);
            return Some(told(
                format!("no primary key or unique constraint of {table}, held at once, is over ({names})"),
                format!("add one over exactly ({names}); of the old table in a plan before"),
            ));
        }
    }
    None
}

/// What changes at the same time.
fn changing(
    scene: &Scene,
    renames: &[Operation],
    deltas: &[Delta],
    elsewhere: &BTreeSet<ObjectId>,
) -> Option<Obstacle> {
    let source = scene.source.id();
    let types: Vec<QualifiedName> = scene
        .columns
        .iter()
        .map(|moved| moved.live.type_name.qualified())
        .collect();
    let own = |id: &ObjectId| {
        *id == source
            || id.part.is_some() && id.on.is_none() && id.kind == Kind::Column && id.qualified() == scene.source.name
    };
    let renamed = renames.iter().find_map(|rename| match rename {
        Operation::Rename { to, .. } if own(to) => Some(to.clone()),
        _ => None,
    });
    let keys = |id: &ObjectId| scene.key.iter().any(|(name, _)| id.own_name() == name);
    let changed = deltas.iter().find_map(|delta| match delta {
        Delta::Replace(id, _) if own(id) && *id == source => Some(id.clone()),
        Delta::Alter(id, _) | Delta::Replace(id, _) if own(id) && *id != source && keys(id) => Some(id.clone()),
        Delta::Alter(id, _) | Delta::Replace(id, _) if id.kind.is_type() && types.contains(&id.qualified()) => {
            Some(id.clone())
        }
        _ => None,
    });
    let tables = [source, scene.target.id()];
    renamed
        .or(changed)
        .or(tables.into_iter().find(|id| elsewhere.contains(id)))
        .map(|id| told(format!("{id} changes at the same time"), LATER))
}

/// Columns of a new row that nobody would fill.
fn rows(scene: &Scene) -> Option<Obstacle> {
    let desired = scene.context.schemas.desired;
    let given = |column: &&Column| {
        !scene.key.iter().any(|(_, target)| *target == column.name)
            && !scene.columns.iter().any(|moved| moved.desired.name == column.name)
    };
    let refuses = |column: &&Column| {
        let domain = ObjectId::named(Kind::Domain, &column.type_name.qualified());
        let domain_refuses = matches!(desired.get(&domain), Some(Object::Domain(domain)) if domain.not_null);
        let filled = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
        (column.not_null || domain_refuses) && !filled
    };
    desired
        .columns(&scene.target.name)
        .filter(given)
        .find(refuses)
        .map(|column| {
            told(
                format!(
                    "{} refuses nulls and has no default, so that no row could be made",
                    column.id()
                ),
                "give it a default, or let it take nulls until contract has run",
            )
        })
}

/// A rule of the new table that the old one does not keep: a write of the old application, or the copy, could fail on it.
/// What would run within our triggers, with the rights of whoever runs the plan: a session could put functions of its own under the
/// names that it looks up.
fn strangers(scene: &Scene) -> Option<Obstacle> {
    let (live, desired) = (scene.context.schemas.live, scene.context.schemas.desired);
    let moved = |name: &Ident| scene.columns.iter().any(|moved| moved.live.name == *name);
    let (source, target) = (&scene.source.name, &scene.target.name);
    let fires = |trigger: &Trigger| {
        let written = trigger.events.iter().any(|event| match event {
            Event::Update(of) => trigger.table == *target || of.is_empty() || of.iter().any(moved),
            _ => trigger.table == *target,
        });
        written && trigger.enabled != Enabled::Disabled
    };
    let sides = [(live, source), (desired, source), (desired, target)];
    let parts = || {
        sides
            .iter()
            .flat_map(|(schema, table)| schema.parts(table).map(move |part| (schema, part)))
    };
    let trigger = parts().find_map(|(_, part)| match part {
        Object::Trigger(trigger) if fires(trigger) => Some(trigger.id()),
        _ => None,
    });
    let calls = |schema: &Schema, part: &Object| {
        let kinds = [Kind::Function, Kind::Aggregate, Kind::Operator];
        let is_rule = matches!(part, Object::Column(_) | Object::Constraint(_) | Object::Index(_));
        is_rule
            && References::new(schema)
                .of(part)
                .iter()
                .any(|id| kinds.contains(&id.kind))
    };
    let caller = || {
        parts()
            .find(|(schema, part)| calls(schema, part))
            .map(|(_, part)| part.id())
    };
    trigger.or_else(caller).map(|id| {
        told(
            format!(
                "{id} would run for what the other application writes, with the rights of the role that runs the plan"
            ),
            "drop or disable it in a plan before, and let it come back in one after",
        )
    })
}

fn rules(scene: &Scene) -> Option<Obstacle> {
    let desired = scene.context.schemas.desired;
    let refused = |id: ObjectId| {
        told(
            format!("{id} may refuse a row that {} takes", scene.source.name),
            "add it in a plan of its own, after contract",
        )
    };
    let constraint = desired
        .constraints(&scene.target.name)
        .find(|constraint| !holds(constraint, scene));
    let unique = desired
        .indexes(&scene.target.name)
        .filter(|index| index.unique)
        .find(|index| {
            let names: Vec<Ident> = index
                .keys
                .iter()
                .filter_map(|key| match &key.key {
                    KeyExpr::Column(name) => Some(name.clone()),
                    KeyExpr::Expr(_) => None,
                })
                .collect();
            names.len() != index.keys.len() || !stays_apart(&names, index.nulls_not_distinct, scene)
        });
    // What cannot be computed is refused as well.
    let computed = desired.columns(&scene.target.name).find(|column| {
        let expr = column.generated.as_ref().map(|generated| &generated.expr.text);
        expr.is_some_and(|text| scene.columns.iter().any(|moved| uses_word(text, &moved.desired.name)))
    });
    constraint
        .map(|constraint| constraint.id())
        .or(unique.map(|index| index.id()))
        .or(computed.map(|column| column.id()))
        .map(refused)
}

fn holds(constraint: &Constraint, scene: &Scene) -> bool {
    let live = scene.context.schemas.live;
    let moves = |name: &Ident| scene.columns.iter().find(|moved| moved.desired.name == *name);
    match &constraint.rule {
        ConstraintRule::NotNull { .. } => true,
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
            !key.without_overlaps && stays_apart(&key.columns, key.nulls_not_distinct, scene)
        }
        ConstraintRule::Check { expr, .. } => {
            let named = desired_names(scene)
                .into_iter()
                .filter(|name| uses_word(&expr.text, name));
            let named: Vec<Ident> = named.collect();
            if named.iter().any(|name| moves(name).is_some()) {
                // Said in the words of the old table.
                let text = scene.columns.iter().fold(expr.text.clone(), |text, moved| {
                    rename_column(&text, &moved.desired.name, &moved.live.name)
                });
                let wanted = crate::expr::Expr::under(text, &expr.path);
                let kept = |old: &Constraint| matches!(&old.rule, ConstraintRule::Check { expr, .. } if !old.not_valid && expr.canonical() == wanted.canonical());
                return named.iter().all(|name| moves(name).is_some())
                    && live.constraints(&scene.source.name).any(kept);
            }
            let nulls = [
                "is",
                "coalesce",
                "case",
                "distinct",
                "num_nulls",
                "num_nonnulls",
                "concat",
                "format",
                "any",
                "all",
                "array",
                "row",
            ];
            let empty = |name: &Ident| {
                let column = scene.context.schemas.desired.column(&scene.target.name, name);
                column.is_some_and(|column| {
                    column.default.is_none() && column.identity.is_none() && column.generated.is_none()
                })
            };
            !named.is_empty()
                && named.iter().all(empty)
                && !nulls.iter().any(|word| uses_word(&expr.text, &Ident::new(word)))
        }
        ConstraintRule::ForeignKey(key) => {
            if scene.foreign_key().is_some_and(|own| own.id() == constraint.id()) {
                return !key.period;
            }
            let columns: Option<Vec<&Moved>> = key.columns.iter().map(moves).collect();
            match columns {
                Some(columns) => {
                    let old: Vec<&Ident> = columns.iter().map(|moved| &moved.live.name).collect();
                    let same = |other: &Constraint| match &other.rule {
                        ConstraintRule::ForeignKey(other) => {
                            other.references == key.references
                                && other.referenced_columns == key.referenced_columns
                                && other.columns.iter().eq(old.iter().copied())
                        }
                        _ => false,
                    };
                    live.constraints(&scene.source.name).any(same)
                }
                // Rows that the triggers make have nulls there.
                None => {
                    let target = &scene.target.name;
                    let empty = |name: &Ident| {
                        let column = scene.context.schemas.desired.column(target, name);
                        let in_key = scene.key.iter().any(|(_, own)| own == name);
                        !in_key
                            && column.is_some_and(|column| {
                                column.default.is_none() && column.identity.is_none() && column.generated.is_none()
                            })
                    };
                    key.columns.iter().all(empty)
                }
            }
        }
        ConstraintRule::Exclude(_) => false,
    }
}

fn desired_names(scene: &Scene) -> Vec<Ident> {
    let columns = scene.context.schemas.desired.columns(&scene.target.name);
    columns.map(|column| column.name.clone()).collect()
}

/// Whether rows that the triggers make can never be alike in these columns.
fn stays_apart(names: &[Ident], nulls_not_distinct: bool, scene: &Scene) -> bool {
    let desired = scene.context.schemas.desired;
    if scene.key.iter().all(|(_, target)| names.contains(target)) {
        return true;
    }
    let old: Option<Vec<&Ident>> = names
        .iter()
        .map(|name| {
            scene
                .columns
                .iter()
                .find(|moved| moved.desired.name == *name)
                .map(|moved| &moved.live.name)
        })
        .collect();
    if let Some(old) = old {
        return has_key(scene.context.schemas.live, &scene.source.name, &old) && !nulls_not_distinct;
    }
    names.iter().any(|name| {
        let moves = scene.columns.iter().any(|moved| moved.desired.name == *name);
        let in_key = scene.key.iter().any(|(_, target)| target == name);
        !moves
            && !in_key
            && desired.column(&scene.target.name, name).is_some_and(|column| {
                column.identity.is_some()
                    || match &column.default {
                        Some(default) => is_volatile(default, scene.context),
                        None => !nulls_not_distinct && column.generated.is_none(),
                    }
            })
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
