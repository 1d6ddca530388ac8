//! What PostgreSQL makes on partitions by itself when it is made on the partitioned table.

use std::collections::HashSet;

use crate::attach;
use crate::name::QualifiedName;
use crate::object::constraint::Constraint;
use crate::object::index::Index;
use crate::object::{Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::schema::Schema;

/// Drops constraints that a partition has from its parent anyway: a dump declares them once more and attaches their indexes. One
/// that the partition has beside the parent's is kept.
pub(super) fn constraints(live: &Schema, desired: &mut Schema) {
    let inherited: Vec<ObjectId> = desired
        .of_kind(Kind::Constraint)
        .filter(|(id, object)| match object {
            Object::Constraint(constraint) => comes_from_parent(desired, constraint)
                .is_some_and(|parent| !live.contains(id) || !attach::serves(live, parent, &constraint.table)),
            _ => false,
        })
        .map(|(id, _)| id.clone())
        .collect();
    for id in inherited {
        desired.remove(&id);
    }
}

fn comes_from_parent<'a>(schema: &'a Schema, constraint: &Constraint) -> Option<&'a Constraint> {
    let of = schema.table(&constraint.table)?.partition_of.as_ref()?;
    schema
        .constraints(&of.parent)
        .find(|parent| attach::same_rule(&parent.rule, &constraint.rule))
}

/// PostgreSQL attaches what it finds to fit on a partition, and takes an index or key as valid when nothing is missing; the files
/// need not say either. Where a partition's part is served already, what the files attach stays by itself.
pub(super) fn attachments(live: &Schema, desired: &mut Schema) {
    let mut changed: Vec<Object> = Vec::new();
    for (id, object) in desired.iter() {
        match (object, live.get(id)) {
            (Object::Index(want), have) => {
                let have = match have {
                    Some(Object::Index(have)) => Some(have),
                    _ => None,
                };
                let fits = |parent: &Index| attach::same_shape(parent, want);
                let has = have.and_then(|have| have.attached_to.as_ref());
                let place = Place {
                    id,
                    table: &want.table,
                    want: want.attached_to.as_ref(),
                    has,
                };
                let attached_to = place.settled(Pair::new(live, &*desired), fits);
                let invalid = want.invalid && have.is_none_or(|have| have.invalid);
                if attached_to != want.attached_to || invalid != want.invalid {
                    changed.push(Object::Index(Index {
                        attached_to,
                        invalid,
                        ..want.clone()
                    }));
                }
            }
            (Object::Constraint(want), have) if want.key().is_some() => {
                let have = match have {
                    Some(Object::Constraint(have)) => Some(have),
                    _ => None,
                };
                let fits = |parent: &Index| attach::backs(parent, want);
                let has = have.and_then(|have| have.attached_to.as_ref());
                let place = Place {
                    id,
                    table: &want.table,
                    want: want.attached_to.as_ref(),
                    has,
                };
                let attached_to = place.settled(Pair::new(live, &*desired), fits);
                let mut missing = want.missing.clone();
                missing.retain(|partition| have.is_none_or(|have| have.missing.contains(partition)));
                if attached_to != want.attached_to || missing != want.missing {
                    changed.push(Object::Constraint(Constraint {
                        attached_to,
                        missing,
                        ..want.clone()
                    }));
                }
            }
            _ => {}
        }
    }
    for object in changed {
        desired.put(object);
    }
}

/// Something of a partition that can be attached to an index of the parent.
struct Place<'a> {
    id: &'a ObjectId,
    table: &'a QualifiedName,
    /// The index that the files attach it to.
    want: Option<&'a QualifiedName>,
    /// The index that it is attached to.
    has: Option<&'a QualifiedName>,
}

impl Place<'_> {
    fn settled(&self, schemas: Pair<&Schema>, fits: impl Fn(&Index) -> bool) -> Option<QualifiedName> {
        let wanted = |parent: &QualifiedName| match schemas.desired.get(&ObjectId::named(Kind::Index, parent)) {
            Some(Object::Index(parent)) => is_partition(schemas.desired, self.table, &parent.table) && fits(parent),
            _ => false,
        };
        match (self.want, self.has) {
            (None, Some(has)) => wanted(has).then(|| has.clone()),
            (Some(want), has) if has != Some(want) && self.served(schemas.live, want) => has.cloned(),
            (want, _) => want.cloned(),
        }
    }

    /// Whether something else of the live partition is attached to the index, or came with it unseen.
    fn served(&self, live: &Schema, parent: &QualifiedName) -> bool {
        let Some(Object::Index(index)) = live.get(&ObjectId::named(Kind::Index, parent)) else {
            return false;
        };
        let attached = attach::attached(live, self.table, parent);
        is_partition(live, self.table, &index.table) && attached.map_or(!index.invalid, |attached| attached != self.id)
    }
}

