//! What PostgreSQL makes on partitions by itself when it is made on the partitioned table.

use std::collections::HashSet;

use crate::name::QualifiedName;
use crate::object::constraint::{Constraint, ConstraintRule, KeyRule};
use crate::object::index::Index;
use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;

/// Drops constraints that a partition has from its parent anyway: a dump declares them once more and attaches their indexes.
pub(super) fn constraints(live: &Schema, desired: &mut Schema) {
    let inherited: Vec<ObjectId> = desired
        .of_kind(Kind::Constraint)
        .filter(|(id, object)| match object {
            Object::Constraint(constraint) => !live.contains(id) && comes_from_parent(desired, constraint),
            _ => false,
        })
        .map(|(id, _)| id.clone())
        .collect();
    for id in inherited {
        desired.remove(&id);
    }
}

fn comes_from_parent(schema: &Schema, constraint: &Constraint) -> bool {
    let Some(of) = schema
        .table(&constraint.table)
        .and_then(|table| table.partition_of.as_ref())
    else {
        return false;
    };
    schema
        .constraints(&of.parent)
        .any(|parent| same_rule(&parent.rule, &constraint.rule))
}

fn same_rule(parent: &ConstraintRule, child: &ConstraintRule) -> bool {
    let key = |key: &KeyRule| {
        (
            key.columns.clone(),
            key.include.clone(),
            key.nulls_not_distinct,
            key.without_overlaps,
        )
    };
    match (parent, child) {
        (ConstraintRule::PrimaryKey(parent), ConstraintRule::PrimaryKey(child))
        | (ConstraintRule::Unique(parent), ConstraintRule::Unique(child)) => key(parent) == key(child),
        (ConstraintRule::ForeignKey(parent), ConstraintRule::ForeignKey(child)) => parent == child,
        (
            ConstraintRule::NotNull {
                column: parent,
                no_inherit: false,
            },
            ConstraintRule::NotNull { column: child, .. },
        ) => parent == child,
        _ => false,
    }
}

/// PostgreSQL attaches an index of a partition that it finds to fit, and takes an index as valid when nothing is missing; the
/// files need not say either.
pub(super) fn attachments(live: &Schema, desired: &mut Schema) {
    let mut attached = Vec::new();
    for (id, object) in desired.of_kind(Kind::Index) {
        let (Object::Index(want), Some(Object::Index(have))) = (object, live.get(id)) else {
            continue;
        };
        let parent = have
            .attached_to
            .as_ref()
            .and_then(|parent| desired.get(&ObjectId::named(Kind::Index, parent)));
        let fits = matches!(parent, Some(Object::Index(parent)) if same_shape(parent, want));
        if want.attached_to.is_none() && fits || want.invalid && !have.invalid {
            attached.push(Index {
                attached_to: want
                    .attached_to
                    .clone()
                    .or_else(|| have.attached_to.clone().filter(|_| fits)),
                invalid: want.invalid && have.invalid,
                ..want.clone()
            });
        }
    }
    for index in attached {
        desired.put(index);
    }
}

fn same_shape(one: &Index, other: &Index) -> bool {
    (
        one.unique,
        one.nulls_not_distinct,
        &one.method,
        &one.keys,
        &one.include,
        &one.predicate,
    ) == (
        other.unique,
        other.nulls_not_distinct,
        &other.method,
        &other.keys,
        &other.include,
        &other.predicate,
    )
}

/// Takes over the indexes of partitions that come with a partitioned index, under the names that PostgreSQL gave them. They follow
/// the desired definition of their parent.
pub(super) fn indexes(live: &Schema, desired: &mut Schema) {
    let declared: HashSet<(QualifiedName, QualifiedName)> = desired
        .of_kind(Kind::Index)
        .filter_map(|(_, object)| match object {
            Object::Index(Index {
                table,
                attached_to: Some(parent),
                ..
            }) => Some((table.clone(), parent.clone())),
            _ => None,
        })
        .collect();
    let wanted: HashSet<QualifiedName> = desired.of_kind(Kind::Index).map(|(id, _)| id.qualified()).collect();
    let mut children: Vec<&Index> = live
        .of_kind(Kind::Index)
        .filter_map(|(id, object)| match object {
            Object::Index(index) if !desired.contains(id) && index.attached_to.is_some() => Some(index),
            _ => None,
        })
        .collect();
    // PostgreSQL attaches an index that a partition has already when its table gets an equal one.
    for object in desired.objects_mut() {
        let Object::Index(want) = object else { continue };
        let id = ObjectId::named(Kind::Index, &want.name);
        let (None, Some(Object::Index(have))) = (&want.attached_to, live.get(&id)) else {
            continue;
        };
        let Some(parent) = &have.attached_to else { continue };
        if wanted.contains(parent) && !declared.contains(&(want.table.clone(), parent.clone())) {
            want.attached_to = Some(parent.clone());
        }
    }
    // Parents before children: a partition may be partitioned itself.
    while !children.is_empty() {
        let before = children.len();
        children.retain(|child| {
            let Some(parent) = &child.attached_to else { return false };
            let Some(Object::Index(wanted)) = desired.get(&ObjectId::named(Kind::Index, parent)) else {
                return true;
            };
            let fits =
                desired.table(&child.table).is_some() && !declared.contains(&(child.table.clone(), parent.clone()));
            if fits {
                let unchanged = live.get(&ObjectId::named(Kind::Index, parent)) == Some(&Object::Index(wanted.clone()));
                let adopted = if unchanged {
                    (*child).clone()
                } else {
                    following(child, wanted)
                };
                desired.put(adopted);
            }
            false
        });
        if children.len() == before {
            break;
        }
    }
}

/// The child of an index whose definition changes.
fn following(child: &Index, parent: &Index) -> Index {
    Index {
        name: child.name.clone(),
        table: child.table.clone(),
        attached_to: child.attached_to.clone(),
        tablespace: child.tablespace.clone(),
        options: child.options.clone(),
        clustered: child.clustered,
        invalid: false,
        ..parent.clone()
    }
}
