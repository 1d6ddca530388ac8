//! Triggers.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};

/// A trigger on a table or view. Clones of a partitioned table's triggers on its partitions are no objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// The table or view.
    pub table: QualifiedName,
    /// Its name.
    pub name: Ident,
    /// When it fires.
    pub timing: Timing,
    /// What it fires on, in the order INSERT, DELETE, UPDATE, TRUNCATE.
    pub events: Vec<Event>,
    /// `FOR EACH ROW` instead of `FOR EACH STATEMENT`.
    #[serde(default)]
    pub for_each_row: bool,
    /// Set for constraint triggers.
    #[serde(default)]
    pub constraint: Option<ConstraintTrigger>,
    /// `REFERENCING OLD TABLE AS`.
    #[serde(default)]
    pub old_table: Option<Ident>,
    /// `REFERENCING NEW TABLE AS`.
    #[serde(default)]
    pub new_table: Option<Ident>,
    /// `WHEN`.
    #[serde(default)]
    pub when: Option<Expr>,
    /// The function it calls.
    pub function: QualifiedName,
    /// The literal arguments.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// In which sessions it fires.
    #[serde(default)]
    pub enabled: Enabled,
    /// Partitions in which it fires in other sessions. Files do not speak of them; where it is made anew, they stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub below: Vec<(QualifiedName, Enabled)>,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// `BEFORE`.
    Before,
    /// `AFTER`.
    After,
    /// `INSTEAD OF`.
    InsteadOf,
}

/// What a trigger fires on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// `INSERT`.
    Insert,
    /// `DELETE`.
    Delete,
    /// `UPDATE`, of these columns where any are named.
    Update(Vec<Ident>),
    /// `TRUNCATE`.
    Truncate,
}

/// What makes a trigger a constraint trigger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConstraintTrigger {
    /// `DEFERRABLE`.
    #[serde(default)]
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    #[serde(default)]
    pub initially_deferred: bool,
    /// `FROM` table.
    #[serde(default)]
    pub from: Option<QualifiedName>,
}

/// In which sessions a trigger, rule or event trigger fires (`session_replication_role`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enabled {
    /// `ENABLE`: in origin and local sessions.
    #[default]
    Origin,
    /// `DISABLE`.
    Disabled,
    /// `ENABLE REPLICA`.
    Replica,
    /// `ENABLE ALWAYS`.
    Always,
}

/// A change of a trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerChange {
    /// `CREATE OR REPLACE TRIGGER` with this definition (not for constraint triggers).
    Replace(Box<Trigger>),
    /// `ENABLE`, `DISABLE` and so on.
    Enabled(Enabled),
}

impl Trigger {
    /// Whether an UPDATE that sets these columns is one of its events.
    pub fn fires_for_update_of(&self, columns: &[&Ident]) -> bool {
        self.events.iter().any(|event| match event {
            Event::Update(of) => of.is_empty() || of.iter().any(|name| columns.contains(&name)),
            _ => false,
        })
    }
}

impl Definition for Trigger {
    type Change = TriggerChange;

    fn id(&self) -> ObjectId {
        ObjectId::part(Kind::Trigger, &self.table, &self.name)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(ObjectId::named(Kind::Table, &self.table))
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let table = self.table.clone();
        for event in &mut self.events {
            if let Event::Update(columns) = event {
                columns.iter_mut().for_each(|column| visitor.column(&table, column));
            }
        }
        if let Some(from) = self.constraint.as_mut().and_then(|c| c.from.as_mut()) {
            visitor.name(NameRole::Relation, from);
        }
        if let Some(when) = &mut self.when {
            visitor.expr("when", Some(&table), when);
        }
        visitor.name(NameRole::Routine, &mut self.function);
        self.below
            .iter_mut()
            .for_each(|(partition, _)| visitor.name(NameRole::Relation, partition));
    }

    fn rename(&mut self, to: &ObjectId) {
        self.table = to.qualified();
        self.name = to.own_name().clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<TriggerChange> {
        let mut changes = Vec::new();
        let replaced = Self {
            enabled: self.enabled,
            below: self.below.clone(),
            ..desired.clone()
        };
        let mut enabled = self.enabled;
        if *self != replaced {
            if self.constraint.is_some() || desired.constraint.is_some() {
                return Comparison::Replaced(
                    "its definition differs, and a constraint trigger cannot be replaced in place".into(),
                );
            }
            // CREATE OR REPLACE TRIGGER leaves the trigger enabled for origin sessions.
            changes.push(TriggerChange::Replace(Box::new(Self {
                enabled: Enabled::Origin,
                below: self.below.clone(),
                ..desired.clone()
            })));
            enabled = Enabled::Origin;
        }
        if enabled != desired.enabled {
            changes.push(TriggerChange::Enabled(desired.enabled));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &TriggerChange) {
        match change {
            TriggerChange::Replace(trigger) => *self = (**trigger).clone(),
            TriggerChange::Enabled(enabled) => self.enabled = *enabled,
        }
    }
}
