//! Columns of tables.

pub(crate) mod alter;
pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::sequence::{SequenceOptions, bounds};
use super::server::{ForeignOptions, OptionChanges};
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::table::{Table, apply_options, options_difference};
use crate::types::TypeName;

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its table.
    pub table: QualifiedName,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub type_name: TypeName,
    /// Its collation, where it is not the type's own.
    #[serde(default)]
    pub collation: Option<QualifiedName>,
    /// Its default. `DEFAULT NULL` is no default.
    #[serde(default)]
    pub default: Option<Expr>,
    /// Whether it refuses nulls (also by an identity, a primary key or a valid not-null constraint).
    #[serde(default)]
    pub not_null: bool,
    /// The expression it is generated from.
    #[serde(default)]
    pub generated: Option<Generated>,
    /// Its identity.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// Storage, where it is not the type's own.
    #[serde(default)]
    pub storage: Option<Storage>,
    /// Compression method, where one is set.
    #[serde(default)]
    pub compression: Option<Ident>,
    /// Statistics target, where one is set.
    #[serde(default)]
    pub statistics: Option<i32>,
    /// Attribute options (`n_distinct`, `n_distinct_inherited`).
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Options for the foreign data wrapper of a foreign table.
    #[serde(default)]
    pub foreign_options: ForeignOptions,
    /// Whether a child by `INHERITS` has it from its parents alone, and holds here what it has of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inherited: bool,
    /// Whether it refuses nulls only because a parent by `INHERITS` does.
    #[serde(default, skip_serializing)]
    pub not_null_of_parent: OfParent,
}

/// Whether something is a parent's word alone. No difference between two columns: it matters to the one who writes the child down, or
/// changes what the parent says.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct OfParent(pub bool);

impl PartialEq for OfParent {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Column {
    /// The same in a partition or child, as its own; the identity is its parent's.
    pub(crate) fn below(&self, table: &QualifiedName) -> Self {
        Self {
            table: table.clone(),
            identity: None,
            inherited: false,
            ..self.clone()
        }
    }

    /// The same as a partition or child has it from its parent.
    pub(crate) fn handed_to(&self, heir: &Table) -> Self {
        Self {
            inherited: heir.partition_of.is_none(),
            ..self.below(&heir.name)
        }
    }

    /// The column that a new partition or child begins with: PostgreSQL hands no statistics target and no options down.
    pub(crate) fn begun(&self, table: &QualifiedName) -> Self {
        Self {
            statistics: None,
            options: BTreeMap::new(),
            foreign_options: ForeignOptions::default(),
            ..self.below(table)
        }
    }
}

/// How a generated column comes by its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generated {
    /// The expression.
    pub expr: Expr,
    /// Computed on read (PostgreSQL 18) instead of stored on write.
    #[serde(default)]
    pub r#virtual: bool,
}

/// An identity and its own sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// `GENERATED ALWAYS` instead of `BY DEFAULT`.
    #[serde(default)]
    pub always: bool,
    /// The name of the sequence, where it is not `TABLE_COLUMN_seq` in the table's namespace.
    #[serde(default)]
    pub sequence: Option<QualifiedName>,
    /// How the sequence counts.
    pub options: SequenceOptions,
}

impl Identity {
    /// The name of its sequence, given the column.
    pub(crate) fn sequence_of(&self, column: &ObjectId) -> QualifiedName {
        let usual = || parse::own_sequence(&column.qualified(), column.own_name());
        self.sequence.clone().unwrap_or_else(usual)
    }

    /// Whether its bounds fit another type of its column; those that are the old type's own go along.
    fn fits(&self, old: &TypeName, new: &TypeName) -> bool {
        let ((old_low, old_high), (low, high)) = (bounds(old), bounds(new));
        let SequenceOptions { min, max, .. } = self.options;
        (max == old_high || max <= high) && (min == old_low || min >= low)
    }
}

/// Storage of values in and out of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// In line, not compressed.
    Plain,
    /// Out of line, not compressed.
    External,
    /// Out of line and compressed.
    Extended,
    /// Compressed, out of line as a last resort.
    Main,
}

