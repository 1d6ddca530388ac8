//! Which index of a partition PostgreSQL attaches to an index of the partitioned table by itself, and what becomes of the two.
//!
//! Facts: PostgreSQL documentation, CREATE INDEX, ALTER INDEX ATTACH PARTITION and ALTER TABLE ATTACH PARTITION: an index that
//! fits is attached instead of building another one, and one that backs a key serves a key of the parent or a plain unique
//! index; a partitioned index made with `ONLY` becomes valid when every partition has its index attached.

pub(crate) mod names;

use std::collections::BTreeSet;

use crate::attach::names::part_name;
pub(crate) use crate::attach::names::{name_on_partition, name_parts};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName, object_name};
use crate::object::constraint::{Constraint, ConstraintRule, KeyRule};
use crate::object::index::{Index, IndexKey, KeyExpr};
use crate::object::table::{PartitionBound, PartitionKeyPart, PartitionOf, bound};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::schema::Schema;

/// Whether the index of a partition can be attached to the parent's.
pub(crate) fn same_shape(one: &Index, other: &Index) -> bool {
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

/// Whether the index of a partition's key can be attached to a plain index of the parent.
pub(crate) fn backs(parent: &Index, child: &Constraint) -> bool {
    let Some(key) = child.key() else { return false };
    let keys: Vec<IndexKey> = key.columns.iter().map(IndexKey::column).collect();
    parent.unique
        && parent.method.as_str() == "btree"
        && parent.predicate.is_none()
        && !key.without_overlaps
        && (parent.nulls_not_distinct, &parent.keys, &parent.include) == (key.nulls_not_distinct, &keys, &key.include)
}

/// Whether a partition's constraint is one that the parent's brings along.
pub(crate) fn same_rule(parent: &ConstraintRule, child: &ConstraintRule) -> bool {
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

/// Whether a partition's own foreign key becomes a part of the parent's when that is made: it has been proved, so no row is looked
/// at (measured: `pt_add_fk_children_have_it`).
pub(crate) fn becomes_part(parent: &Constraint, own: &Constraint) -> bool {
    matches!(parent.rule, ConstraintRule::ForeignKey(_))
        && same_rule(&parent.rule, &own.rule)
        && !own.not_valid
        && (parent.deferrable, parent.initially_deferred, parent.not_enforced)
            == (own.deferrable, own.initially_deferred, own.not_enforced)
}

/// What the rows of a partition keep by its own bound. None where no check can say it: a hash looks at collations in a way of its own.
pub(crate) fn own_condition(schema: &Schema, table: &QualifiedName, of: &PartitionOf) -> Option<Expr> {
    let key = schema.table(&of.parent)?.partition_by.as_ref()?;
    if matches!(of.bound, PartitionBound::Hash { .. }) {
        let columns = schema.all_columns(&of.parent);
        let without_collation = |part: &PartitionKeyPart| match &part.key {
            KeyExpr::Column(name) => columns
                .iter()
                .any(|column| column.name == *name && NO_COLLATION.contains(&column.type_name.to_string().as_str())),
            KeyExpr::Expr(_) => false,
        };
        if !key.keys.iter().all(without_collation) {
            return None;
        }
    }
    let others: Vec<&PartitionBound> = schema
        .heirs(&of.parent)
        .filter(|heir| heir.name != *table)
        .filter_map(|heir| heir.partition_of.as_ref())
        .map(|other| &other.bound)
        .filter(|bound| **bound != PartitionBound::Default)
        .collect();
    bound::condition(&of.parent, key, &of.bound, &others)
}

/// Types of which a hash takes no collation.
const NO_COLLATION: [&str; 9] = [
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "uuid",
    "date",
    "timestamp without time zone",
    "timestamp with time zone",
    "boolean",
];

/// What the rows of a partition keep by its bound and those of the tables that its parent is a partition of.
pub(crate) fn bound_condition(schema: &Schema, table: &QualifiedName, of: &PartitionOf) -> Option<Expr> {
    let own = own_condition(schema, table, of)?;
    let Some(above) = schema.table(&of.parent)?.partition_of.as_ref() else {
        return Some(own);
    };
    let above = bound_condition(schema, &of.parent, above)?;
    let path = if own.path.is_empty() { &above.path } else { &own.path };
    Some(Expr::under(format!("({}) AND ({})", above.text, own.text), path))
}

/// The check that `DETACH PARTITION ... CONCURRENTLY` leaves on the table: what its bound and those of its parents said. None where
/// it has been left already.
pub(crate) fn left_when_detached(schema: &Schema, table: &QualifiedName) -> Option<Constraint> {
    let pending = schema.table(table)?.partition_of.as_ref()?.detach_pending;
    let check = told_by_bounds(schema, table).filter(|_| !pending)?;
    match &check.rule {
        ConstraintRule::Check { expr, .. } if !has_check(schema, table, expr) => Some(check),
        _ => None,
    }
}

/// The check that says what the bounds of a partition and of its parents say, under the name that PostgreSQL chooses. None where that
/// takes an expression or a hash, which names the parent by a number.
pub(crate) fn told_by_bounds(schema: &Schema, table: &QualifiedName) -> Option<Constraint> {
    let mut columns: BTreeSet<&Ident> = BTreeSet::new();
    let mut at = table;
    while let Some(of) = schema.table(at)?.partition_of.as_ref() {
        for part in &schema.table(&of.parent)?.partition_by.as_ref()?.keys {
            match &part.key {
                KeyExpr::Column(name) => columns.insert(name),
                KeyExpr::Expr(_) => return None,
            };
        }
        if matches!(of.bound, PartitionBound::Hash { .. }) {
            return None;
        }
        at = &of.parent;
    }
    let rule = ConstraintRule::Check {
        expr: bound_condition(schema, table, schema.table(table)?.partition_of.as_ref()?)?,
        no_inherit: false,
    };
    let mut columns = columns.into_iter();
    let column = match (columns.next(), columns.next()) {
        (Some(only), None) => only.as_str(),
        _ => "",
    };
    let taken = |name: &Ident| {
        schema
            .of_kind(Kind::Constraint)
            .any(|(id, _)| id.namespace == table.namespace && id.own_name() == name)
            || schema
                .of_kind(Kind::DomainConstraint)
                .any(|(id, _)| id.namespace == table.namespace && id.own_name() == name)
    };
    let label = |number: u32| match number {
        0 => "check".to_owned(),
        number => format!("check{number}"),
    };
    let name = (0u32..)
        .map(|number| Ident::new(object_name(table.name.as_str(), column, &label(number))))
        .find(|name| !taken(name))?;
    Some(Constraint::new(table, &name, rule))
}

/// Whether a valid check of the table says exactly this.
pub(crate) fn has_check(schema: &Schema, table: &QualifiedName, condition: &Expr) -> bool {
    let own = schema.constraints(table);
    own.chain(schema.all_checks(table))
        .filter(|check| !check.not_valid && !check.not_enforced)
        .any(|check| matches!(&check.rule, ConstraintRule::Check { expr, .. } if expr == condition))
}

/// Partitions of a table, of every level, in order.
pub(crate) fn partitions(schema: &Schema, table: &QualifiedName) -> Vec<QualifiedName> {
    let mut found = Vec::new();
    let mut next = vec![table.clone()];
    while let Some(parent) = next.pop() {
        let names = direct_partitions(schema, &parent);
        next.extend(names.iter().cloned());
        found.extend(names);
    }
    found
}

/// The object of a partition that is attached to this index of its parent.
pub(crate) fn attached<'a>(
    schema: &'a Schema,
    partition: &QualifiedName,
    parent: &QualifiedName,
) -> Option<&'a ObjectId> {
    schema
        .children(&ObjectId::named(Kind::Table, partition))
        .find(|id| match schema.get(id) {
            Some(Object::Index(index)) => index.attached_to.as_ref() == Some(parent),
            Some(Object::Constraint(constraint)) => constraint.attached_to.as_ref() == Some(parent),
            _ => false,
        })
}

