//! Casts.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

/// A cast from one type to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cast {
    /// The type it starts from.
    pub source: TypeName,
    /// The type it leads to.
    pub target: TypeName,
    /// The function that does it; none for the same bytes (`WITHOUT FUNCTION`), or for text (`WITH INOUT`).
    #[serde(default)]
    pub function: Option<QualifiedName>,
    /// The types of the function's arguments.
    #[serde(default)]
    pub arguments: Vec<TypeName>,
    /// Whether it goes through the text form of the value.
    #[serde(default)]
    pub inout: bool,
    /// Where it is used without being asked for.
    #[serde(default)]
    pub context: CastContext,
}

/// Where a cast is used without being asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CastContext {
    /// Nowhere.
    #[default]
    Explicit,
    /// In assignments.
    Assignment,
    /// Everywhere.
    Implicit,
}

/// A cast is made anew for every change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CastChange {}

/// The identity of the cast between two types.
pub(crate) fn cast_id(source: &TypeName, target: &TypeName) -> ObjectId {
    ObjectId {
        signature: Some(format!("{source} AS {target}").into()),
        ..ObjectId::global(Kind::Cast, &Ident::new(""))
    }
}

impl Definition for Cast {
    type Change = CastChange;

    fn id(&self) -> ObjectId {
        cast_id(&self.source, &self.target)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.type_name(&mut self.source);
        visitor.type_name(&mut self.target);
        for argument in &mut self.arguments {
            visitor.type_name(argument);
        }
        if let Some(function) = &mut self.function {
            visitor.name(NameRole::Routine, function);
        }
    }

    fn rename(&mut self, _to: &ObjectId) {}

    fn compare(&self, desired: &Self) -> Comparison<CastChange> {
        if self == desired {
            Comparison::Same
        } else {
            Comparison::Replaced("its definition differs".into())
        }
    }

    fn apply(&mut self, change: &CastChange) {
        match *change {}
    }
}
