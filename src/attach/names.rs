//! The names of what partitions have of the constraints above them: PostgreSQL chooses one where it makes a part, a part that was
//! there before keeps its own, and none follows when a table, a column or a constraint is renamed.

use crate::name::{Ident, QualifiedName, object_name};
use crate::object::constraint::{Constraint, ConstraintRule, PartName};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::schema::Schema;

/// The name of a partition's part of a constraint.
pub(crate) fn part_name(partition: &QualifiedName, parent: &Constraint) -> Ident {
    let known = parent.parts.0.iter().find(|part| part.table == *partition);
    known.map_or_else(|| name_on_partition(partition, parent), |part| part.name.clone())
}

/// The name of a partition's part of a constraint, where PostgreSQL chooses it.
pub(crate) fn name_on_partition(partition: &QualifiedName, parent: &Constraint) -> Ident {
    match name_parts(&parent.rule) {
        Some((middle, label)) => Ident::new(object_name(partition.name.as_str(), &middle, label)),
        None => parent.name.clone(),
    }
}

/// What PostgreSQL puts behind the name of a table for its key: `code_at` and `key`. None for other constraints.
pub(crate) fn name_parts(rule: &ConstraintRule) -> Option<(String, &'static str)> {
    match rule {
        ConstraintRule::PrimaryKey(_) => Some((String::new(), "pkey")),
        ConstraintRule::Unique(key) => {
            let columns: Vec<&str> = key.columns.iter().chain(&key.include).map(Ident::as_str).collect();
            Some((columns.join("_"), "key"))
        }
        _ => None,
    }
}

/// Leaves out the names that PostgreSQL would choose.
pub(crate) fn forget_chosen(constraint: &mut Constraint) {
    let parts = std::mem::take(&mut constraint.parts.0);
    let differs = |part: &PartName| part.name != name_on_partition(&part.table, constraint);
    let kept = parts.into_iter().filter(differs).collect();
    constraint.parts.0 = kept;
}

/// A constraint of a table becomes the part of one above: its name stays, and so do those of its own parts.
pub(super) fn took_over(schema: &mut Schema, above: &ObjectId, own: &Constraint) {
    if let Some(Object::Constraint(parent)) = schema.get_mut(above) {
        let part = PartName {
            table: own.table.clone(),
            name: own.name.clone(),
        };
        parent.parts.0.retain(|part| part.table != own.table);
        parent.parts.0.extend(own.parts.0.iter().cloned().chain([part]));
        parent.parts.0.sort();
        forget_chosen(parent);
    }
}

/// What the parts of constraints are called before something is renamed, and by which of these names they are still called afterwards.
pub(crate) struct Called(Vec<(ObjectId, Vec<PartName>)>);

impl Called {
    /// Those whose chosen name says what is renamed.
    pub(crate) fn before(schema: &Schema, from: &ObjectId) -> Self {
        let table = from.qualified();
        let is_named = matches!(from.kind, Kind::Table | Kind::Column | Kind::Constraint);
        let in_tree =
            |table: &crate::object::table::Table| table.partition_by.is_some() || table.partition_of.is_some();
        if !is_named || !schema.table(&table).is_some_and(in_tree) {
            return Self(Vec::new());
        }
        let up = |name: &QualifiedName| schema.table(name)?.partition_of.as_ref().map(|of| of.parent.clone());
        let above = std::iter::successors(Some(table.clone()), up);
        let constraints = above.flat_map(|name| schema.constraints(&name).cloned().collect::<Vec<_>>());
        let named = constraints.filter_map(|constraint| {
            let is_key = constraint.has_index() || matches!(constraint.rule, ConstraintRule::ForeignKey(_));
            let partitions = super::partitions(schema, &constraint.table).into_iter();
            let concerned = partitions.filter(|name| from.kind != Kind::Table || *name == table);
            let there = concerned.filter(|name| !constraint.missing.contains(name));
            let parts: Vec<PartName> = there
                .map(|name| PartName {
                    name: part_name(&name, &constraint),
                    table: name,
                })
                .collect();
            (is_key && !parts.is_empty()).then(|| (constraint.id(), parts))
        });
        Self(named.collect())
    }

    /// They keep these names.
    pub(crate) fn stay(self, schema: &mut Schema, from: &ObjectId, to: &ObjectId) {
        for (id, parts) in self.0 {
            let id = if id == *from { to } else { &id };
            let Some(Object::Constraint(constraint)) = schema.get_mut(id) else {
                continue;
            };
            for mut part in parts {
                constraint.parts.0.retain(|known| known.table != part.table);
                if from.kind == Kind::Table && part.table == from.qualified() {
                    part.table = to.qualified();
                }
                constraint.parts.0.push(part);
            }
            constraint.parts.0.sort();
            forget_chosen(constraint);
        }
    }
}