/// The index of the parent that keeps this key of a partition from being dropped.
pub(crate) fn holds<'a>(schema: &'a Schema, key: &ObjectId) -> Option<&'a QualifiedName> {
    let Some(Object::Constraint(constraint)) = schema.get(key) else {
        return None;
    };
    schema.table(&constraint.table)?.partition_of.as_ref()?;
    let parent = constraint.attached_to.as_ref()?;
    schema.contains(&ObjectId::named(Kind::Index, parent)).then_some(parent)
}

/// Whether the table of an index leaves its parent and stands for itself: what is attached to an index of the parent is its own then.
pub(crate) fn leaves_with(schemas: Pair<&Schema>, index: &Index) -> bool {
    let alone = schemas
        .desired
        .table(&index.table)
        .is_some_and(|table| table.partition_of.is_none());
    index.attached_to.is_some() && alone
}

/// The indexes that are attached to an index of a partitioned table.
pub(crate) fn attached_to(schema: &Schema, index: &Index) -> Vec<ObjectId> {
    schema
        .heirs(&index.table)
        .filter_map(|heir| attached(schema, &heir.name, &index.name))
        .filter(|id| id.kind == Kind::Index)
        .cloned()
        .collect()
}

/// A new index on a partitioned table takes over what fits on its partitions.
pub(crate) fn index_created(schema: &mut Schema, index: &Index) {
    for partition in direct_partitions(schema, &index.table) {
        adopt(schema, &partition, index);
    }
}

