//! The key by which a row of one table is known in the other.

use super::super::{Moved, Scene};
use super::{BY_HAND, Obstacle, told};
use crate::name::{Ident, QualifiedName};
use crate::object::index::KeyExpr;
use crate::schema::Schema;

/// Whether a table has a key over exactly these columns that is held at once.
pub(super) fn has_key(schema: &Schema, table: &QualifiedName, columns: &[&Ident]) -> bool {
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

/// Whether the columns of `via` are such a key.
pub(super) fn key(scene: &Scene) -> Option<Obstacle> {
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
