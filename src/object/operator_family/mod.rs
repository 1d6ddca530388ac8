//! Operator families.

pub(crate) mod introspect;
pub(crate) mod member;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

pub use self::member::Member;

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// A family of operator classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatorFamily {
    /// Its name.
    pub name: QualifiedName,
    /// The index access method.
    pub method: Ident,
    /// The operators and functions that belong to none of its classes.
    #[serde(default)]
    pub members: Vec<Member>,
}

/// A change of an operator family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorFamilyChange {
    /// `ADD`.
    Add(Vec<Member>),
    /// `DROP`.
    Drop(Vec<Member>),
}

impl Definition for OperatorFamily {
    type Change = OperatorFamilyChange;

    fn id(&self) -> ObjectId {
        ObjectId::routine(Kind::OperatorFamily, &self.name, &self.method.to_string())
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let mut method = QualifiedName::bare(self.method.clone());
        visitor.name(NameRole::Of(Kind::AccessMethod), &mut method);
        self.method = method.name;
        for member in &mut self.members {
            member.visit(visitor);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<OperatorFamilyChange> {
        let gone = self.members.iter().filter(|member| !desired.members.contains(member));
        let new = desired.members.iter().filter(|member| !self.members.contains(member));
        let (gone, new): (Vec<Member>, Vec<Member>) = (gone.cloned().collect(), new.cloned().collect());
        let mut changes = Vec::new();
        if !gone.is_empty() {
            changes.push(OperatorFamilyChange::Drop(gone));
        }
        if !new.is_empty() {
            changes.push(OperatorFamilyChange::Add(new));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &OperatorFamilyChange) {
        match change {
            OperatorFamilyChange::Add(members) => self.members.extend(members.iter().cloned()),
            OperatorFamilyChange::Drop(members) => self
                .members
                .retain(|member| !members.iter().any(|gone| gone.dropped() == member.dropped())),
        }
        self.members.sort();
    }
}
