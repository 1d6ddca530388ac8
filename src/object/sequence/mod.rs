//! Sequences; an identity column's own sequence belongs to its column.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

/// How a sequence counts. Every value is explicit: defaults are filled in where it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// `MINVALUE`.
    pub min: i64,
    /// `MAXVALUE`.
    pub max: i64,
    /// `CACHE`.
    pub cache: i64,
    /// `CYCLE`.
    #[serde(default)]
    pub cycle: bool,
}

impl SequenceOptions {
    /// What PostgreSQL fills in for a sequence of this type (`smallint`, `integer`, otherwise `bigint`) and increment.
    pub fn defaults(data_type: &TypeName, increment: i64) -> Self {
        let (low, high) = bounds(data_type);
        let (min, max) = if increment < 0 { (low, -1) } else { (1, high) };
        Self {
            start: if increment < 0 { max } else { min },
            increment,
            min,
            max,
            cache: 1,
            cycle: false,
        }
    }
}

/// The least and greatest value of an integer type.
pub fn bounds(data_type: &TypeName) -> (i64, i64) {
    match data_type.name.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its name.
    pub name: QualifiedName,
    /// The type of its values.
    pub data_type: TypeName,
    /// How it counts.
    pub options: SequenceOptions,
    /// Whether it is unlogged.
    #[serde(default)]
    pub unlogged: bool,
    /// The column it is dropped with.
    #[serde(default)]
    pub owned_by: Option<ColumnRef>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRef {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: Ident,
}

/// A change of a sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SequenceChange {
    /// `AS type` together with the options that go with it.
    Type(TypeName, SequenceOptions),
    /// Any of the counting options.
    Options(SequenceOptions),
    /// `SET LOGGED` (false) or `SET UNLOGGED` (true).
    Unlogged(bool),
    /// `OWNED BY`.
    OwnedBy(Option<ColumnRef>),
}

impl Definition for Sequence {
    type Change = SequenceChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::Sequence, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        // The owning column is no reference: a sequence exists before the column whose default uses it.
        if let Some(owner) = &mut self.owned_by {
            let table = owner.table.clone();
            visitor.column(&table, &mut owner.column);
            visitor.name(NameRole::Relation, &mut owner.table);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<SequenceChange> {
        let Self {
            name: _,
            data_type,
            options,
            unlogged,
            owned_by,
        } = desired;
        let mut changes = Vec::new();
        if self.data_type != *data_type {
            changes.push(SequenceChange::Type(data_type.clone(), options.clone()));
        } else if self.options != *options {
            changes.push(SequenceChange::Options(options.clone()));
        }
        if self.unlogged != *unlogged {
            changes.push(SequenceChange::Unlogged(*unlogged));
        }
        if self.owned_by != *owned_by {
            changes.push(SequenceChange::OwnedBy(owned_by.clone()));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &SequenceChange) {
        match change {
            SequenceChange::Type(data_type, options) => {
                self.data_type = data_type.clone();
                self.options = options.clone();
            }
            SequenceChange::Options(options) => self.options = options.clone(),
            SequenceChange::Unlogged(unlogged) => self.unlogged = *unlogged,
            SequenceChange::OwnedBy(owner) => self.owned_by.clone_from(owner),
        }
    }
}
