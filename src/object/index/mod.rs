//! Indexes that no constraint owns.

pub(crate) mod introspect;
mod label;
pub(crate) mod parse;
pub(crate) mod render;
pub(crate) mod usual_class;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::table::{apply_options, options_difference};

/// An index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// Its name, in the namespace of its relation.
    pub name: QualifiedName,
    /// The table or materialized view it is on.
    pub table: QualifiedName,
    /// Whether it is unique.
    #[serde(default)]
    pub unique: bool,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    #[serde(default)]
    pub nulls_not_distinct: bool,
    /// The index method.
    pub method: Ident,
    /// Key columns and expressions in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE` columns.
    #[serde(default)]
    pub include: Vec<Ident>,
    /// `WHERE`.
    #[serde(default)]
    pub predicate: Option<Expr>,
    /// Storage parameters.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// The tablespace, where it is not the database's.
    #[serde(default)]
    pub tablespace: Option<Ident>,
    /// The parent index that the index of a partition is attached to.
    #[serde(default)]
    pub attached_to: Option<QualifiedName>,
    /// `indisvalid` is false: a build that failed, or a partitioned index with partitions still missing (`ON ONLY`).
    #[serde(default)]
    pub invalid: bool,
    /// The table is marked to be clustered on it.
    #[serde(default)]
    pub clustered: bool,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexKey {
    /// What is indexed.
    pub key: KeyExpr,
    /// The collation, where it is not the column's.
    #[serde(default)]
    pub collation: Option<QualifiedName>,
    /// The operator class, where it is not the default for the type.
    #[serde(default)]
    pub operator_class: Option<QualifiedName>,
    /// Parameters of the operator class.
    #[serde(default)]
    pub operator_class_options: BTreeMap<String, String>,
    /// `DESC`.
    #[serde(default)]
    pub descending: bool,
    /// Nulls come first; for ascending order the default is last, for descending first. Always explicit here.
    #[serde(default)]
    pub nulls_first: bool,
}

/// A column or an expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyExpr {
    /// A column.
    Column(Ident),
    /// An expression, without the outermost parentheses.
    Expr(Expr),
}

impl KeyExpr {
    /// Shows the column or expression to a visitor.
    pub fn visit(&mut self, slot: &str, table: &QualifiedName, visitor: &mut dyn Visitor) {
        match self {
            Self::Column(column) => visitor.column(table, column),
            Self::Expr(expr) => visitor.expr(slot, Some(table), expr),
        }
    }
}

impl IndexKey {
    /// A plain ascending key on a column.
    pub fn column(name: &Ident) -> Self {
        Self {
            key: KeyExpr::Column(name.clone()),
            collation: None,
            operator_class: None,
            operator_class_options: BTreeMap::new(),
            descending: false,
            nulls_first: false,
        }
    }

    /// Shows the names and texts of the key at this position to a visitor.
    pub fn visit(&mut self, at: usize, table: &QualifiedName, visitor: &mut dyn Visitor) {
        self.key.visit(&format!("key {}", at + 1), table, visitor);
        if let Some(collation) = &mut self.collation {
            visitor.name(NameRole::Collation, collation);
        }
        if let Some(class) = &mut self.operator_class {
            visitor.name(NameRole::OperatorClass, class);
        }
    }
}

/// A change of an index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexChange {
    /// `ALTER INDEX ... SET` and `RESET`.
    Options {
        /// Parameters to set.
        #[serde(default)]
        set: BTreeMap<String, String>,
        /// Parameters to reset.
        #[serde(default)]
        reset: Vec<String>,
    },
    /// `ALTER INDEX ... SET TABLESPACE`; copies. `None` is `pg_default`.
    Tablespace(Option<Ident>),
    /// `ALTER INDEX parent ATTACH PARTITION this`.
    Attach(QualifiedName),
    /// `CLUSTER ON` (true) or `SET WITHOUT CLUSTER` (false).
    Clustered(bool),
}

impl Definition for Index {
    type Change = IndexChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::Index, &self.name)
    }

    fn parent(&self) -> Option<ObjectId> {
        // The relation may be a materialized view; `Schema` looks for either.
        Some(ObjectId::named(Kind::Table, &self.table))
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let mut method = QualifiedName::bare(self.method.clone());
        visitor.name(NameRole::Of(Kind::AccessMethod), &mut method);
        self.method = method.name;
        visitor.name(NameRole::Relation, &mut self.table);
        let table = self.table.clone();
        for (at, key) in self.keys.iter_mut().enumerate() {
            key.visit(at, &table, visitor);
        }
        for column in &mut self.include {
            visitor.column(&table, column);
        }
        if let Some(predicate) = &mut self.predicate {
            visitor.expr("predicate", Some(&table), predicate);
        }
        if let Some(parent) = &mut self.attached_to {
            visitor.name(NameRole::Index, parent);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<IndexChange> {
        let Self {
            name: _,
            table,
            unique,
            nulls_not_distinct,
            method,
            keys,
            include,
            predicate,
            options,
            tablespace,
            attached_to,
            invalid,
            clustered,
        } = desired;
        let same_shape = (
            &self.table,
            self.unique,
            self.nulls_not_distinct,
            &self.method,
            &self.keys,
            &self.include,
            &self.predicate,
        ) == (table, *unique, *nulls_not_distinct, method, keys, include, predicate);
        if !same_shape {
            return Comparison::Replaced("its definition differs".into());
        }
        if self.invalid != *invalid {
            return Comparison::Replaced(if *invalid {
                "it is valid".into()
            } else {
                "it is invalid (a build that failed)".into()
            });
        }
        let mut changes = Vec::new();
        if let Some((set, reset)) = options_difference(&self.options, options) {
            changes.push(IndexChange::Options { set, reset });
        }
        if self.tablespace != *tablespace {
            changes.push(IndexChange::Tablespace(tablespace.clone()));
        }
        match (&self.attached_to, attached_to) {
            (None, Some(parent)) => changes.push(IndexChange::Attach(parent.clone())),
            (live, desired) if live != desired => {
                return Comparison::Replaced("it is attached to another index".into());
            }
            _ => {}
        }
        if self.clustered != *clustered {
            changes.push(IndexChange::Clustered(*clustered));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &IndexChange) {
        match change {
            IndexChange::Options { set, reset } => apply_options(&mut self.options, set, reset),
            IndexChange::Tablespace(tablespace) => self.tablespace.clone_from(tablespace),
            IndexChange::Attach(parent) => self.attached_to = Some(parent.clone()),
            IndexChange::Clustered(clustered) => self.clustered = *clustered,
        }
    }
}
