//! Access methods: how tables keep their rows, or how indexes find them.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// An access method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessMethod {
    /// Its name.
    pub name: Ident,
    /// What it is for.
    #[serde(rename = "type")]
    pub purpose: Purpose,
    /// The function that makes it work.
    pub handler: QualifiedName,
}

/// What an access method is for (`pg_am.amtype`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Indexes.
    Index,
    /// Tables and materialized views.
    Table,
}

/// PostgreSQL has no `ALTER ACCESS METHOD`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AccessMethodChange {}

impl Definition for AccessMethod {
    type Change = AccessMethodChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::AccessMethod, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.name(NameRole::Routine, &mut self.handler);
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<AccessMethodChange> {
        let Self {
            name: _,
            purpose,
            handler,
        } = desired;
        if (&self.purpose, &self.handler) == (purpose, handler) {
            Comparison::Same
        } else {
            Comparison::Replaced("its purpose or its handler differs".into())
        }
    }

    fn apply(&mut self, change: &AccessMethodChange) {
        match *change {}
    }
}
