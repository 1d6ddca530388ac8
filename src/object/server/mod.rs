//! Foreign servers.

pub(crate) mod introspect;
pub(crate) mod options;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

pub use self::options::{ForeignOptions, OptionChanges};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// A foreign server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Server {
    /// Its name.
    pub name: Ident,
    /// Its type, a text of the wrapper's.
    #[serde(default, rename = "type")]
    pub type_text: Option<String>,
    /// Its version, a text of the wrapper's.
    #[serde(default)]
    pub version: Option<String>,
    /// The foreign data wrapper.
    pub wrapper: Ident,
    /// Options of the wrapper's.
    #[serde(default)]
    pub options: ForeignOptions,
}

/// A change of a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerChange {
    /// `VERSION`.
    Version(String),
    /// `OPTIONS`.
    Options(OptionChanges),
}

impl Definition for Server {
    type Change = ServerChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::Server, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let mut wrapper = QualifiedName::bare(self.wrapper.clone());
        visitor.name(NameRole::Of(Kind::ForeignDataWrapper), &mut wrapper);
        self.wrapper = wrapper.name;
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<ServerChange> {
        if (&self.type_text, &self.wrapper) != (&desired.type_text, &desired.wrapper) {
            return Comparison::Replaced("its type or its foreign data wrapper differs".into());
        }
        let mut changes = Vec::new();
        match &desired.version {
            Some(version) if self.version.as_ref() != Some(version) => {
                changes.push(ServerChange::Version(version.clone()));
            }
            None if self.version.is_some() => return Comparison::Replaced("a version cannot be taken back".into()),
            _ => {}
        }
        changes.extend(OptionChanges::between(&self.options, &desired.options).map(ServerChange::Options));
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &ServerChange) {
        match change {
            ServerChange::Version(version) => self.version = Some(version.clone()),
            ServerChange::Options(changes) => changes.apply(&mut self.options),
        }
    }
}