/// A key or foreign key of a partitioned table takes over the equal ones of its partitions: they belong to it from then on.
pub(crate) fn constraint_created(schema: &mut Schema, constraint: &Constraint) {
    if !constraint.missing.is_empty() {
        return;
    }
    for partition in partitions(schema, &constraint.table) {
        take_over(schema, &partition, constraint);
    }
}

/// A table that becomes a partition brings its fitting indexes and keys to those of the parent.
pub(crate) fn table_attached(schema: &mut Schema, table: &QualifiedName, parent: &QualifiedName) {
    let up = |name: &QualifiedName| schema.table(name)?.partition_of.as_ref().map(|of| of.parent.clone());
    let above: Vec<QualifiedName> = std::iter::successors(Some(parent.clone()), up).collect();
    let has = |constraint: &&Constraint| constraint.table == *parent || !constraint.missing.contains(parent);
    let constraints = above.iter().flat_map(|name| schema.constraints(name)).filter(has);
    let constraints: Vec<Constraint> = constraints.cloned().collect();
    for constraint in &constraints {
        take_over(schema, table, constraint);
        if let ConstraintRule::ForeignKey(_) = constraint.rule {
            let own = schema
                .constraints(table)
                .find(|own| same_rule(&constraint.rule, &own.rule));
            if let Some(own) = own.cloned() {
                schema.remove(&own.id());
                names::took_over(schema, &constraint.id(), &own);
            }
        }
    }
    let indexes: Vec<Index> = schema.indexes(parent).cloned().collect();
    for index in &indexes {
        adopt(schema, table, index);
    }
}

/// Whether a table has to get an index with its attachment: one of the parent's that none of its own fits.
pub(crate) fn lacks_index(schema: &Schema, table: &QualifiedName, parent: &QualifiedName) -> bool {
    let key = |above: &Constraint| schema.constraints(table).any(|own| same_rule(&above.rule, &own.rule));
    schema.indexes(parent).any(|above| !has_index(schema, table, above))
        || schema.constraints(parent).any(|above| above.has_index() && !key(above))
}

/// Whether a table has an index that can serve one of a parent.
pub(crate) fn has_index(schema: &Schema, table: &QualifiedName, above: &Index) -> bool {
    schema.indexes(table).any(|own| same_shape(above, own)) || schema.constraints(table).any(|own| backs(above, own))
}

/// A table that stops being a partition has the keys and foreign keys of its parents for its own, and its indexes serve nobody else.
pub(crate) fn table_detached(schema: &mut Schema, table: &QualifiedName) {
    for constraint in kept_when_detached(schema, table) {
        schema.put(constraint);
    }
    let mut gone = partitions(schema, table);
    gone.push(table.clone());
    for parent in schema.ancestors(table) {
        let constraints: Vec<ObjectId> = schema.constraints(&parent).map(Definition::id).collect();
        for id in constraints {
            if let Some(Object::Constraint(constraint)) = schema.get_mut(&id) {
                constraint.parts.0.retain(|part| !gone.contains(&part.table));
            }
        }
    }
    let parts: Vec<ObjectId> = schema.children(&ObjectId::named(Kind::Table, table)).cloned().collect();
    for id in parts {
        match schema.get_mut(&id) {
            Some(Object::Index(index)) => index.attached_to = None,
            Some(Object::Constraint(constraint)) => constraint.attached_to = None,
            _ => {}
        }
    }
}