/// Takes over the indexes of partitions that come with a partitioned index, under the names that PostgreSQL gave them. They follow
/// the desired definition of their parent.
pub(super) fn indexes(live: &Schema, desired: &mut Schema) {
    let declared: HashSet<(QualifiedName, QualifiedName)> = desired
        .iter()
        .filter_map(|(_, object)| match object {
            Object::Index(Index {
                table,
                attached_to: Some(parent),
                ..
            })
            | Object::Constraint(Constraint {
                table,
                attached_to: Some(parent),
                ..
            }) => Some((table.clone(), parent.clone())),
            _ => None,
        })
        .collect();
    adopt_for_new(live, desired, &declared);
    let mut children: Vec<&Index> = live
        .of_kind(Kind::Index)
        .filter_map(|(id, object)| match object {
            Object::Index(index) if !desired.contains(id) && index.attached_to.is_some() => Some(index),
            _ => None,
        })
        .collect();
    // PostgreSQL attaches an index that a partition has already when its table gets an equal one.
    let found: Vec<Index> = desired
        .of_kind(Kind::Index)
        .filter_map(|(id, object)| {
            let (Object::Index(want), Some(Object::Index(have))) = (object, live.get(id)) else {
                return None;
            };
            let parent = have.attached_to.as_ref().filter(|_| want.attached_to.is_none())?;
            let Some(Object::Index(above)) = desired.get(&ObjectId::named(Kind::Index, parent)) else {
                return None;
            };
            let fits = is_partition(desired, &want.table, &above.table)
                && !declared.contains(&(want.table.clone(), parent.clone()));
            fits.then(|| Index {
                attached_to: Some(parent.clone()),
                ..want.clone()
            })
        })
        .collect();
    for index in found {
        desired.put(index);
    }
    // Parents before children: a partition may be partitioned itself.
    while !children.is_empty() {
        let before = children.len();
        children.retain(|child| {
            let Some(parent) = &child.attached_to else { return false };
            let Some(Object::Index(wanted)) = desired.get(&ObjectId::named(Kind::Index, parent)) else {
                return true;
            };
            if !is_partition(desired, &child.table, &wanted.table) {
                if let Some(adopted) = by_another_parent(child, desired, &declared) {
                    desired.put(adopted);
                }
                return false;
            }
            if !declared.contains(&(child.table.clone(), parent.clone())) {
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

/// The index as one of the parent that the partition comes to, which has an equal one.
fn by_another_parent(
    child: &Index,
    desired: &Schema,
    declared: &HashSet<(QualifiedName, QualifiedName)>,
) -> Option<Index> {
    let of = desired.table(&child.table)?.partition_of.as_ref()?;
    let above = desired.indexes(&of.parent).find(|above| {
        attach::same_shape(above, child)
            && !declared.contains(&(child.table.clone(), above.name.clone()))
            && attach::attached(desired, &child.table, &above.name).is_none()
    })?;
    Some(Index {
        attached_to: Some(above.name.clone()),
        ..child.clone()
    })
}

fn is_partition(schema: &Schema, table: &QualifiedName, parent: &QualifiedName) -> bool {
    let of = schema.table(table).and_then(|table| table.partition_of.as_ref());
    of.is_some_and(|of| of.parent == *parent)
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

/// An index of a partition that the files do not name serves an index that it fits and that is new to it: the parent gets it, or the
/// table becomes a partition.
fn adopt_for_new(live: &Schema, desired: &mut Schema, declared: &HashSet<(QualifiedName, QualifiedName)>) {
    let mut found: Vec<Index> = Vec::new();
    for (id, object) in desired.of_kind(Kind::Index) {
        let Object::Index(parent) = object else { continue };
        let partitioned = desired
            .table(&parent.table)
            .is_some_and(|table| table.partition_by.is_some());
        if !partitioned {
            continue;
        }
        for heir in desired.heirs(&parent.table) {
            let joins = live.table(&heir.name).is_some() && !is_partition(live, &heir.name, &parent.table);
            if live.contains(id) && !joins {
                continue;
            }
            if declared.contains(&(heir.name.clone(), parent.name.clone())) {
                continue;
            }
            let fitting = live.indexes(&heir.name).find(|index| {
                index.attached_to.is_none()
                    && !index.invalid
                    && attach::same_shape(parent, index)
                    && !desired.contains(&ObjectId::named(Kind::Index, &index.name))
                    && found.iter().all(|taken| taken.name != index.name)
            });
            found.extend(fitting.map(|index| Index {
                attached_to: Some(parent.name.clone()),
                ..index.clone()
            }));
        }
    }
    for index in found {
        desired.put(index);
    }
}
