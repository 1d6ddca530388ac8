//! Transforms: how a procedural language sees values of a type.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

/// A transform. Both functions take one argument of type `internal`, which PostgreSQL asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transform {
    /// The type.
    pub type_name: TypeName,
    /// The language.
    pub language: Ident,
    /// What turns a value of SQL into one of the language.
    #[serde(default)]
    pub from_sql: Option<QualifiedName>,
    /// What turns a value of the language into one of SQL.
    #[serde(default)]
    pub to_sql: Option<QualifiedName>,
}

/// A change of a transform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransformChange {
    /// `CREATE OR REPLACE TRANSFORM`: the functions that use it stay.
    Replace(Transform),
}

/// The identity of a transform: the language's name, with the type as its signature.
pub(crate) fn transform_id(type_name: &TypeName, language: &Ident) -> ObjectId {
    ObjectId {
        signature: Some(type_name.to_string().into()),
        ..ObjectId::global(Kind::Transform, language)
    }
}

impl Definition for Transform {
    type Change = TransformChange;

    fn id(&self) -> ObjectId {
        transform_id(&self.type_name, &self.language)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.type_name(&mut self.type_name);
        let mut language = QualifiedName::bare(self.language.clone());
        visitor.name(NameRole::Of(Kind::Language), &mut language);
        self.language = language.name;
        for function in [&mut self.from_sql, &mut self.to_sql].into_iter().flatten() {
            visitor.name(NameRole::Routine, function);
        }
    }

    fn rename(&mut self, _to: &ObjectId) {}

    fn compare(&self, desired: &Self) -> Comparison<TransformChange> {
        Comparison::of(if self == desired {
            vec![]
        } else {
            vec![TransformChange::Replace(desired.clone())]
        })
    }

    fn apply(&mut self, change: &TransformChange) {
        match change {
            TransformChange::Replace(transform) => self.clone_from(transform),
        }
    }
}
