//! What comes with a new column, and with each change of one.

use super::Observer;
use super::parts::is_indexed;
use super::proof::never_null;
use crate::expr::Expr;
use crate::name::QualifiedName;
use crate::object::column::{Column, ColumnChange, Identity, Reach};
use crate::object::constraint::ConstraintRule;
use crate::object::index::{Index, KeyExpr};
use crate::object::{Kind, Object, ObjectId};
use crate::plan::strategy::{Effort, type_effort};
use crate::plan::{Facts, LockMode};
use crate::refs::uses_word;
use crate::schema::Schema;
use crate::types::TypeName;

impl Observer<'_> {
    pub(super) fn rewriting_column(&self, column: &Column, before: &Schema) -> bool {
        let stored = column.generated.as_ref().is_some_and(|generated| !generated.r#virtual);
        let volatile = column.default.as_ref().is_some_and(|default| (self.volatile)(default));
        stored || volatile || is_constrained(&column.type_name, before) || column.identity.is_some()
    }

    pub(super) fn alter_column(&self, id: &ObjectId, change: &ColumnChange, before: &Schema, facts: &mut Facts) {
        let table = id.qualified();
        match change {
            ColumnChange::Statistics(_) => {
                self.tree(&table, LockMode::ShareUpdateExclusive, facts);
                return;
            }
            ColumnChange::Options { .. } => {
                facts.lock(&table, LockMode::ShareUpdateExclusive);
                return;
            }
            ColumnChange::Identity {
                from: Some(from),
                to: Some(to),
            } if only_renames(from, to) => {
                facts.lock(&from.sequence_of(id), LockMode::AccessExclusive);
                return;
            }
            _ if change.reach() == Reach::Alone => facts.lock(&table, LockMode::AccessExclusive),
            // Measured: `pt_add_identity`.
            ColumnChange::Identity { from: None, .. } if self.server_version < 17 && self.is_partitioned(&table) => {
                facts.lock(&table, LockMode::AccessExclusive);
            }
            _ => self.tree(&table, LockMode::AccessExclusive, facts),
        }
        let columns = before.all_columns(&table);
        let Some(column) = columns.into_iter().find(|column| column.name == *id.own_name()) else {
            return;
        };
        match change {
            ColumnChange::NotNull(true) if !never_null(&table, &column.name, before) => {
                let rows = self.rows(&table).into_iter();
                facts
                    .scans
                    .extend(rows.filter(|table| !never_null(table, &column.name, before)));
            }
            ColumnChange::Type {
                type_name,
                collation,
                using,
            } => {
                let desired = Desired {
                    type_name,
                    same_collation: column.collation == *collation,
                    using: using.as_ref(),
                };
                self.alter_type(id, column, &desired, before, facts);
            }
            ColumnChange::Generated(Some(generated)) if !generated.r#virtual => {
                facts.rewrites.extend(self.rows(&table));
            }
            _ => {}
        }
    }

    fn alter_type(&self, id: &ObjectId, column: &Column, desired: &Desired<'_>, before: &Schema, facts: &mut Facts) {
        let table = id.qualified();
        let effort = effort(column, desired, before);
        if effort == Effort::Rewrite {
            facts.rewrites.extend(self.rows(&table));
        } else if is_indexed(id, before) && (effort == Effort::Reindex || self.is_partitioned(&table)) {
            // On partitions PostgreSQL never takes over the old files.
            facts.builds.extend(self.leaves(&table));
        }
        self.parts_of_type(&table, column, effort, before, facts);
        for heir in before.all_heirs(&table) {
            self.parts_of_type(&heir, column, effort, before, facts);
        }
    }

    /// What a table has of its own over a column of another type.
    fn parts_of_type(
        &self,
        table: &QualifiedName,
        column: &Column,
        effort: Effort,
        before: &Schema,
        facts: &mut Facts,
    ) {
        for constraint in before.constraints(table) {
            match &constraint.rule {
                ConstraintRule::ForeignKey(key) if key.columns.contains(&column.name) => {
                    facts.lock(&key.references, LockMode::AccessExclusive);
                    if effort == Effort::Rewrite {
                        facts.scans.extend(self.leaves(&key.references));
                    }
                }
                ConstraintRule::Check { expr, .. } if !constraint.not_valid && uses_word(&expr.text, &column.name) => {
                    facts.scans.extend(self.rows(table));
                }
                _ => {}
            }
        }
        self.referencing_keys(table, column, effort, before, facts);
        for index in before.indexes(table) {
            if in_text(index, column) && !facts.builds.contains(table) {
                facts.builds.extend(self.leaves(table));
            }
        }
    }

    /// Foreign keys that reference the column are made anew, and looked through where it is rewritten (measured: `type_widen_fk_both`,
    /// `type_int_to_bigint_pk_referenced`).
    fn referencing_keys(
        &self,
        table: &QualifiedName,
        column: &Column,
        effort: Effort,
        before: &Schema,
        facts: &mut Facts,
    ) {
        for (_, object) in before.of_kind(Kind::Constraint) {
            let Object::Constraint(constraint) = object else {
                continue;
            };
            let ConstraintRule::ForeignKey(key) = &constraint.rule else {
                continue;
            };
            if key.references != *table || !key.referenced_columns.contains(&column.name) {
                continue;
            }
            self.tree(&constraint.table, LockMode::AccessExclusive, facts);
            if effort == Effort::Rewrite && !constraint.not_valid {
                facts.scans.extend(self.leaves(&constraint.table));
            }
        }
    }
}