/// The keys and foreign keys of its parents that a partition keeps when it is detached, under the names that PostgreSQL has given
/// them where it made them.
pub(crate) fn kept_when_detached(schema: &Schema, table: &QualifiedName) -> Vec<Constraint> {
    let parent = |name: &QualifiedName| schema.table(name)?.partition_of.as_ref().map(|of| of.parent.clone());
    let above = std::iter::successors(parent(table), |name| parent(name));
    let handed_down: Vec<Constraint> = above
        .flat_map(|name| schema.constraints(&name).cloned().collect::<Vec<_>>())
        .filter(|constraint| constraint.has_index() || matches!(constraint.rule, ConstraintRule::ForeignKey(_)))
        .filter(|constraint| !constraint.missing.contains(table))
        .collect();
    let below = partitions(schema, table);
    let kept = handed_down.into_iter().map(|constraint| Constraint {
        name: part_name(table, &constraint),
        parts: constraint.parts.of(&below),
        table: table.clone(),
        missing: Vec::new(),
        attached_to: None,
        ..constraint
    });
    kept.filter(|kept| !schema.contains(&ObjectId::part(Kind::Constraint, table, &kept.name)))
        .collect()
}

/// What a table has for its own, and what it would keep of its parents' if it were detached.
pub(crate) fn constraints_apart(schema: &Schema, table: &QualifiedName) -> Vec<Constraint> {
    let mut apart: Vec<Constraint> = schema.constraints(table).cloned().collect();
    apart.extend(kept_when_detached(schema, table));
    apart
}

/// `ALTER INDEX parent ATTACH PARTITION child`, where the parent is the index of a key: the child's key belongs to it.
pub(crate) fn key_attached(schema: &mut Schema, child: &ObjectId, parent: &ObjectId) {
    let table = child.qualified();
    let own = match schema.get(child) {
        Some(Object::Constraint(child)) => Some(child.clone()),
        _ => None,
    };
    let missing = own.as_ref().map(|child| child.missing.clone()).unwrap_or_default();
    let below = partitions(schema, &table);
    schema.remove(child);
    if let Some(Object::Constraint(parent)) = schema.get_mut(parent) {
        parent.missing.retain(|name| *name != table && !below.contains(name));
        parent.missing.extend(missing);
        parent.missing.sort();
    }
    if let Some(own) = own {
        names::took_over(schema, parent, &own);
    }
}

/// A partitioned index made with `ONLY` is valid from the last partition's index on.
pub(crate) fn index_attached(schema: &mut Schema, parent: &QualifiedName) {
    let id = ObjectId::named(Kind::Index, parent);
    let Some(Object::Index(index)) = schema.get(&id) else {
        return;
    };
    if !index.invalid {
        return;
    }
    let complete = direct_partitions(schema, &index.table).iter().all(|partition| {
        attached(schema, partition, parent)
            .is_some_and(|child| !matches!(schema.get(child), Some(Object::Index(child)) if child.invalid))
    });
    let above = index.attached_to.clone();
    if complete {
        if let Some(Object::Index(index)) = schema.get_mut(&id) {
            index.invalid = false;
        }
        if let Some(above) = above {
            index_attached(schema, &above);
        }
    }
}

/// The constraint or index that an index name means, on the parent of this partition.
pub(crate) fn parent_index(schema: &Schema, partition: &QualifiedName, name: &QualifiedName) -> Option<ObjectId> {
    let parent = &schema.table(partition)?.partition_of.as_ref()?.parent;
    let constraint = ObjectId::part(Kind::Constraint, parent, &name.name);
    let index = ObjectId::named(Kind::Index, name);
    [constraint, index].into_iter().find(|id| schema.contains(id))
}

