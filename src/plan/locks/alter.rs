//! What ALTER does, but for columns.

use super::proof::belongs;
use super::{Observer, published};
use crate::attach;
use crate::name::{Ident, QualifiedName};
use crate::object::composite_type::CompositeChange;
use crate::object::constraint::{ConstraintChange, ConstraintRule};
use crate::object::domain::{DomainChange, DomainConstraintChange};
use crate::object::index::IndexChange;
use crate::object::materialized_view::MaterializedViewChange;
use crate::object::publication::PublicationChange;
use crate::object::sequence::SequenceChange;
use crate::object::table::{Table, TableChange};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::plan::{Facts, LockMode};
use crate::schema::Schema;

impl Observer<'_> {
    pub(super) fn alter(&self, id: &ObjectId, change: &Change, before: &Schema, facts: &mut Facts) {
        let relation = id.qualified();
        match change {
            Change::Column(change) => self.alter_column(id, change, before, facts),
            Change::Table(change) => self.alter_table(&relation, change, before, facts),
            Change::Constraint(change) => match (change, before.get(id)) {
                (ConstraintChange::Validate, Some(Object::Constraint(constraint))) if !constraint.not_valid => {
                    self.tree(&relation, LockMode::ShareUpdateExclusive, facts);
                }
                (ConstraintChange::Validate, Some(Object::Constraint(constraint))) => {
                    // The foreign key of a table says nothing about those that inherit from it.
                    match &constraint.rule {
                        ConstraintRule::ForeignKey(_) if !self.is_partitioned(&relation) => {
                            facts.lock(&relation, LockMode::ShareUpdateExclusive);
                        }
                        _ => self.tree(&relation, LockMode::ShareUpdateExclusive, facts),
                    }
                    match &constraint.rule {
                        ConstraintRule::ForeignKey(key) => {
                            facts.scans.extend(self.leaves(&relation));
                            facts.lock(&key.references, LockMode::RowShare);
                            facts.scans.extend(self.leaves(&key.references));
                        }
                        ConstraintRule::Check { no_inherit, .. } | ConstraintRule::NotNull { no_inherit, .. } => {
                            facts.scans.extend(self.checked(&relation, *no_inherit));
                        }
                        _ => facts.scans.extend(self.leaves(&relation)),
                    }
                }
                (ConstraintChange::Options { .. }, _) => {
                    facts.lock(&index_of(id), LockMode::ShareUpdateExclusive);
                }
                (ConstraintChange::Attach(parent), _) => index_attached(parent, &index_of(id), facts),
                _ => facts.lock(&relation, LockMode::AccessExclusive),
            },
            Change::Index(change) => match change {
                IndexChange::Tablespace(_) => {
                    facts.lock(&relation, LockMode::AccessExclusive);
                    if let Some(Object::Index(index)) = before.get(id) {
                        facts.builds.push(index.table.clone());
                    }
                }
                IndexChange::Attach(parent) => index_attached(parent, &relation, facts),
                IndexChange::Clustered(_) => {
                    if let Some(Object::Index(index)) = before.get(id) {
                        facts.lock(&index.table, LockMode::ShareUpdateExclusive);
                    }
                }
                IndexChange::Options { .. } => facts.lock(&relation, LockMode::ShareUpdateExclusive),
            },
            Change::MaterializedView(MaterializedViewChange::Options { .. }) => {
                facts.lock(&relation, LockMode::ShareUpdateExclusive);
            }
            Change::MaterializedView(_) => {
                facts.lock(&relation, LockMode::AccessExclusive);
                facts.rewrites.push(relation);
            }
            Change::View(_) => facts.lock(&relation, LockMode::AccessExclusive),
            Change::Sequence(SequenceChange::Unlogged(_)) => facts.lock(&relation, LockMode::AccessExclusive),
            Change::Sequence(_) => facts.lock(&relation, LockMode::ShareRowExclusive),
            Change::CompositeType(change) => self.alter_composite(&relation, change, before, facts),
            Change::Trigger(_) => self.trigger(id, LockMode::ShareRowExclusive, before, facts),
            Change::Rule(_) | Change::Policy(_) => facts.lock(&relation, LockMode::AccessExclusive),
            Change::Domain(DomainChange::NotNull(true)) => self.domain_scan(id, before, facts),
            Change::DomainConstraint(DomainConstraintChange::Validate) => {
                self.domain_scan(&ObjectId::named(Kind::Domain, &relation), before, facts);
            }
            Change::Publication(change) => {
                if let PublicationChange::Add(tables, _) | PublicationChange::Members(tables, _) = change {
                    published(tables, facts);
                }
                if let PublicationChange::Drop(tables, _) = change {
                    tables
                        .iter()
                        .for_each(|table| facts.lock(table, LockMode::ShareUpdateExclusive));
                }
                if let (PublicationChange::Members(..), Some(Object::Publication(old))) = (change, before.get(id)) {
                    published(&old.tables, facts);
                }
            }
            Change::Comment(_) | Change::SecurityLabel(_) => self.comment(id.subject(), facts),
            Change::Owner(_) if id.subject().kind.is_relation() => {
                facts.lock(&id.subject().qualified(), LockMode::AccessExclusive)
            }
            Change::Acl(_) => self.grant(id.subject(), facts),
            _ => {}
        }
    }

    pub(super) fn alter_table(&self, table: &QualifiedName, change: &TableChange, before: &Schema, facts: &mut Facts) {
        match change {
            TableChange::Options { set, reset } => {
                let strict = "user_catalog_table";
                let mode = if set.contains_key(strict) || reset.iter().any(|name| name == strict) {
                    LockMode::AccessExclusive
                } else {
                    LockMode::ShareUpdateExclusive
                };
                facts.lock(table, mode);
            }
            TableChange::Unlogged(_) | TableChange::AccessMethod(_) | TableChange::Tablespace(_) => {
                facts.lock(table, LockMode::AccessExclusive);
                // A partitioned table has no rows of its own, and its partitions stay where they are.
                if !self.is_partitioned(table) && !before.table(table).is_some_and(|now| is_so(now, change)) {
                    facts.rewrites.push(table.clone());
                }
            }
            TableChange::Attach(of) => {
                facts.lock(&of.parent, LockMode::ShareUpdateExclusive);
                facts.lock(table, LockMode::AccessExclusive);
                if !belongs(table, of, before) {
                    facts.scans.extend(self.leaves(table));
                }
                self.default_partition(of, before, facts);
                self.keys_of_partition(table, &of.parent, before, facts);
                if attach::lacks_index(before, table, &of.parent) {
                    facts.builds.extend(self.leaves(table));
                }
            }
            TableChange::Detach { parent, concurrently } => {
                let mode = if *concurrently {
                    LockMode::ShareUpdateExclusive
                } else {
                    LockMode::AccessExclusive
                };
                facts.lock(parent, mode);
                self.tree(table, LockMode::AccessExclusive, facts);
                self.beside_default(table, parent, before, facts);
                self.keys_without_partition(table, parent, before, facts);
            }
            TableChange::Inherit(parent) => {
                facts.lock(table, LockMode::AccessExclusive);
                facts.lock(parent, LockMode::ShareUpdateExclusive);
            }
            TableChange::NoInherit(parent) => {
                facts.lock(table, LockMode::AccessExclusive);
                facts.lock(parent, LockMode::AccessShare);
            }
            TableChange::Declare => {
                facts.lock(table, LockMode::AccessExclusive);
                let parents = before.table(table).map_or(&[][..], |table| &table.inherits[..]);
                parents
                    .iter()
                    .for_each(|parent| facts.lock(parent, LockMode::ShareUpdateExclusive));
            }
            TableChange::ForeignOptions(_)
            | TableChange::ReplicaIdentity(_)
            | TableChange::RowSecurity(_)
            | TableChange::ForceRowSecurity(_)
            | TableChange::OfType(_) => facts.lock(table, LockMode::AccessExclusive),
        }
    }

    /// Typed tables follow their type.
    pub(super) fn alter_composite(
        &self,
        of: &QualifiedName,
        change: &CompositeChange,
        before: &Schema,
        facts: &mut Facts,
    ) {
        match change {
            CompositeChange::Add(_)
            | CompositeChange::Drop(_)
            | CompositeChange::Type(_)
            | CompositeChange::Rename { .. } => {
                for (_, object) in before.of_kind(Kind::Table) {
                    if let Object::Table(table) = object {
                        if table.of_type.as_ref() == Some(of) {
                            facts.lock(&table.name, LockMode::AccessExclusive);
                        }
                    }
                }
            }
        }
    }
}

/// The index of a key.
fn index_of(constraint: &ObjectId) -> QualifiedName {
    QualifiedName {
        namespace: constraint.namespace.clone(),
        name: constraint.own_name().clone(),
    }
}

/// Whether a table is already as a change wants it: nothing is rewritten then.
fn is_so(table: &Table, change: &TableChange) -> bool {
    match change {
        TableChange::Unlogged(unlogged) => table.unlogged == *unlogged,
        TableChange::AccessMethod(method) => {
            let name = |method: &Option<Ident>| method.as_ref().map_or("heap", Ident::as_str).to_owned();
            name(&table.access_method) == name(method)
        }
        TableChange::Tablespace(tablespace) => {
            let name = |space: &Option<Ident>| space.as_ref().map_or("pg_default", Ident::as_str).to_owned();
            name(&table.tablespace) == name(tablespace)
        }
        _ => false,
    }
}

/// `ALTER INDEX parent ATTACH PARTITION index` (measured: `pt_attach_index`).
fn index_attached(parent: &QualifiedName, index: &QualifiedName, facts: &mut Facts) {
    facts.lock(parent, LockMode::ShareUpdateExclusive);
    facts.lock(index, LockMode::AccessExclusive);
}
