//! Constraints, indexes and statistics over a column: each is made once more over the twin and takes its name in the end.

use std::collections::BTreeSet;

use crate::expr::{Expr, rename_column, rename_type};
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::{Index, KeyExpr};
use crate::object::{Kind, Object, ObjectId, Visitor};
use crate::plan::context::Context;
use crate::plan::strategy::constraint::key_index;
use crate::plan::strategy::not_null::helper_name;
use crate::schema::Schema;

use super::{Scene, Twin};

/// The ids of everything over a column, live and desired, foreign keys to it included.
pub(super) fn of(twin: &Twin, context: &Context) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    for schema in [context.schemas.live, context.schemas.desired] {
        found.extend(
            twin.after_ids()
                .flat_map(|id| crate::refs::parts_of_column(schema, &id)),
        );
        found.extend(
            schema
                .of_kind(Kind::Constraint)
                .filter(|(_, object)| match object {
                    // A new table makes its own, once the key is there under its name.
                    Object::Constraint(Constraint {
                        rule: ConstraintRule::ForeignKey(key),
                        table,
                        ..
                    }) => {
                        twin.is_of(&key.references)
                            && key.referenced_columns.contains(&twin.after)
                            && context.schemas.live.table(table).is_some()
                    }
                    _ => false,
                })
                .map(|(id, _)| id.clone()),
        );
    }
    found
}

/// An object over the column as it is over the twin while both stand.
pub(super) fn over_twins(object: &Object, twins: &[&Twin]) -> Object {
    let mut object = object.clone();
    for twin in twins.iter().filter(|twin| !twin.both_ways()) {
        object.visit(&mut Substitute(twin));
    }
    object
}

struct Substitute<'a>(&'a Twin<'a>);

impl Visitor for Substitute<'_> {
    fn column(&mut self, relation: &QualifiedName, column: &mut Ident) {
        if self.0.is_of(relation) && *column == self.0.after {
            *column = self.0.name.clone();
        }
    }

    fn expr(&mut self, _slot: &str, relation: Option<&QualifiedName>, expr: &mut Expr) {
        if relation.is_some_and(|relation| self.0.is_of(relation)) {
            let text = rename_column(&expr.text, &self.0.after, &self.0.name);
            *expr = Expr::under(text, &expr.path);
        }
        if let Some(new_type) = &self.0.anew {
            expr.text = rename_type(&expr.text, &expr.path, &new_type.id().qualified(), &new_type.helper());
        }
    }
}

/// A part under way: what it is in the end, and what stands for it over the twin.
pub(super) struct Part<'a> {
    /// Its id in the end.
    pub(super) id: ObjectId,
    /// What it is in the end.
    pub(super) wanted: &'a Object,
    /// What stands for it meanwhile; a unique index for a key.
    pub(super) stand_in: Object,
    /// Whether the live database has the same over the column already, so that the rows fulfil it.
    pub(super) proved: bool,
}

/// The desired parts: keys and indexes first, then checks and statistics, then foreign keys.
pub(super) fn wanted<'a>(scene: &Scene<'a>) -> Vec<Part<'a>> {
    let (live, desired): (&Schema, &'a Schema) = (scene.context.schemas.live, scene.context.schemas.desired);
    let mut parts: Vec<Part> = scene
        .parts
        .iter()
        .filter_map(|id| Some((id, desired.get(id)?)))
        .map(|(id, wanted)| Part {
            id: id.clone(),
            wanted,
            stand_in: stand_in(id, wanted, scene),
            proved: live.get(id) == Some(wanted),
        })
        .collect();
    parts.sort_by_key(|part| match &part.stand_in {
        Object::Index(index) if index.unique => 0,
        Object::Index(_) => 1,
        Object::Constraint(constraint) if matches!(constraint.rule, ConstraintRule::ForeignKey(_)) => 3,
        _ => 2,
    });
    parts
}

fn stand_in(id: &ObjectId, wanted: &Object, scene: &Scene) -> Object {
    let taken = scene.original.contains(id) || scene.context.schemas.live.contains(id);
    let name = if taken {
        Ident::new(helper_name(id.own_name().as_str(), "new"))
    } else {
        id.own_name().clone()
    };
    match over_twins(wanted, scene.twins) {
        Object::Constraint(constraint) => match constraint.key() {
            Some(key) => key_index(&constraint, key, &name).into(),
            None => Constraint { name, ..constraint }.into(),
        },
        Object::Index(index) => Index {
            name: QualifiedName {
                namespace: index.name.namespace.clone(),
                name,
            },
            clustered: false,
            ..index
        }
        .into(),
        mut other => {
            other.rename(&id.with_own_name(&name));
            other
        }
    }
}

/// Whether the index can be built while the twin still holds nulls: uniqueness over nulls, expressions or a predicate may
/// fail on rows that are not copied yet.
pub(super) fn is_early(index: &Index, proved: bool, scene: &Scene) -> bool {
    let named = scene.twins.iter().filter(|twin| twin.is_of(&index.table));
    let plain = index.keys.iter().all(|key| matches!(key.key, KeyExpr::Column(_)));
    named.clone().all(|twin| twin.both_ways())
        && (!index.unique
            || proved
                && plain
                && index.predicate.is_none()
                && !index.nulls_not_distinct
                && named.clone().all(|twin| twin.same()))
}