/// A change of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnChange {
    /// `TYPE`, with the collation.
    Type {
        /// The new type.
        type_name: TypeName,
        /// The new collation, where it is not the type's own.
        #[serde(default)]
        collation: Option<QualifiedName>,
        /// `USING`; `None` for the assignment cast.
        #[serde(default)]
        using: Option<Expr>,
    },
    /// `SET DEFAULT` or `DROP DEFAULT`.
    Default(Option<Expr>),
    /// `SET NOT NULL` or `DROP NOT NULL`.
    NotNull(bool),
    /// `SET EXPRESSION` (PostgreSQL 17) or `DROP EXPRESSION`.
    Generated(Option<Generated>),
    /// `ADD GENERATED`, `SET GENERATED` and its options, or `DROP IDENTITY`; the renderer sees from the column what it is.
    Identity {
        /// The identity as it is.
        #[serde(default)]
        from: Option<Identity>,
        /// The identity as it shall be.
        #[serde(default)]
        to: Option<Identity>,
    },
    /// `SET STORAGE`; `None` is `DEFAULT` (PostgreSQL 16).
    Storage(Option<Storage>),
    /// `SET COMPRESSION`; `None` is `default`.
    Compression(Option<Ident>),
    /// `SET STATISTICS`; `None` is the default (-1).
    Statistics(Option<i32>),
    /// `SET (...)` and `RESET (...)`.
    Options {
        /// Options to set.
        #[serde(default)]
        set: BTreeMap<String, String>,
        /// Options to reset.
        #[serde(default)]
        reset: Vec<String>,
    },
    /// `OPTIONS` of a foreign table's column.
    ForeignOptions(OptionChanges),
}

/// Where else an ALTER COLUMN of a table, without ONLY, changes the column (`ATPrepCmd` in PostgreSQL's `tablecmds.c`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In the partitions and children of every level, also where they have another value of their own.
    Below,
    /// Nowhere: tables below stay as they are.
    Alone,
    /// That depends on the version of PostgreSQL.
    Version,
}

impl ColumnChange {
    /// Where else it changes the column.
    pub fn reach(&self) -> Reach {
        match self {
            Self::Type { .. }
            | Self::Default(_)
            | Self::NotNull(_)
            | Self::Generated(_)
            | Self::Storage(_)
            | Self::Statistics(_) => Reach::Below,
            Self::Compression(_) | Self::Options { .. } | Self::ForeignOptions(_) => Reach::Alone,
            Self::Identity { .. } => Reach::Version,
        }
    }

    /// Whether several parents of a table may say it in different ways.
    pub fn is_last_heard(&self) -> bool {
        matches!(self, Self::Storage(_) | Self::Statistics(_))
    }

    /// Whether PostgreSQL does it to such a column, where it comes from the table above: a generated one gets no default.
    pub fn fits(&self, column: &Column) -> bool {
        column.generated.is_none() || !matches!(self, Self::Default(_))
    }

    /// The change of this kind that gives a column what another one has; none where that takes more than the column itself.
    pub fn as_in(&self, column: &Column) -> Option<Self> {
        match self {
            Self::Default(_) => Some(Self::Default(column.default.clone())),
            Self::NotNull(_) => Some(Self::NotNull(column.not_null)),
            Self::Storage(_) => Some(Self::Storage(column.storage)),
            Self::Compression(_) => Some(Self::Compression(column.compression.clone())),
            Self::Statistics(_) => Some(Self::Statistics(column.statistics)),
            Self::Generated(Some(_)) => column
                .generated
                .clone()
                .map(|generated| Self::Generated(Some(generated))),
            Self::Type { .. } | Self::Generated(None) | Self::Identity { .. } => None,
            Self::Options { .. } | Self::ForeignOptions(_) => None,
        }
    }
}

impl Definition for Column {
    type Change = ColumnChange;

