//! What comes and goes with partitions, beside the partition itself.

use super::Observer;
use crate::name::QualifiedName;
use crate::object::constraint::ConstraintRule;
use crate::object::table::PartitionBound;
use crate::object::{Kind, Object};
use crate::plan::{Facts, LockMode};
use crate::schema::Schema;

impl Observer<'_> {
    pub(super) fn default_partition(&self, parent: &QualifiedName, facts: &mut Facts) {
        for name in self.heirs(parent) {
            let of = self.live.table(name).and_then(|heir| heir.partition_of.as_ref());
            if of.is_some_and(|of| of.bound == PartitionBound::Default) {
                facts.lock(name, LockMode::AccessExclusive);
                facts.scans.push(name.clone());
            }
        }
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
        for (_, object) in before.of_kind(Kind::Constraint) {
            let Object::Constraint(constraint) = object else {
                continue;
            };
            let ConstraintRule::ForeignKey(key) = &constraint.rule else {
                continue;
            };
            if above.contains(&&constraint.table) {
                self.tree(&key.references, LockMode::ShareRowExclusive, facts);
            }
            // Its own key becomes a part of the parent's.
            if constraint.table == *table {
                self.tree(&key.references, LockMode::AccessExclusive, facts);
            }
            if above.contains(&&key.references) {
                self.tree(&constraint.table, LockMode::ShareRowExclusive, facts);
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
        for (_, object) in before.of_kind(Kind::Constraint) {
            let Object::Constraint(constraint) = object else {
                continue;
            };
            let ConstraintRule::ForeignKey(key) = &constraint.rule else {
                continue;
            };
            if above.contains(&&constraint.table) {
                self.tree(&key.references, LockMode::ShareRowExclusive, facts);
            }
            if above.contains(&&key.references) {
                self.tree(&constraint.table, LockMode::AccessExclusive, facts);
                facts.scans.extend(self.leaves(&constraint.table));
                facts.scans.extend(self.leaves(table));
            }
        }
    }

    /// A table and those it is a partition of, from the nearest.
    pub(super) fn above<'s>(&self, parent: Option<&'s QualifiedName>, schema: &'s Schema) -> Vec<&'s QualifiedName> {
        std::iter::successors(parent, |name| Some(&schema.table(name)?.partition_of.as_ref()?.parent)).collect()
    }

    /// The default partition is locked when another comes or goes, as what may be in it changes.
    pub(super) fn beside_default(&self, table: &QualifiedName, parent: &QualifiedName, facts: &mut Facts) {
        for name in self.heirs(parent).iter().filter(|name| *name != table) {
            let of = self.live.table(name).and_then(|heir| heir.partition_of.as_ref());
            if of.is_some_and(|of| of.bound == PartitionBound::Default) {
                facts.lock(name, LockMode::AccessExclusive);
            }
        }
    }
}
