//! Installed extensions. Their member objects are never managed.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::Ident;

/// An extension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extension {
    /// Its name.
    pub name: Ident,
    /// The namespace of its objects; `None` when the files do not say.
    #[serde(default)]
    pub namespace: Option<Ident>,
    /// The version; `None` when the files do not say.
    #[serde(default)]
    pub version: Option<String>,
}

/// A change of an extension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionChange {
    /// `ALTER EXTENSION ... SET SCHEMA`.
    Namespace(Ident),
    /// `ALTER EXTENSION ... UPDATE TO`.
    Version(String),
}

impl Definition for Extension {
    type Change = ExtensionChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::Extension, &self.name)
    }

    fn visit(&mut self, _visitor: &mut dyn Visitor) {}

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<ExtensionChange> {
        let Self {
            name: _,
            namespace,
            version,
        } = desired;
        let mut changes = Vec::new();
        if let Some(namespace) = namespace.as_ref().filter(|n| self.namespace.as_ref() != Some(n)) {
            changes.push(ExtensionChange::Namespace(namespace.clone()));
        }
        if let Some(version) = version.as_ref().filter(|v| self.version.as_ref() != Some(v)) {
            changes.push(ExtensionChange::Version(version.clone()));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &ExtensionChange) {
        match change {
            ExtensionChange::Namespace(namespace) => self.namespace = Some(namespace.clone()),
            ExtensionChange::Version(version) => self.version = Some(version.clone()),
        }
    }
}