/// A live index of a partition that can become its key for one of the parent's: nobody asks for it as it is.
pub(crate) fn promotable<'a>(
    schemas: Pair<&'a Schema>,
    partition: &QualifiedName,
    parent: &Constraint,
) -> Option<&'a Index> {
    schemas.live.indexes(partition).find(|index| {
        !schemas.desired.contains(&ObjectId::named(Kind::Index, &index.name))
            && index.attached_to.is_none()
            && !index.invalid
            && backs(index, parent)
    })
}

/// Whether a live key of a partition, or an index, is taken over by a key that the parent gets or completes.
pub(crate) fn taken_over(schemas: Pair<&Schema>, object: &Object) -> bool {
    let table = match object {
        Object::Index(index) => &index.table,
        Object::Constraint(constraint) => &constraint.table,
        _ => return false,
    };
    let Some(of) = schemas
        .desired
        .table(table)
        .and_then(|table| table.partition_of.as_ref())
    else {
        return false;
    };
    if let Object::Constraint(child) = object {
        let parent = |name: &QualifiedName| {
            schemas
                .desired
                .table(name)?
                .partition_of
                .as_ref()
                .map(|of| of.parent.clone())
        };
        let above = std::iter::successors(Some(of.parent.clone()), parent);
        let part_of = |name: &QualifiedName| schemas.desired.constraints(name).any(|key| becomes_part(key, child));
        if above.into_iter().any(|name| part_of(&name)) {
            return true;
        }
    }
    schemas.desired.constraints(&of.parent).any(|parent| {
        !serves(schemas.live, parent, table)
            && match object {
                Object::Index(index) => {
                    promotable(schemas, table, parent).is_some_and(|ready| ready.name == index.name)
                        && !schemas
                            .live
                            .constraints(table)
                            .any(|own| same_rule(&parent.rule, &own.rule))
                }
                Object::Constraint(child) => parent.has_index() && same_rule(&parent.rule, &child.rule),
                _ => false,
            }
    })
}

/// Whether a partition has its part of the parent's key already.
pub(crate) fn serves(live: &Schema, parent: &Constraint, partition: &QualifiedName) -> bool {
    let attached = live
        .table(partition)
        .and_then(|table| table.partition_of.as_ref())
        .is_some_and(|of| of.parent == parent.table);
    attached
        && live
            .constraints(&parent.table)
            .any(|have| same_rule(&have.rule, &parent.rule) && !have.missing.contains(partition))
}

/// The part of an index name that PostgreSQL makes of the key's columns.
pub(crate) fn columns_part(key: &KeyRule) -> String {
    key.columns.iter().map(Ident::as_str).collect::<Vec<_>>().join("_")
}

fn direct_partitions(schema: &Schema, table: &QualifiedName) -> Vec<QualifiedName> {
    if schema.table(table).is_none_or(|table| table.partition_by.is_none()) {
        return Vec::new();
    }
    schema
        .heirs(table)
        .filter(|heir| heir.partition_of.is_some())
        .map(|heir| heir.name.clone())
        .collect()
}

fn adopt(schema: &mut Schema, partition: &QualifiedName, parent: &Index) {
    if parent.invalid || attached(schema, partition, &parent.name).is_some() {
        return;
    }
    let fitting = schema
        .children(&ObjectId::named(Kind::Table, partition))
        .find(|id| match schema.get(id) {
            Some(Object::Index(child)) => child.attached_to.is_none() && !child.invalid && same_shape(parent, child),
            Some(Object::Constraint(child)) => child.attached_to.is_none() && backs(parent, child),
            _ => false,
        })
        .cloned();
    match fitting.and_then(|id| schema.get_mut(&id)) {
        Some(Object::Index(child)) => child.attached_to = Some(parent.name.clone()),
        Some(Object::Constraint(child)) => child.attached_to = Some(parent.name.clone()),
        _ => {}
    }
}

fn take_over(schema: &mut Schema, partition: &QualifiedName, parent: &Constraint) {
    let fits = |child: &&Constraint| {
        (parent.has_index() && child.attached_to.is_none() && same_rule(&parent.rule, &child.rule))
            || becomes_part(parent, child)
    };
    let equal = schema.constraints(partition).find(fits).cloned();
    if let Some(own) = equal {
        schema.remove(&own.id());
        names::took_over(schema, &parent.id(), &own);
    }
}
