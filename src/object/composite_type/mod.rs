//! Free-standing composite types.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

/// A composite type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompositeType {
    /// Its name.
    pub name: QualifiedName,
    /// Its attributes in order.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub type_name: TypeName,
    /// Its collation, where it is not the type's own.
    #[serde(default)]
    pub collation: Option<QualifiedName>,
}

/// A change of a composite type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompositeChange {
    /// `ADD ATTRIBUTE` at the end.
    Add(Attribute),
    /// `DROP ATTRIBUTE`.
    Drop(Ident),
    /// `ALTER ATTRIBUTE ... TYPE`.
    Type(Attribute),
    /// `RENAME ATTRIBUTE`.
    Rename {
        /// The name as it is.
        from: Ident,
        /// The name as it shall be.
        to: Ident,
    },
}

impl Definition for CompositeType {
    type Change = CompositeChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::CompositeType, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        for attribute in &mut self.attributes {
            visitor.type_name(&mut attribute.type_name);
            if let Some(collation) = &mut attribute.collation {
                visitor.name(NameRole::Collation, collation);
            }
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<CompositeChange> {
        let Self { name: _, attributes } = desired;
        let find = |list: &[Attribute], name: &Ident| list.iter().find(|a| a.name == *name).cloned();
        let mut changes = Vec::new();
        for attribute in self.attributes.iter().filter(|a| find(attributes, &a.name).is_none()) {
            changes.push(CompositeChange::Drop(attribute.name.clone()));
        }
        for attribute in attributes {
            match find(&self.attributes, &attribute.name) {
                None => changes.push(CompositeChange::Add(attribute.clone())),
                Some(live) if live != *attribute => changes.push(CompositeChange::Type(attribute.clone())),
                Some(_) => {}
            }
        }
        let mut result = self.clone();
        changes.iter().for_each(|change| result.apply(change));
        if result.attributes != *attributes {
            return Comparison::Replaced("its attributes are in another order".into());
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &CompositeChange) {
        match change {
            CompositeChange::Add(attribute) => self.attributes.push(attribute.clone()),
            CompositeChange::Drop(name) => self.attributes.retain(|a| a.name != *name),
            CompositeChange::Type(attribute) => {
                for live in self.attributes.iter_mut().filter(|a| a.name == attribute.name) {
                    live.clone_from(attribute);
                }
            }
            CompositeChange::Rename { from, to } => {
                for live in self.attributes.iter_mut().filter(|a| a.name == *from) {
                    live.name = to.clone();
                }
            }
        }
    }
}
