//! Operator classes.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::operator_family::Member;
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

/// An operator class: what an index does with a type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatorClass {
    /// Its name.
    pub name: QualifiedName,
    /// The index access method.
    pub method: Ident,
    /// The family it belongs to.
    pub family: QualifiedName,
    /// Whether it is taken where nobody names one.
    #[serde(default)]
    pub default: bool,
    /// The type it is for.
    #[serde(rename = "type")]
    pub type_name: TypeName,
    /// The type that the index stores, where it is another one.
    #[serde(default)]
    pub storage: Option<TypeName>,
    /// Its operators and functions.
    #[serde(default)]
    pub members: Vec<Member>,
}

/// An operator class is made anew for every change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OperatorClassChange {}

impl Definition for OperatorClass {
    type Change = OperatorClassChange;

    fn id(&self) -> ObjectId {
        ObjectId::routine(Kind::OperatorClass, &self.name, &self.method.to_string())
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let mut method = QualifiedName::bare(self.method.clone());
        visitor.name(NameRole::Of(Kind::AccessMethod), &mut method);
        self.method = method.name;
        visitor.name(NameRole::Of(Kind::OperatorFamily), &mut self.family);
        visitor.type_name(&mut self.type_name);
        if let Some(storage) = &mut self.storage {
            visitor.type_name(storage);
        }
        for member in &mut self.members {
            member.visit(visitor);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<OperatorClassChange> {
        let sorted = |class: &Self| {
            let mut members = class.members.clone();
            members.sort();
            Self {
                members,
                ..class.clone()
            }
        };
        if sorted(self) == sorted(desired) {
            Comparison::Same
        } else {
            Comparison::Replaced("its definition differs".into())
        }
    }

    fn apply(&mut self, change: &OperatorClassChange) {
        match *change {}
    }
}
