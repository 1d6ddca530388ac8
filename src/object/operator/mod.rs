//! Operators.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::QualifiedName;
use crate::types::TypeName;

/// An operator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operator {
    /// Its symbol, in its namespace.
    pub name: QualifiedName,
    /// The type on its left; none for a prefix operator.
    #[serde(default)]
    pub left: Option<TypeName>,
    /// The type on its right.
    pub right: TypeName,
    /// The function that does it.
    pub function: QualifiedName,
    /// The operator with the operands exchanged.
    #[serde(default)]
    pub commutator: Option<QualifiedName>,
    /// The operator that is true where this is false.
    #[serde(default)]
    pub negator: Option<QualifiedName>,
    /// The function that estimates how many rows pass.
    #[serde(default)]
    pub restrict: Option<QualifiedName>,
    /// The same for joins.
    #[serde(default)]
    pub join: Option<QualifiedName>,
    /// Whether a hash join may use it.
    #[serde(default)]
    pub hashes: bool,
    /// Whether a merge join may use it.
    #[serde(default)]
    pub merges: bool,
}

/// A change of an operator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorChange {
    /// `SET (RESTRICT = ..)`.
    Restrict(Option<QualifiedName>),
    /// `SET (JOIN = ..)`.
    Join(Option<QualifiedName>),
}

/// The identity of an operator.
pub(crate) fn operator_id(name: &QualifiedName, left: Option<&TypeName>, right: &TypeName) -> ObjectId {
    let left = left.map_or_else(|| "NONE".to_owned(), ToString::to_string);
    ObjectId::routine(Kind::Operator, name, &format!("{left}, {right}"))
}

/// An operator as SQL names it: `app.===`.
pub(crate) fn symbol(name: &QualifiedName) -> String {
    match &name.namespace {
        Some(namespace) => format!("{namespace}.{}", name.name.as_str()),
        None => name.name.as_str().to_owned(),
    }
}

impl Definition for Operator {
    type Change = OperatorChange;

    fn id(&self) -> ObjectId {
        operator_id(&self.name, self.left.as_ref(), &self.right)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        for type_name in self.left.iter_mut().chain([&mut self.right]) {
            visitor.type_name(type_name);
        }
        // Commutator and negator name each other, so neither can wait for the other: PostgreSQL takes them as announced.
        let functions = [Some(&mut self.function), self.restrict.as_mut(), self.join.as_mut()];
        for function in functions.into_iter().flatten() {
            visitor.name(NameRole::Routine, function);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<OperatorChange> {
        let fixed = Self {
            restrict: self.restrict.clone(),
            join: self.join.clone(),
            ..desired.clone()
        };
        if *self != fixed {
            return Comparison::Replaced("its definition differs".into());
        }
        let mut changes = Vec::new();
        if self.restrict != desired.restrict {
            changes.push(OperatorChange::Restrict(desired.restrict.clone()));
        }
        if self.join != desired.join {
            changes.push(OperatorChange::Join(desired.join.clone()));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &OperatorChange) {
        match change {
            OperatorChange::Restrict(function) => self.restrict.clone_from(function),
            OperatorChange::Join(function) => self.join.clone_from(function),
        }
    }
}
