//! Event triggers.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::trigger::Enabled;
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// An event trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventTrigger {
    /// Its name.
    pub name: Ident,
    /// The event, such as `ddl_command_end`.
    pub event: String,
    /// The command tags of `WHEN TAG IN`, upper case; empty for all. Their order does not matter.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The function it calls.
    pub function: QualifiedName,
    /// In which sessions it fires.
    #[serde(default)]
    pub enabled: Enabled,
}

/// A change of an event trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventTriggerChange {
    /// `ENABLE`, `DISABLE` and so on.
    Enabled(Enabled),
}

impl Definition for EventTrigger {
    type Change = EventTriggerChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::EventTrigger, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.name(NameRole::Routine, &mut self.function);
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<EventTriggerChange> {
        let tags = |trigger: &Self| trigger.tags.iter().cloned().collect::<BTreeSet<String>>();
        if (&self.event, tags(self), &self.function) != (&desired.event, tags(desired), &desired.function) {
            return Comparison::Replaced("its definition differs".into());
        }
        Comparison::of(if self.enabled == desired.enabled {
            vec![]
        } else {
            vec![EventTriggerChange::Enabled(desired.enabled)]
        })
    }

    fn apply(&mut self, change: &EventTriggerChange) {
        match change {
            EventTriggerChange::Enabled(enabled) => self.enabled = *enabled,
        }
    }
}
