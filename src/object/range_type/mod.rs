//! Range types.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::QualifiedName;
use crate::types::TypeName;

/// A range type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RangeType {
    /// Its name.
    pub name: QualifiedName,
    /// The type of its bounds.
    pub subtype: TypeName,
    /// The operator class that orders the bounds, where it is not the default.
    #[serde(default)]
    pub operator_class: Option<QualifiedName>,
    /// The collation of the bounds, where it is not the subtype's.
    #[serde(default)]
    pub collation: Option<QualifiedName>,
    /// The function that brings a range into its canonical form.
    #[serde(default)]
    pub canonical: Option<QualifiedName>,
    /// The function that subtracts two bounds.
    #[serde(default)]
    pub subtype_diff: Option<QualifiedName>,
    /// The name of its multirange type; `None` when the files do not say.
    #[serde(default)]
    pub multirange: Option<QualifiedName>,
}

/// A range type can only be replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RangeChange {}

impl Definition for RangeType {
    type Change = RangeChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::RangeType, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.type_name(&mut self.subtype);
        let Self {
            operator_class,
            collation,
            canonical,
            subtype_diff,
            ..
        } = self;
        for (role, name) in [
            (NameRole::OperatorClass, operator_class),
            (NameRole::Collation, collation),
            (NameRole::Routine, canonical),
            (NameRole::Routine, subtype_diff),
        ] {
            if let Some(name) = name {
                visitor.name(role, name);
            }
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<RangeChange> {
        if self == desired {
            Comparison::Same
        } else {
            Comparison::Replaced("its definition differs".into())
        }
    }

    fn apply(&mut self, change: &RangeChange) {
        match *change {}
    }
}
