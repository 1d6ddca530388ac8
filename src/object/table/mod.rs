//! Tables: ordinary, partitioned, and partitions. Columns, constraints and indexes are objects of their own.

pub(crate) mod alter;
pub(crate) mod bound;
pub(crate) mod introspect;
mod like;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::server::{ForeignOptions, OptionChanges};
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is unlogged.
    #[serde(default)]
    pub unlogged: bool,
    /// The table access method, where it is not `heap`.
    #[serde(default)]
    pub access_method: Option<Ident>,
    /// The tablespace, where it is not the database's.
    #[serde(default)]
    pub tablespace: Option<Ident>,
    /// Storage parameters; those of the TOAST table begin with `toast.`.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// The composite type it is typed by (`CREATE TABLE ... OF`).
    #[serde(default)]
    pub of_type: Option<QualifiedName>,
    /// Parents by `INHERITS`, in order.
    #[serde(default)]
    pub inherits: Vec<QualifiedName>,
    /// The partition key of a partitioned table.
    #[serde(default)]
    pub partition_by: Option<PartitionKey>,
    /// Where a partition is attached.
    #[serde(default)]
    pub partition_of: Option<PartitionOf>,
    /// What logical replication writes of old rows.
    #[serde(default)]
    pub replica_identity: ReplicaIdentity,
    /// `ENABLE ROW LEVEL SECURITY`.
    #[serde(default)]
    pub row_security: bool,
    /// `FORCE ROW LEVEL SECURITY`.
    #[serde(default)]
    pub force_row_security: bool,
    /// Where the rows of a foreign table are.
    #[serde(default)]
    pub foreign: Option<Foreign>,
}

/// Where the rows of a foreign table are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Foreign {
    /// The foreign server.
    pub server: Ident,
    /// Options for the foreign data wrapper.
    #[serde(default)]
    pub options: ForeignOptions,
}

/// How rows are spread over partitions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionKey {
    /// The strategy.
    pub strategy: PartitionStrategy,
    /// The key columns and expressions in order.
    pub keys: Vec<PartitionKeyPart>,
}

/// A partitioning strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionStrategy {
    /// `RANGE`.
    Range,
    /// `LIST`.
    List,
    /// `HASH`.
    Hash,
}

/// One column or expression of a partition key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionKeyPart {
    /// What is keyed on.
    pub key: super::index::KeyExpr,
    /// The collation, where it is not the column's.
    #[serde(default)]
    pub collation: Option<QualifiedName>,
    /// The operator class, where it is not the default.
    #[serde(default)]
    pub operator_class: Option<QualifiedName>,
}

/// The parent of a partition and the rows it takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// The rows it takes.
    pub bound: PartitionBound,
    /// A `DETACH ... CONCURRENTLY` was cut off: new queries of the parent no longer see it, and it is still a partition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub detach_pending: bool,
}

/// The rows that a partition takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionBound {
    /// `DEFAULT`.
    Default,
    /// `FROM (...) TO (...)`; `MINVALUE` and `MAXVALUE` are texts like any other.
    Range {
        /// The inclusive lower bound, a text per key column.
        from: Vec<Expr>,
        /// The exclusive upper bound.
        to: Vec<Expr>,
    },
    /// `IN (...)`.
    List(Vec<Expr>),
    /// `WITH (MODULUS m, REMAINDER r)`.
    Hash {
        /// The modulus.
        modulus: u32,
        /// The remainder.
        remainder: u32,
    },
}

/// What logical replication writes of old rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplicaIdentity {
    /// The primary key.
    #[default]
    Default,
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
    /// The columns of this unique index.
    Index(Ident),
}

