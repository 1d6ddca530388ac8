//! Table constraints.

pub(crate) mod introspect;
pub(crate) mod naming;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::index::IndexKey;
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};

/// A table constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    /// Its table.
    pub table: QualifiedName,
    /// Its name.
    pub name: Ident,
    /// What it demands.
    pub rule: ConstraintRule,
    /// `DEFERRABLE`.
    #[serde(default)]
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    #[serde(default)]
    pub initially_deferred: bool,
    /// `NOT VALID`: existing rows have not been checked.
    #[serde(default)]
    pub not_valid: bool,
    /// `NOT ENFORCED` (PostgreSQL 18).
    #[serde(default)]
    pub not_enforced: bool,
    /// The plain index of the parent that the index of a partition's key is attached to.
    #[serde(default)]
    pub attached_to: Option<QualifiedName>,
    /// Partitions, of every level, that have no index for this key yet: it was made with `ONLY` and is not valid.
    #[serde(default)]
    pub missing: Vec<QualifiedName>,
    /// What its parts on partitions are called.
    #[serde(default, skip_serializing_if = "PartNames::is_empty")]
    pub parts: PartNames,
}

/// Partitions, of every level, whose part of a constraint has another name than PostgreSQL would choose. No difference between two
/// constraints: it matters to the one who drops or renames such a part once it stands for itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartNames(pub Vec<PartName>);

/// A partition, and the name of its part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartName {
    /// The partition.
    pub table: QualifiedName,
    /// The name.
    pub name: Ident,
}

impl PartNames {
    /// Whether all have the names that PostgreSQL would choose.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of these partitions.
    pub fn of(&self, partitions: &[QualifiedName]) -> Self {
        let theirs = self.0.iter().filter(|part| partitions.contains(&part.table));
        Self(theirs.cloned().collect())
    }
}

