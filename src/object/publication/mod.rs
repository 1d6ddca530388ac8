//! Publications.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};

/// A publication of changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// Its name.
    pub name: Ident,
    /// Whether every table is published, new ones too.
    #[serde(default)]
    pub all_tables: bool,
    /// The tables published one by one. Their order does not matter.
    #[serde(default)]
    pub tables: Vec<PublishedTable>,
    /// Namespaces whose tables are all published.
    #[serde(default)]
    pub namespaces: BTreeSet<Ident>,
    /// Its options.
    #[serde(default)]
    pub options: PublicationOptions,
}

/// One published table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedTable {
    /// The table.
    pub table: QualifiedName,
    /// The published columns; empty for all.
    #[serde(default)]
    pub columns: BTreeSet<Ident>,
    /// Which rows are published.
    #[serde(default)]
    pub filter: Option<Expr>,
}

/// The options of a publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicationOptions {
    /// What is published: `insert, update, delete, truncate`, in this order.
    pub publish: String,
    /// Whether changes of partitions appear as those of the topmost table.
    #[serde(default)]
    pub via_root: bool,
    /// Whether stored generated columns are published, since PostgreSQL 18.
    #[serde(default)]
    pub generated_columns: bool,
}

impl Default for PublicationOptions {
    fn default() -> Self {
        Self {
            publish: "insert, update, delete, truncate".into(),
            via_root: false,
            generated_columns: false,
        }
    }
}

/// A change of a publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicationChange {
    /// `ADD` tables and namespaces.
    Add(Vec<PublishedTable>, BTreeSet<Ident>),
    /// `DROP` tables and namespaces.
    Drop(Vec<QualifiedName>, BTreeSet<Ident>),
    /// `SET`: these tables and namespaces instead of those before.
    Members(Vec<PublishedTable>, BTreeSet<Ident>),
    /// `SET (..)`.
    Options(PublicationOptions),
}

impl Publication {
    fn member(&self, table: &QualifiedName) -> Option<&PublishedTable> {
        self.tables.iter().find(|member| member.table == *table)
    }
}

impl Definition for Publication {
    type Change = PublicationChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::Publication, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        for member in &mut self.tables {
            visitor.name(NameRole::Relation, &mut member.table);
            let table = member.table.clone();
            let columns = std::mem::take(&mut member.columns);
            for mut column in columns {
                visitor.column(&table, &mut column);
                member.columns.insert(column);
            }
            if let Some(filter) = &mut member.filter {
                visitor.expr(&format!("filter of {table}"), Some(&table), filter);
            }
        }
        for namespace in &self.namespaces {
            visitor.name(
                NameRole::Of(Kind::Namespace),
                &mut QualifiedName::bare(namespace.clone()),
            );
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<PublicationChange> {
        if self.all_tables != desired.all_tables {
            return Comparison::Replaced("FOR ALL TABLES cannot be given or taken back".into());
        }
        let mut changes = Vec::new();
        let differs = |live: &PublishedTable| desired.member(&live.table).is_some_and(|wanted| wanted != live);
        if self.tables.iter().any(differs) {
            // Only SET gives a table that stays other columns or another filter.
            changes.push(PublicationChange::Members(
                desired.tables.clone(),
                desired.namespaces.clone(),
            ));
        } else {
            let gone = self
                .tables
                .iter()
                .filter(|member| desired.member(&member.table).is_none());
            let gone: Vec<QualifiedName> = gone.map(|member| member.table.clone()).collect();
            let left: BTreeSet<Ident> = self.namespaces.difference(&desired.namespaces).cloned().collect();
            if !gone.is_empty() || !left.is_empty() {
                changes.push(PublicationChange::Drop(gone, left));
            }
            let new = desired
                .tables
                .iter()
                .filter(|member| self.member(&member.table).is_none());
            let new: Vec<PublishedTable> = new.cloned().collect();
            let joined: BTreeSet<Ident> = desired.namespaces.difference(&self.namespaces).cloned().collect();
            if !new.is_empty() || !joined.is_empty() {
                changes.push(PublicationChange::Add(new, joined));
            }
        }
        if self.options != desired.options {
            let change = PublicationChange::Options(desired.options.clone());
            // A filter on a partitioned table needs the publication through the root.
            if desired.options.via_root {
                changes.insert(0, change);
            } else {
                changes.push(change);
            }
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &PublicationChange) {
        match change {
            PublicationChange::Add(tables, namespaces) => {
                self.tables.extend(tables.iter().cloned());
                self.namespaces.extend(namespaces.iter().cloned());
            }
            PublicationChange::Drop(tables, namespaces) => {
                self.tables.retain(|member| !tables.contains(&member.table));
                self.namespaces.retain(|namespace| !namespaces.contains(namespace));
            }
            PublicationChange::Members(tables, namespaces) => {
                self.tables.clone_from(tables);
                self.namespaces.clone_from(namespaces);
            }
            PublicationChange::Options(options) => self.options.clone_from(options),
        }
        self.tables.sort_by(|a, b| a.table.cmp(&b.table));
    }
}