/// A change of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableChange {
    /// `SET LOGGED` (false) or `SET UNLOGGED` (true); rewrites.
    Unlogged(bool),
    /// `SET ACCESS METHOD`; rewrites. `None` is `heap`.
    AccessMethod(Option<Ident>),
    /// `SET TABLESPACE`; copies. `None` is `pg_default`.
    Tablespace(Option<Ident>),
    /// `SET (...)` of these and `RESET (...)` of those.
    Options {
        /// Parameters to set.
        #[serde(default)]
        set: BTreeMap<String, String>,
        /// Parameters to reset.
        #[serde(default)]
        reset: Vec<String>,
    },
    /// `INHERIT parent`.
    Inherit(QualifiedName),
    /// `NO INHERIT parent`.
    NoInherit(QualifiedName),
    /// `NO INHERIT` and `INHERIT` of every parent in one statement: what the table inherits becomes declared by it as well.
    Declare,
    /// `ATTACH PARTITION`, seen from the partition.
    Attach(PartitionOf),
    /// `DETACH PARTITION`, seen from the partition.
    Detach {
        /// The parent it is taken from.
        parent: QualifiedName,
        /// `DETACH ... CONCURRENTLY`, which cannot run in a transaction block.
        #[serde(default)]
        concurrently: bool,
    },
    /// `REPLICA IDENTITY`.
    ReplicaIdentity(ReplicaIdentity),
    /// `ENABLE` or `DISABLE ROW LEVEL SECURITY`.
    RowSecurity(bool),
    /// `FORCE` or `NO FORCE ROW LEVEL SECURITY`.
    ForceRowSecurity(bool),
    /// `OF type` or `NOT OF`.
    OfType(Option<QualifiedName>),
    /// `OPTIONS` of a foreign table.
    ForeignOptions(OptionChanges),
}

