//! Rules that a row of the new table could break, though the old table takes what it is made of.

use super::super::{Moved, Scene};
use super::keys::has_key;
use super::{Obstacle, told};
use crate::expr::rename_column;
use crate::name::Ident;
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::KeyExpr;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::plan::strategy::is_volatile;
use crate::refs::uses_word;

/// Columns of a new row that nobody would fill.
pub(super) fn rows(scene: &Scene) -> Option<Obstacle> {
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
pub(super) fn stricter(scene: &Scene) -> Option<Obstacle> {
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
