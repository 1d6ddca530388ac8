//! Owners of objects of any kind; managed only where the desired files name one.

pub(crate) mod introspect;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::grant::Acl;
use super::{Comparison, Definition, Kind, Object, ObjectId, Visitor};
use crate::name::Ident;
use crate::schema::Schema;

/// The owner of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Owner {
    /// What is owned.
    pub on: ObjectId,
    /// The owning role.
    pub role: Ident,
}

/// A change of an owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerChange {
    /// `ALTER ... OWNER TO`.
    Role(Ident),
}

impl Definition for Owner {
    type Change = OwnerChange;

    fn id(&self) -> ObjectId {
        ObjectId::satellite(Kind::Owner, &self.on)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(self.on.clone())
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.role(&mut self.role);
    }

    fn rename(&mut self, to: &ObjectId) {
        if let Some(on) = &to.on {
            self.on = (**on).clone();
        }
    }

    fn compare(&self, desired: &Self) -> Comparison<OwnerChange> {
        Comparison::of(if self.role == desired.role {
            vec![]
        } else {
            vec![OwnerChange::Role(desired.role.clone())]
        })
    }

    fn apply(&mut self, change: &OwnerChange) {
        match change {
            OwnerChange::Role(role) => self.role = role.clone(),
        }
    }
}

/// What the new owner of an object was granted on it, and on its columns, becomes part of what it may do as the owner
/// (PostgreSQL: `aclnewowner`).
pub(crate) fn take_over(schema: &mut Schema, on: &ObjectId, role: &Ident) {
    let columns = schema.children(on).filter(|child| child.kind == Kind::Column);
    let subjects: Vec<ObjectId> = columns.cloned().chain([on.clone()]).collect();
    for subject in subjects {
        if let Some(Object::Acl(Acl { grants, .. })) = schema.get_mut(&ObjectId::satellite(Kind::Acl, &subject)) {
            grants.remove(role);
        }
    }
}
