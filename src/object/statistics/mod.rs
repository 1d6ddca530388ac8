//! Extended statistics.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::index::KeyExpr;
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::QualifiedName;

/// An extended statistics object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// Its name.
    pub name: QualifiedName,
    /// The table.
    pub table: QualifiedName,
    /// The kinds in the order `ndistinct`, `dependencies`, `mcv`; empty for expression statistics alone.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Columns (in the table's order, before expressions) and expressions.
    pub keys: Vec<KeyExpr>,
    /// The statistics target, where one is set.
    #[serde(default)]
    pub target: Option<i32>,
}

/// A change of an extended statistics object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatisticsChange {
    /// `SET STATISTICS`; `None` is the default (-1).
    Target(Option<i32>),
}

impl Definition for Statistics {
    type Change = StatisticsChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::Statistics, &self.name)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(ObjectId::named(Kind::Table, &self.table))
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.name(NameRole::Relation, &mut self.table);
        let table = self.table.clone();
        for (at, key) in self.keys.iter_mut().enumerate() {
            key.visit(&format!("key {}", at + 1), &table, visitor);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<StatisticsChange> {
        // Columns come in the order of the table, which changes where one goes through a twin.
        let same_keys = self.keys.len() == desired.keys.len() && self.keys.iter().all(|key| desired.keys.contains(key));
        if (&self.table, &self.kinds) != (&desired.table, &desired.kinds) || !same_keys {
            return Comparison::Replaced("its definition differs".into());
        }
        Comparison::of(if self.target == desired.target {
            vec![]
        } else {
            vec![StatisticsChange::Target(desired.target)]
        })
    }

    fn apply(&mut self, change: &StatisticsChange) {
        match change {
            StatisticsChange::Target(target) => self.target = *target,
        }
    }
}
