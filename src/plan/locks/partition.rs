//! What comes and goes with partitions, beside the partition itself.

use super::Observer;
use super::proof::keeps_out;
use crate::attach;
use crate::name::QualifiedName;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::{PartitionBound, PartitionOf, Table};
use crate::object::{Kind, Object};
use crate::plan::{Facts, LockMode};
use crate::schema::Schema;

impl Observer<'_> {
    /// The default partition is locked when another comes, and searched for its rows unless a check proves that there are none.
    pub(super) fn default_partition(&self, of: &PartitionOf, before: &Schema, facts: &mut Facts) {
        for name in defaults(&of.parent, before) {
            facts.lock(name, LockMode::AccessExclusive);
            if !keeps_out(name, of, before) {
                facts.scans.extend(self.leaves(name));
            }
        }
    }

    /// The default partition is locked when another goes, as what may be in it changes.
    pub(super) fn beside_default(
        &self,
        table: &QualifiedName,
        parent: &QualifiedName,
        before: &Schema,
        facts: &mut Facts,
    ) {
        for name in defaults(parent, before).filter(|name| *name != table) {
            facts.lock(name, LockMode::AccessExclusive);
        }
    }

    /// A new partition gets the foreign keys of its parents, and becomes a part of what others reference (measured:
    /// `pt_attach_parent_has_fk*`, `pt_attach_referenced_by_fk`). A table that was there before is looked through, unless it has the
    /// key already, which becomes a part of the parent's then.
    pub(super) fn keys_of_partition(
        &self,
        table: &QualifiedName,
        parent: &QualifiedName,
        before: &Schema,
        facts: &mut Facts,
    ) {
        let above = self.above(Some(parent), before);
        for key in foreign_keys(before) {
            let references = key.references;
            if above.contains(&key.table) {
                let mut own = before
                    .constraints(table)
                    .filter(|own| attach::same_rule(&key.constraint.rule, &own.rule));
                let own = own.next();
                let taken_over = own.is_some_and(|own| !own.not_valid || self.server_version >= 18);
                let mode = if taken_over {
                    LockMode::AccessExclusive
                } else {
                    LockMode::ShareRowExclusive
                };
                self.tree(references, mode, facts);
                let checked = own.is_some_and(|own| !own.not_valid);
                if !checked && self.live.relation(table).is_some() {
                    facts.scans.extend(self.leaves(table));
                    facts.scans.extend(self.leaves(references));
                }
            }
            if above.contains(&references) && self.server_version >= 15 {
                self.tree(key.table, LockMode::ShareRowExclusive, facts);
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
        for ForeignKey {
            table: from,
            references,
            ..
        } in foreign_keys(before)
        {
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

fn defaults<'s>(parent: &'s QualifiedName, schema: &'s Schema) -> impl Iterator<Item = &'s QualifiedName> {
    let is_default = |heir: &&Table| {
        let of = heir.partition_of.as_ref();
        of.is_some_and(|of| of.bound == PartitionBound::Default)
    };
    schema.heirs(parent).filter(is_default).map(|heir| &heir.name)
}

/// A foreign key, its table and the one that it references.
struct ForeignKey<'s> {
    constraint: &'s Constraint,
    table: &'s QualifiedName,
    references: &'s QualifiedName,
}

fn foreign_keys(schema: &Schema) -> impl Iterator<Item = ForeignKey<'_>> {
    schema.of_kind(Kind::Constraint).filter_map(|(_, object)| match object {
        Object::Constraint(constraint) => match &constraint.rule {
            ConstraintRule::ForeignKey(key) => Some(ForeignKey {
                constraint,
                table: &constraint.table,
                references: &key.references,
            }),
            _ => None,
        },
        _ => None,
    })
}