    fn id(&self) -> ObjectId {
        ObjectId::part(Kind::Column, &self.table, &self.name)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(ObjectId::named(Kind::Table, &self.table))
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let table = self.table.clone();
        visitor.type_name(&mut self.type_name);
        if let Some(collation) = &mut self.collation {
            visitor.name(NameRole::Collation, collation);
        }
        if let Some(default) = &mut self.default {
            visitor.expr("default", None, default);
        }
        if let Some(generated) = &mut self.generated {
            visitor.expr("generated", Some(&table), &mut generated.expr);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.table = to.qualified();
        self.name = to.own_name().clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<ColumnChange> {
        let Self {
            table: _,
            name: _,
            type_name,
            collation,
            default,
            not_null,
            generated,
            identity,
            storage,
            compression,
            statistics,
            options,
            foreign_options,
            // No statement of the column changes it (`TableChange::Declare`).
            inherited: _,
            not_null_of_parent: _,
        } = desired;
        match (&self.generated, generated) {
            (None, Some(_)) => return Comparison::Replaced("it becomes a generated column".into()),
            (Some(live), Some(desired)) if live.r#virtual != desired.r#virtual => {
                return Comparison::Replaced("it changes between stored and virtual".into());
            }
            (Some(live), None) if live.r#virtual => {
                return Comparison::Replaced("a virtual generated column cannot become an ordinary one".into());
            }
            _ => {}
        }
        let mut changes = Vec::new();
        if self.generated.is_some() && generated.is_none() {
            changes.push(ColumnChange::Generated(None));
        }
        if self.identity.is_some() && identity.is_none() {
            changes.push(ColumnChange::Identity {
                from: self.identity.clone(),
                to: None,
            });
        }
        // A change of type takes the bounds of an identity along, and forgets storage and compression.
        let mut live = self.clone();
        if self.type_name != *type_name || self.collation != *collation {
            // PostgreSQL refuses a type that the bounds do not fit.
            if let (Some(from), Some(to)) = (&self.identity, identity)
                && !from.fits(&self.type_name, type_name)
            {
                let change = ColumnChange::Identity {
                    from: Some(from.clone()),
                    to: Some(to.clone()),
                };
                live.apply(&change);
                changes.push(change);
            }
            let change = ColumnChange::Type {
                type_name: type_name.clone(),
                collation: collation.clone(),
                using: None,
            };
            live.apply(&change);
            changes.push(change);
        }
        if self.generated != *generated && generated.is_some() {
            changes.push(ColumnChange::Generated(generated.clone()));
        }
        if self.default != *default {
            changes.push(ColumnChange::Default(default.clone()));
        }
        if self.not_null != *not_null {
            changes.push(ColumnChange::NotNull(*not_null));
        }
        if live.identity != *identity && identity.is_some() {
            changes.push(ColumnChange::Identity {
                from: live.identity,
                to: identity.clone(),
            });
        }
        if live.storage != *storage {
            changes.push(ColumnChange::Storage(*storage));
        }
        if live.compression != *compression {
            changes.push(ColumnChange::Compression(compression.clone()));
        }
        if self.statistics != *statistics {
            changes.push(ColumnChange::Statistics(*statistics));
        }
        if let Some((set, reset)) = options_difference(&self.options, options) {
            changes.push(ColumnChange::Options { set, reset });
        }
        let foreign = OptionChanges::between(&self.foreign_options, foreign_options);
        changes.extend(foreign.map(ColumnChange::ForeignOptions));
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &ColumnChange) {
        match change {
            ColumnChange::Type {
                type_name,
                collation,
                using: _,
            } => {
                if let Some(identity) = &mut self.identity {
                    let (low, high) = bounds(&self.type_name);
                    let options = &mut identity.options;
                    let (new_low, new_high) = bounds(type_name);
                    options.max = if options.max == high { new_high } else { options.max };
                    options.min = if options.min == low { new_low } else { options.min };
                }
                self.type_name = type_name.clone();
                self.collation.clone_from(collation);
                self.storage = None;
                self.compression = None;
            }
            ColumnChange::Default(default) => self.default.clone_from(default),
            ColumnChange::NotNull(not_null) => {
                self.not_null = *not_null;
                self.not_null_of_parent = OfParent(false);
            }
            ColumnChange::Generated(generated) => self.generated.clone_from(generated),
            ColumnChange::Identity { from: _, to } => {
                // An identity column is not null by definition, and dropping the identity leaves that in place.
                self.not_null |= to.is_some();
                self.identity.clone_from(to);
            }
            ColumnChange::Storage(storage) => self.storage = *storage,
            ColumnChange::Compression(compression) => self.compression.clone_from(compression),
            ColumnChange::Statistics(statistics) => self.statistics = *statistics,
            ColumnChange::Options { set, reset } => apply_options(&mut self.options, set, reset),
            ColumnChange::ForeignOptions(changes) => changes.apply(&mut self.foreign_options),
        }
    }
}
