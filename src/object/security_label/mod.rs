//! Security labels on objects of any kind, one per provider.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::Ident;

/// A security label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecurityLabel {
    /// What it speaks about.
    pub on: ObjectId,
    /// The label provider, which the server must have loaded to take the label.
    pub provider: Ident,
    /// The label.
    pub label: String,
}

/// A change of a security label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityLabelChange {
    /// `SECURITY LABEL ... IS`.
    Label(String),
}

/// The identity of the label that a provider gives an object.
pub(crate) fn label_id(on: &ObjectId, provider: &Ident) -> ObjectId {
    ObjectId {
        part: Some(provider.clone()),
        ..ObjectId::satellite(Kind::SecurityLabel, on)
    }
}

impl Definition for SecurityLabel {
    type Change = SecurityLabelChange;

    fn id(&self) -> ObjectId {
        label_id(&self.on, &self.provider)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(self.on.clone())
    }

    fn visit(&mut self, _visitor: &mut dyn Visitor) {}

    fn rename(&mut self, to: &ObjectId) {
        if let Some(on) = &to.on {
            self.on = (**on).clone();
        }
    }

    fn compare(&self, desired: &Self) -> Comparison<SecurityLabelChange> {
        Comparison::of(if self.label == desired.label {
            vec![]
        } else {
            vec![SecurityLabelChange::Label(desired.label.clone())]
        })
    }

    fn apply(&mut self, change: &SecurityLabelChange) {
        match change {
            SecurityLabelChange::Label(label) => self.label.clone_from(label),
        }
    }
}
