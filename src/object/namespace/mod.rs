//! What PostgreSQL calls a schema.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::Ident;

/// A namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Namespace {
    /// Its name.
    pub name: Ident,
}

/// A namespace has nothing that can be changed but its satellites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NamespaceChange {}

impl Definition for Namespace {
    type Change = NamespaceChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::Namespace, &self.name)
    }

    fn visit(&mut self, _visitor: &mut dyn Visitor) {}

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, _desired: &Self) -> Comparison<NamespaceChange> {
        Comparison::Same
    }

    fn apply(&mut self, change: &NamespaceChange) {
        match *change {}
    }
}
