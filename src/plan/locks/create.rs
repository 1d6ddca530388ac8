//! What CREATE does, and ADD inside a table.

use std::collections::BTreeSet;

use super::proof::never_null;
use super::{Observer, published};
use crate::attach;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::Index;
use crate::object::{Kind, Object, ObjectId};
use crate::plan::{Facts, LockMode};
use crate::refs::References;
use crate::schema::Schema;

impl Observer<'_> {
    /// The tables that a query reads, through views as well.
    fn read_by(&self, object: &Object, before: &Schema, facts: &mut Facts) {
        let references = References::new(before);
        let mut seen = BTreeSet::new();
        let mut left: Vec<ObjectId> = references.of(object).into_iter().collect();
        while let Some(id) = left.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            match (id.kind, before.get(&id)) {
                (Kind::Table, _) => facts.scans.extend(self.rows(&id.qualified())),
                (Kind::MaterializedView, _) => facts.scans.push(id.qualified()),
                (Kind::View, Some(view)) => left.extend(references.of(view)),
                _ => {}
            }
        }
    }

    pub(super) fn create(&self, object: &Object, concurrently: bool, before: &Schema, facts: &mut Facts) {
        match object {
            Object::Table(table) => {
                if let Some(of) = &table.partition_of {
                    facts.lock(&of.parent, LockMode::AccessExclusive);
                    self.default_partition(of, before, facts);
                    self.keys_of_partition(&table.name, &of.parent, before, facts);
                }
                table
                    .inherits
                    .iter()
                    .for_each(|parent| facts.lock(parent, LockMode::ShareUpdateExclusive));
            }
            Object::Column(column) => {
                self.tree(&column.table, LockMode::AccessExclusive, facts);
                let is_virtual = column.generated.as_ref().is_some_and(|generated| generated.r#virtual);
                if self.rewriting_column(column, before) {
                    facts.rewrites.extend(self.rows(&column.table));
                } else if is_virtual && column.not_null {
                    facts.scans.extend(self.rows(&column.table));
                }
            }
            Object::Constraint(constraint) => self.create_constraint(constraint, before, facts),
            Object::Index(index) => self.create_index(index, concurrently, before, facts),
            Object::Trigger(trigger) => {
                self.trigger_on(&trigger.table, trigger.for_each_row, LockMode::ShareRowExclusive, facts);
            }
            Object::MaterializedView(view) if !view.no_data => self.read_by(object, before, facts),
            Object::Rule(rule) => facts.lock(&rule.table, LockMode::AccessExclusive),
            Object::Policy(policy) => facts.lock(&policy.table, LockMode::AccessExclusive),
            Object::Statistics(statistics) => facts.lock(&statistics.table, LockMode::ShareUpdateExclusive),
            Object::Publication(publication) => published(&publication.tables, facts),
            Object::Comment(comment) => self.comment(&comment.on, facts),
            Object::SecurityLabel(label) => self.comment(&label.on, facts),
            Object::Owner(owner) if owner.on.kind.is_relation() => {
                facts.lock(&owner.on.qualified(), LockMode::AccessExclusive)
            }
            Object::Acl(acl) => self.grant(&acl.on, facts),
            Object::DomainConstraint(constraint) if !constraint.not_valid => {
                self.domain_scan(&ObjectId::named(Kind::Domain, &constraint.domain), before, facts);
            }
            Object::Sequence(sequence) => {
                if let Some(owner) = &sequence.owned_by {
                    facts.lock(&owner.table, LockMode::AccessShare);
                }
            }
            _ => {}
        }
    }

    pub(super) fn create_constraint(&self, constraint: &Constraint, before: &Schema, facts: &mut Facts) {
        let table = &constraint.table;
        let unchecked = constraint.not_valid || constraint.not_enforced;
        match &constraint.rule {
            ConstraintRule::ForeignKey(key) => {
                self.tree(table, LockMode::ShareRowExclusive, facts);
                self.tree(&key.references, LockMode::ShareRowExclusive, facts);
                // Keys that the partitions have already become parts of it (measured: `pt_add_fk_children_have_it`).
                let (having, without): (Vec<_>, Vec<_>) = self.leaves(table).into_iter().partition(|leaf| {
                    let mut own = before.constraints(leaf).filter(|_| leaf != table);
                    own.any(|own| attach::becomes_part(constraint, own))
                });
                if !having.is_empty() {
                    self.tree(&key.references, LockMode::AccessExclusive, facts);
                }
                // What each of them has for each partition of the referenced table goes.
                if self.is_partitioned(&key.references) {
                    having
                        .iter()
                        .for_each(|leaf| facts.lock(leaf, LockMode::AccessExclusive));
                }
                // Of a new table there is no row to look for.
                if !unchecked && without.iter().any(|leaf| self.live.relation(leaf).is_some()) {
                    facts.scans.extend(without);
                    facts.scans.extend(self.leaves(&key.references));
                }
            }
            ConstraintRule::Check { no_inherit, .. } => {
                self.tree(table, LockMode::AccessExclusive, facts);
                if !unchecked && !before.inherits_check(constraint) {
                    facts.scans.extend(self.checked(table, *no_inherit));
                }
            }
            ConstraintRule::NotNull { column, no_inherit } => {
                self.tree(table, LockMode::AccessExclusive, facts);
                let tables = self.checked(table, *no_inherit).into_iter();
                if !unchecked {
                    facts
                        .scans
                        .extend(tables.filter(|table| !never_null(table, column, before)));
                }
            }
            // With ONLY nothing is built.
            _ if !constraint.missing.is_empty() => facts.lock(table, LockMode::AccessExclusive),
            ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) | ConstraintRule::Exclude(_) => {
                // Before 18 the partitions are only read, unless their columns come to refuse nulls (measured: `pt_add_pk*`).
                let refusing = match &constraint.rule {
                    ConstraintRule::PrimaryKey(key) => {
                        key.columns.iter().any(|column| !never_null(table, column, before))
                    }
                    _ => false,
                };
                let gentle = self.server_version < 18 && self.is_partitioned(table) && !refusing;
                self.tree(
                    table,
                    if gentle {
                        LockMode::Share
                    } else {
                        LockMode::AccessExclusive
                    },
                    facts,
                );
                facts.lock(table, LockMode::AccessExclusive);
                facts.scans.extend(self.leaves(table));
                facts.builds.extend(self.leaves(table));
            }
        }
    }

    pub(super) fn create_index(&self, index: &Index, concurrently: bool, before: &Schema, facts: &mut Facts) {
        let on_parent_only = index.invalid
            && before
                .table(&index.table)
                .is_some_and(|table| table.partition_by.is_some());
        if concurrently {
            facts.lock(&index.table, LockMode::ShareUpdateExclusive);
        } else if on_parent_only {
            facts.lock(&index.table, LockMode::Share);
            return;
        } else {
            self.tree(&index.table, LockMode::Share, facts);
        }
        // Indexes that fit become parts of it (measured: `pt_create_index_children_have_it`).
        let mut leaves = self.leaves(&index.table);
        leaves.retain(|leaf| {
            let mut own = before.indexes(leaf).filter(|own| *leaf != index.table && !own.invalid);
            !own.any(|own| attach::same_shape(index, own))
        });
        facts.scans.extend(leaves.iter().cloned());
        facts.builds.extend(leaves);
    }
}
