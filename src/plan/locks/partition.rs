//! What comes and goes with partitions, beside the partition itself.

use super::Observer;
use crate::name::QualifiedName;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::PartitionBound;
use crate::object::{Kind, Object};
use crate::plan::{Facts, LockMode};
use crate::schema::Schema;

impl Observer<'_> {
    /// The default partition is locked when another comes, and searched for its rows.
    pub(super) fn default_partition(&self, parent: &QualifiedName, facts: &mut Facts) {
        for name in self.defaults(parent) {
            facts.lock(name, LockMode::AccessExclusive);
            facts.scans.push(name.clone());
        }
    }

    /// The default partition is locked when another goes, as what may be in it changes.
    pub(super) fn beside_default(&self, table: &QualifiedName, parent: &QualifiedName, facts: &mut Facts) {
        for name in self.defaults(parent).filter(|name| *name != table) {
            facts.lock(name, LockMode::AccessExclusive);
        }
    }

    fn defaults(&self, parent: &QualifiedName) -> impl Iterator<Item = &QualifiedName> {
        self.heirs(parent).iter().filter(|name| {
            let of = self.live.table(name).and_then(|heir| heir.partition_of.as_ref());
            of.is_some_and(|of| of.bound == PartitionBound::Default)
        })
    }

    /// A new partition gets the foreign keys of its parents, and becomes a part of what others reference (measured:
    /// `pt_attach_parent_has_fk`, `pt_attach_parent_has_fk_child_has_fk`, `pt_attach_referenced_by_fk`).
    pub(super) fn keys_of_partition(
        &self,
        table: &QualifiedName,
        parent: &QualifiedName,
        before: &Schema,
        facts: &mut Facts,
    ) {
        let above = self.above(Some(parent), before);
        for (from, references) in foreign_keys(before) {
            if above.contains(&from) {
                self.tree(references, LockMode::ShareRowExclusive, facts);
            }
            // Its own key becomes a part of the parent's.
            if from == table {
                self.tree(references, LockMode::AccessExclusive, facts);
            }
            if above.contains(&references) {
                self.tree(from, LockMode::ShareRowExclusive, facts);
            }
        }
    }

    /// What happens to foreign keys when a partition leaves (measured: `pt_detach_with_fk`, `pt_detach_referenced_by_fk`).
    pub(super) fn keys_without_partition(
        &self,
        table: &QualifiedName,
        parent: &QualifiedName,
        before: &Schema,
        facts: &mut Facts,
    ) {
        let above = self.above(Some(parent), before);
        for (from, references) in foreign_keys(before) {
            if above.contains(&from) {
                self.tree(references, LockMode::ShareRowExclusive, facts);
            }
            if above.contains(&references) {
                self.tree(from, LockMode::AccessExclusive, facts);
                facts.scans.extend(self.leaves(from));
                facts.scans.extend(self.leaves(table));
            }
        }
    }

    /// A table and those it is a partition of, from the nearest.
    pub(super) fn above<'s>(&self, parent: Option<&'s QualifiedName>, schema: &'s Schema) -> Vec<&'s QualifiedName> {
        std::iter::successors(parent, |name| Some(&schema.table(name)?.partition_of.as_ref()?.parent)).collect()
    }
}

/// The table of each foreign key and the one that it references.
fn foreign_keys(schema: &Schema) -> impl Iterator<Item = (&QualifiedName, &QualifiedName)> {
    schema.of_kind(Kind::Constraint).filter_map(|(_, object)| match object {
        Object::Constraint(Constraint {
            table,
            rule: ConstraintRule::ForeignKey(key),
            ..
        }) => Some((table, &key.references)),
        _ => None,
    })
}
