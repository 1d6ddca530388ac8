//! Enumerated types.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// An enumerated type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnumType {
    /// Its name.
    pub name: QualifiedName,
    /// Its labels in sort order.
    #[serde(default)]
    pub labels: Vec<String>,
}

impl EnumType {
    /// A label as a part of its type; it has no object of its own.
    pub(crate) fn label_id(enum_type: &QualifiedName, label: &str) -> ObjectId {
        ObjectId::part(Kind::EnumType, enum_type, &Ident::new(label))
    }
}

/// Where a new label goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelPlace {
    /// Behind all others.
    Last,
    /// Before this label.
    Before(String),
    /// Behind this label.
    After(String),
}

/// A change of an enumerated type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnumChange {
    /// `ALTER TYPE ... ADD VALUE`.
    AddLabel {
        /// The new label.
        label: String,
        /// Its place.
        place: LabelPlace,
    },
    /// `ALTER TYPE ... RENAME VALUE`.
    RenameLabel {
        /// The label as it is.
        from: String,
        /// The label as it shall be.
        to: String,
    },
}

impl Definition for EnumType {
    type Change = EnumChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::EnumType, &self.name)
    }

    fn visit(&mut self, _visitor: &mut dyn Visitor) {}

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<EnumChange> {
        let Self { name: _, labels } = desired;
        let mut kept = labels.iter().filter(|label| self.labels.contains(label));
        if let Some(gone) = self.labels.iter().find(|label| !labels.contains(label)) {
            return Comparison::Replaced(format!("the label '{gone}' is gone"));
        }
        if !self.labels.iter().all(|label| kept.next() == Some(label)) {
            return Comparison::Replaced("its labels are in another order".into());
        }
        let mut changes = Vec::new();
        for (at, label) in labels
            .iter()
            .enumerate()
            .filter(|(_, label)| !self.labels.contains(label))
        {
            let place = match labels[at + 1..].iter().find(|next| self.labels.contains(next)) {
                None => LabelPlace::Last,
                Some(next) => LabelPlace::Before(next.clone()),
            };
            changes.push(EnumChange::AddLabel {
                label: label.clone(),
                place,
            });
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &EnumChange) {
        match change {
            EnumChange::AddLabel { label, place } => {
                let at = |wanted: &String| self.labels.iter().position(|label| label == wanted);
                let position = match place {
                    LabelPlace::Last => None,
                    LabelPlace::Before(next) => at(next),
                    LabelPlace::After(previous) => at(previous).map(|at| at + 1),
                };
                self.labels.insert(position.unwrap_or(self.labels.len()), label.clone());
            }
            EnumChange::RenameLabel { from, to } => {
                for label in self.labels.iter_mut().filter(|label| *label == from) {
                    label.clone_from(to);
                }
            }
        }
    }
}
