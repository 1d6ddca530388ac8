//! Owners of objects of any kind; managed only where the desired files name one.

pub(crate) mod introspect;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

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

/// What the new owner of an object was granted on it, and on its columns, becomes part of what it may do as the owner.
pub(crate) fn take_over(schema: &mut Schema, on: &ObjectId, before: Option<&Ident>, role: &Ident) {
    for subject in owned_with(schema, on) {
        if let Some(Object::Acl(acl)) = schema.get_mut(&ObjectId::satellite(Kind::Acl, &subject)) {
            acl.hand_over(before, role);
        }
    }
}

/// The owner of an object, or of the relation of a column, or of the table that a sequence belongs to.
pub(crate) fn owner_of<'s>(schema: &'s Schema, on: &ObjectId) -> Option<&'s Ident> {
    let home = match on.kind {
        Kind::Column => schema.relation(&on.qualified())?,
        Kind::Sequence => match schema.get(on) {
            Some(Object::Sequence(sequence)) => match &sequence.owned_by {
                Some(owner) => ObjectId::named(Kind::Table, &owner.table),
                None => on.clone(),
            },
            _ => identity_of(schema, on)?,
        },
        _ => on.clone(),
    };
    match schema.get(&ObjectId::satellite(Kind::Owner, &home)) {
        Some(Object::Owner(owner)) => Some(&owner.role),
        _ => None,
    }
}

/// What has the same owner as an object: itself, its columns, and the sequences that belong to them.
pub(crate) fn owned_with(schema: &Schema, on: &ObjectId) -> Vec<ObjectId> {
    let mut found = vec![on.clone()];
    for id in schema.children(on).filter(|child| child.kind == Kind::Column) {
        found.push(id.clone());
        if let Some(Object::Column(column)) = schema.get(id)
            && let Some(identity) = &column.identity
        {
            found.push(ObjectId::named(Kind::Sequence, &identity.sequence_of(id)));
        }
    }
    if on.kind == Kind::Table {
        let sequences = schema.of_kind(Kind::Sequence);
        let owned = sequences.filter(|(_, object)| match object {
            Object::Sequence(sequence) => {
                let owner = sequence.owned_by.as_ref();
                owner.is_some_and(|owner| owner.table == on.qualified())
            }
            _ => false,
        });
        found.extend(owned.map(|(id, _)| id.clone()));
    }
    found
}

/// The table with the identity column that a sequence numbers.
fn identity_of(schema: &Schema, sequence: &ObjectId) -> Option<ObjectId> {
    schema.of_kind(Kind::Column).find_map(|(id, object)| match object {
        Object::Column(column) => {
            let is_its = column.identity.as_ref()?.sequence_of(id) == sequence.qualified();
            is_its.then(|| ObjectId::named(Kind::Table, &column.table))
        }
        _ => None,
    })
}

/// Privileges as they are once the owner of their object is known.
pub(crate) fn leave_out_own(schema: &mut Schema, id: &ObjectId) {
    let Some(owner) = owner_of(schema, id.subject()).cloned() else {
        return;
    };
    if let Some(Object::Acl(acl)) = schema.get_mut(id) {
        acl.owned_by(&owner);
    }
}