impl Definition for Table {
    type Change = TableChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::Table, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        if let Some(method) = &mut self.access_method {
            let mut name = QualifiedName::bare(method.clone());
            visitor.name(NameRole::Of(Kind::AccessMethod), &mut name);
            *method = name.name;
        }
        let name = self.name.clone();
        for parent in &mut self.inherits {
            visitor.name(NameRole::Relation, parent);
        }
        if let Some(of) = &mut self.of_type {
            let mut type_name = crate::types::TypeName {
                namespace: of.namespace.clone(),
                ..crate::types::TypeName::builtin(of.name.as_str())
            };
            visitor.type_name(&mut type_name);
            of.namespace = type_name.namespace;
            of.name = type_name.name;
        }
        if let Some(foreign) = &mut self.foreign {
            let mut server = QualifiedName::bare(foreign.server.clone());
            visitor.name(NameRole::Of(Kind::Server), &mut server);
            foreign.server = server.name;
        }
        if let Some(key) = &mut self.partition_by {
            for (at, part) in key.keys.iter_mut().enumerate() {
                part.key.visit(&format!("partition key {}", at + 1), &name, visitor);
                if let Some(collation) = &mut part.collation {
                    visitor.name(NameRole::Collation, collation);
                }
                if let Some(class) = &mut part.operator_class {
                    visitor.name(NameRole::OperatorClass, class);
                }
            }
        }
        if let Some(partition) = &mut self.partition_of {
            visitor.name(NameRole::Relation, &mut partition.parent);
            match &mut partition.bound {
                PartitionBound::Range { from, to } => {
                    for (at, expr) in from.iter_mut().enumerate() {
                        visitor.expr(&format!("lower bound {}", at + 1), None, expr);
                    }
                    for (at, expr) in to.iter_mut().enumerate() {
                        visitor.expr(&format!("upper bound {}", at + 1), None, expr);
                    }
                }
                PartitionBound::List(values) => {
                    for (at, expr) in values.iter_mut().enumerate() {
                        visitor.expr(&format!("bound {}", at + 1), None, expr);
                    }
                }
                PartitionBound::Default | PartitionBound::Hash { .. } => {}
            }
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<TableChange> {
        let Self {
            name: _,
            unlogged,
            access_method,
            tablespace,
            options,
            of_type,
            inherits,
            partition_by,
            partition_of,
            replica_identity,
            row_security,
            force_row_security,
            foreign,
        } = desired;
        let server = |foreign: &Option<Foreign>| foreign.as_ref().map(|foreign| foreign.server.clone());
        if server(&self.foreign) != server(foreign) {
            return Comparison::Replaced("its rows are on another server".into());
        }
        if self.partition_by != *partition_by {
            return Comparison::Replaced("its partitioning differs".into());
        }
        let mut changes = Vec::new();
        if self.unlogged != *unlogged {
            changes.push(TableChange::Unlogged(*unlogged));
        }
        if self.access_method != *access_method {
            changes.push(TableChange::AccessMethod(access_method.clone()));
        }
        if self.tablespace != *tablespace {
            changes.push(TableChange::Tablespace(tablespace.clone()));
        }
        if let Some((set, reset)) = options_difference(&self.options, options) {
            changes.push(TableChange::Options { set, reset });
        }
        // A typed table has no parent.
        let typed = (self.of_type != *of_type).then(|| TableChange::OfType(of_type.clone()));
        changes.extend(typed.clone().filter(|_| of_type.is_none()));
        for parent in self.inherits.iter().filter(|parent| !inherits.contains(parent)) {
            changes.push(TableChange::NoInherit(parent.clone()));
        }
        for parent in inherits.iter().filter(|parent| !self.inherits.contains(parent)) {
            changes.push(TableChange::Inherit(parent.clone()));
        }
        if self.partition_of != *partition_of {
            if let Some(live) = &self.partition_of {
                changes.push(TableChange::Detach {
                    parent: live.parent.clone(),
                    concurrently: false,
                });
            }
            if let Some(desired) = partition_of {
                changes.push(TableChange::Attach(desired.clone()));
            }
        }
        changes.extend(typed.filter(|_| of_type.is_some()));
        if self.replica_identity != *replica_identity {
            changes.push(TableChange::ReplicaIdentity(replica_identity.clone()));
        }
        if self.row_security != *row_security {
            changes.push(TableChange::RowSecurity(*row_security));
        }
        if self.force_row_security != *force_row_security {
            changes.push(TableChange::ForceRowSecurity(*force_row_security));
        }
        if let (Some(live), Some(desired)) = (&self.foreign, foreign) {
            let options = OptionChanges::between(&live.options, &desired.options);
            changes.extend(options.map(TableChange::ForeignOptions));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &TableChange) {
        match change {
            TableChange::Unlogged(unlogged) => self.unlogged = *unlogged,
            TableChange::AccessMethod(method) => self.access_method.clone_from(method),
            TableChange::Tablespace(tablespace) => self.tablespace.clone_from(tablespace),
            TableChange::Options { set, reset } => apply_options(&mut self.options, set, reset),
            TableChange::Inherit(parent) => self.inherits.push(parent.clone()),
            TableChange::NoInherit(parent) => self.inherits.retain(|p| p != parent),
            // It is about the columns and checks.
            TableChange::Declare => {}
            TableChange::Attach(partition) => self.partition_of = Some(partition.clone()),
            TableChange::Detach { .. } => self.partition_of = None,
            TableChange::ReplicaIdentity(identity) => self.replica_identity = identity.clone(),
            TableChange::RowSecurity(on) => self.row_security = *on,
            TableChange::ForceRowSecurity(on) => self.force_row_security = *on,
            TableChange::OfType(of_type) => self.of_type.clone_from(of_type),
            TableChange::ForeignOptions(changes) => {
                if let Some(foreign) = &mut self.foreign {
                    changes.apply(&mut foreign.options);
                }
            }
        }
    }
}

/// Parameters to set and to reset, or nothing when both sides agree.
pub fn options_difference(
    live: &BTreeMap<String, String>,
    desired: &BTreeMap<String, String>,
) -> Option<(BTreeMap<String, String>, Vec<String>)> {
    let set: BTreeMap<_, _> = desired
        .iter()
        .filter(|(key, value)| live.get(*key) != Some(value))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    let reset: Vec<_> = live.keys().filter(|key| !desired.contains_key(*key)).cloned().collect();
    (!set.is_empty() || !reset.is_empty()).then_some((set, reset))
}

/// Applies what [`options_difference`] found.
pub fn apply_options(options: &mut BTreeMap<String, String>, set: &BTreeMap<String, String>, reset: &[String]) {
    options.retain(|key, _| !reset.contains(key));
    options.extend(set.iter().map(|(k, v)| (k.clone(), v.clone())));
}
