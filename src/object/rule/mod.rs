//! Rewrite rules; the rule that makes a view is part of the view.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::trigger::Enabled;
use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::expr::{Expr, Query};
use crate::name::{Ident, QualifiedName};

/// A rewrite rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The table or view.
    pub table: QualifiedName,
    /// Its name.
    pub name: Ident,
    /// What it rewrites.
    pub event: RuleEvent,
    /// `INSTEAD`.
    #[serde(default)]
    pub instead: bool,
    /// `WHERE`.
    #[serde(default)]
    pub condition: Option<Expr>,
    /// The commands it runs; none for `NOTHING`.
    #[serde(default)]
    pub actions: Vec<Query>,
    /// In which sessions it works.
    #[serde(default)]
    pub enabled: Enabled,
}

/// What a rule rewrites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleEvent {
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

/// A change of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleChange {
    /// `CREATE OR REPLACE RULE` with this definition.
    Replace(Box<Rule>),
    /// `ENABLE`, `DISABLE` and so on.
    Enabled(Enabled),
}

impl Definition for Rule {
    type Change = RuleChange;

    fn id(&self) -> ObjectId {
        ObjectId::part(Kind::Rule, &self.table, &self.name)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(ObjectId::named(Kind::Table, &self.table))
    }

    fn binding_texts(&self) -> Vec<&str> {
        let actions = self.actions.iter().map(|action| action.text.as_str());
        let condition = self.condition.iter().map(|condition| condition.text.as_str());
        actions.chain(condition).collect()
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let table = self.table.clone();
        if let Some(condition) = &mut self.condition {
            visitor.expr("condition", Some(&table), condition);
        }
        for (at, action) in self.actions.iter_mut().enumerate() {
            visitor.query(&format!("action {}", at + 1), action);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.table = to.qualified();
        self.name = to.own_name().clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<RuleChange> {
        let mut changes = Vec::new();
        let replaced = Self {
            enabled: self.enabled,
            ..desired.clone()
        };
        if *self != replaced {
            changes.push(RuleChange::Replace(Box::new(replaced)));
        }
        if self.enabled != desired.enabled {
            changes.push(RuleChange::Enabled(desired.enabled));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &RuleChange) {
        match change {
            RuleChange::Replace(rule) => *self = (**rule).clone(),
            RuleChange::Enabled(enabled) => self.enabled = *enabled,
        }
    }
}