struct Desired<'a> {
    type_name: &'a TypeName,
    same_collation: bool,
    using: Option<&'a Expr>,
}

fn in_text(index: &Index, column: &Column) -> bool {
    let named = |expr: &Expr| uses_word(&expr.text, &column.name);
    index.predicate.as_ref().is_some_and(named)
        || index.keys.iter().any(|key| match &key.key {
            KeyExpr::Expr(expr) => named(expr),
            KeyExpr::Column(_) => false,
        })
}

/// Whether a type is a domain that refuses values.
fn is_constrained(type_name: &TypeName, schema: &Schema) -> bool {
    let domain = ObjectId::named(Kind::Domain, &type_name.qualified());
    matches!(schema.get(&domain), Some(Object::Domain(domain)) if domain.not_null)
        || schema
            .children(&domain)
            .any(|child| child.kind == Kind::DomainConstraint)
}

/// The type that a domain is stored as.
pub fn stored_as<'s>(type_name: &'s TypeName, schema: &'s Schema) -> &'s TypeName {
    let domain = ObjectId::named(Kind::Domain, &type_name.qualified());
    match schema.get(&domain) {
        Some(Object::Domain(domain)) if !type_name.array => &domain.base,
        _ => type_name,
    }
}

/// What a change of type does to the rows and the indexes of a column. A domain is stored as its base, and checked where it refuses
/// values (measured: `type_base_to_domain_*`, `type_domain_*`); `USING` with the column itself changes nothing (`type_*_using_self`).
fn effort(column: &Column, desired: &Desired<'_>, schema: &Schema) -> Effort {
    let (from, to) = (&column.type_name, desired.type_name);
    let name = &column.name;
    let itself = |using: &Expr| *using == Expr::new(name.to_string()) || *using == Expr::new(format!("{name}::{to}"));
    if desired.using.is_some_and(|using| !itself(using)) || (from != to && is_constrained(to, schema)) {
        return Effort::Rewrite;
    }
    if from == to && desired.same_collation {
        return Effort::Catalog;
    }
    let (from, to) = (stored_as(from, schema), stored_as(to, schema));
    if from == to && desired.same_collation {
        return Effort::Catalog;
    }
    if is_stored_alike(from, to) {
        return Effort::Reindex;
    }
    type_effort(from, to, desired.same_collation)
}

/// Types whose values are stored alike and sort differently (measured: `type_text_to_citext`, `type_int_to_oid`).
fn is_stored_alike(from: &TypeName, to: &TypeName) -> bool {
    let text = |name: &TypeName| matches!(name.name.as_str(), "text" | "character varying");
    let unlimited = |name: &TypeName| name.modifiers.is_empty() && !name.array;
    let pair = (from.name.as_str(), to.name.as_str());
    !from.array
        && unlimited(to)
        && ((text(from) && pair.1 == "citext") || (pair.0 == "citext" && text(to)) || pair == ("integer", "oid"))
}

/// Whether nothing but the sequence of an identity column gets another name, which the table does not notice.
fn only_renames(from: &Identity, to: &Identity) -> bool {
    let renamed = Identity {
        sequence: to.sequence.clone(),
        ..from.clone()
    };
    renamed == *to
}