impl PartialEq for PartNames {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintRule {
    /// `PRIMARY KEY`.
    PrimaryKey(KeyRule),
    /// `UNIQUE`.
    Unique(KeyRule),
    /// `FOREIGN KEY`.
    ForeignKey(ForeignKey),
    /// `CHECK`.
    Check {
        /// The condition, without the outermost parentheses.
        expr: Expr,
        /// `NO INHERIT`.
        #[serde(default)]
        no_inherit: bool,
    },
    /// `EXCLUDE`.
    Exclude(Exclusion),
    /// A named not-null constraint (PostgreSQL 18), kept as an object only where it says more than the column does: another
    /// name than `TABLE_COLUMN_not_null`, `NO INHERIT`, or not valid.
    NotNull {
        /// The column.
        column: Ident,
        /// `NO INHERIT`.
        #[serde(default)]
        no_inherit: bool,
    },
}

/// The key of a primary key or unique constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyRule {
    /// Key columns in order.
    pub columns: Vec<Ident>,
    /// `INCLUDE` columns.
    #[serde(default)]
    pub include: Vec<Ident>,
    /// `NULLS NOT DISTINCT` (unique only, PostgreSQL 15).
    #[serde(default)]
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` on the last column (PostgreSQL 18).
    #[serde(default)]
    pub without_overlaps: bool,
    /// Storage parameters of the index.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Tablespace of the index.
    #[serde(default)]
    pub tablespace: Option<Ident>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Referencing columns.
    pub columns: Vec<Ident>,
    /// The referenced table.
    pub references: QualifiedName,
    /// Referenced columns; empty only until resolved to the primary key's.
    #[serde(default)]
    pub referenced_columns: Vec<Ident>,
    /// `MATCH FULL`.
    #[serde(default)]
    pub match_full: bool,
    /// `ON UPDATE`.
    #[serde(default)]
    pub on_update: ReferentialAction,
    /// `ON DELETE`.
    #[serde(default)]
    pub on_delete: ReferentialAction,
    /// The columns of `ON DELETE SET NULL (...)` or `SET DEFAULT (...)`; empty for all (PostgreSQL 15).
    #[serde(default)]
    pub on_delete_columns: Vec<Ident>,
    /// `PERIOD` on the last columns (PostgreSQL 18).
    #[serde(default)]
    pub period: bool,
}

/// What happens to referencing rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferentialAction {
    /// `NO ACTION`.
    #[default]
    NoAction,
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

impl ReferentialAction {
    /// The words in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exclusion {
    /// The index method.
    pub method: Ident,
    /// What is compared, and by which operator (as written after `WITH`, without `pg_catalog`).
    pub elements: Vec<ExclusionElement>,
    /// `INCLUDE` columns.
    #[serde(default)]
    pub include: Vec<Ident>,
    /// `WHERE`.
    #[serde(default)]
    pub predicate: Option<Expr>,
    /// Storage parameters of the index.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Tablespace of the index.
    #[serde(default)]
    pub tablespace: Option<Ident>,
}

/// One element of an exclusion constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExclusionElement {
    /// What is compared.
    pub key: IndexKey,
    /// The operator.
    pub operator: String,
}

/// A change of a constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintChange {
    /// `VALIDATE CONSTRAINT`.
    Validate,
    /// `ALTER CONSTRAINT ... [NOT] DEFERRABLE INITIALLY ...` (foreign keys).
    Deferrable {
        /// `DEFERRABLE`.
        #[serde(default)]
        deferrable: bool,
        /// `INITIALLY DEFERRED`.
        #[serde(default)]
        initially_deferred: bool,
    },
    /// `ALTER INDEX ... SET / RESET` of the constraint's index.
    Options {
        /// Parameters to set.
        #[serde(default)]
        set: BTreeMap<String, String>,
        /// Parameters to reset.
        #[serde(default)]
        reset: Vec<String>,
    },
    /// `ALTER INDEX ... ATTACH PARTITION`: its index is attached to this one of the parent, plain or of a key.
    Attach(QualifiedName),
    /// It gets an index on these partitions; planned as the steps that build and attach them.
    Complete(Vec<QualifiedName>),
}

impl Constraint {
    /// A valid, enforced, not deferrable constraint.
    pub fn new(table: &QualifiedName, name: &Ident, rule: ConstraintRule) -> Self {
        Self {
            table: table.clone(),
            name: name.clone(),
            rule,
            deferrable: false,
            initially_deferred: false,
            not_valid: false,
            not_enforced: false,
            attached_to: None,
            missing: Vec::new(),
            parts: PartNames::default(),
        }
    }

    /// The same without the names of its parts, which are nothing that it says.
    pub fn without_part_names(&self) -> Self {
        Self {
            parts: PartNames::default(),
            ..self.clone()
        }
    }

    /// Whether it owns an index.
    pub fn has_index(&self) -> bool {
        matches!(
            self.rule,
            ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) | ConstraintRule::Exclude(_)
        )
    }

    /// The name of the index that it owns, which is its own.
    pub fn index_name(&self) -> Option<QualifiedName> {
        self.has_index().then(|| QualifiedName {
            namespace: self.table.namespace.clone(),
            name: self.name.clone(),
        })
    }

    /// The key of a primary key or unique constraint.
    pub fn key(&self) -> Option<&KeyRule> {
        match &self.rule {
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => Some(key),
            _ => None,
        }
    }

    fn index_options_mut(&mut self) -> Option<&mut BTreeMap<String, String>> {
        match &mut self.rule {
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => Some(&mut key.options),
            ConstraintRule::Exclude(exclusion) => Some(&mut exclusion.options),
            _ => None,
        }
    }
}

impl Definition for Constraint {
    type Change = ConstraintChange;

    fn id(&self) -> ObjectId {
        ObjectId::part(Kind::Constraint, &self.table, &self.name)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(ObjectId::named(Kind::Table, &self.table))
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let table = self.table.clone();
        match &mut self.rule {
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                for column in key.columns.iter_mut().chain(&mut key.include) {
                    visitor.column(&table, column);
                }
            }
            ConstraintRule::ForeignKey(key) => {
                for column in key.columns.iter_mut().chain(&mut key.on_delete_columns) {
                    visitor.column(&table, column);
                }
                let referenced = key.references.clone();
                for column in &mut key.referenced_columns {
                    visitor.column(&referenced, column);
                }
                visitor.name(NameRole::Relation, &mut key.references);
            }
            ConstraintRule::Check { expr, .. } => visitor.expr("check", Some(&table), expr),
            ConstraintRule::Exclude(exclusion) => {
                let mut method = QualifiedName::bare(exclusion.method.clone());
                visitor.name(NameRole::Of(Kind::AccessMethod), &mut method);
                exclusion.method = method.name;
                for (at, element) in exclusion.elements.iter_mut().enumerate() {
                    element.key.visit(at, &table, visitor);
                }
                for column in &mut exclusion.include {
                    visitor.column(&table, column);
                }
                if let Some(predicate) = &mut exclusion.predicate {
                    visitor.expr("predicate", Some(&table), predicate);
                }
            }
            ConstraintRule::NotNull { column, .. } => visitor.column(&table, column),
        }
        if let Some(parent) = &mut self.attached_to {
            visitor.name(NameRole::Index, parent);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.table = to.qualified();
        self.name = to.own_name().clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<ConstraintChange> {
        let Self {
            table: _,
            name: _,
            rule: _,
            deferrable,
            initially_deferred,
            not_valid,
            not_enforced,
            attached_to,
            missing,
            parts: _,
        } = desired;
        let mut live = self.clone();
        let mut changes = Vec::new();
        if let (Some(have), Some(want)) = (live.index_options_mut(), desired.clone().index_options_mut()) {
            if let Some((set, reset)) = options_difference(have, want) {
                have.clone_from(want);
                changes.push(ConstraintChange::Options { set, reset });
            }
        }
        if live.rule != desired.rule || live.not_enforced != *not_enforced {
            return Comparison::Replaced("its definition differs".into());
        }
        if *not_valid && !self.not_valid {
            return Comparison::Replaced("it is valid and shall be NOT VALID".into());
        }
        if (self.deferrable, self.initially_deferred) != (*deferrable, *initially_deferred) {
            if !matches!(self.rule, ConstraintRule::ForeignKey(_)) {
                return Comparison::Replaced("its deferrability differs".into());
            }
            changes.push(ConstraintChange::Deferrable {
                deferrable: *deferrable,
                initially_deferred: *initially_deferred,
            });
        }
        if self.not_valid && !not_valid {
            changes.push(ConstraintChange::Validate);
        }
        match (&self.attached_to, attached_to) {
            (None, Some(parent)) => changes.push(ConstraintChange::Attach(parent.clone())),
            (have, want) if have != want => {
                return Comparison::Replaced("its index is attached to another one".into());
            }
            _ => {}
        }
        let lacking: Vec<QualifiedName> = self
            .missing
            .iter()
            .filter(|name| !missing.contains(name))
            .cloned()
            .collect();
        if !lacking.is_empty() {
            changes.push(ConstraintChange::Complete(lacking));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &ConstraintChange) {
        match change {
            ConstraintChange::Validate => self.not_valid = false,
            ConstraintChange::Deferrable {
                deferrable,
                initially_deferred,
            } => {
                self.deferrable = *deferrable;
                self.initially_deferred = *initially_deferred;
            }
            ConstraintChange::Options { set, reset } => {
                if let Some(options) = self.index_options_mut() {
                    super::table::apply_options(options, set, reset);
                }
            }
            ConstraintChange::Attach(parent) => self.attached_to = Some(parent.clone()),
            ConstraintChange::Complete(partitions) => self.missing.retain(|name| !partitions.contains(name)),
        }
    }
}

use super::table::options_difference;
