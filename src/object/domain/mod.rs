//! Domains and their constraints.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

/// A domain; its checks are [`DomainConstraint`]s.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Domain {
    /// Its name.
    pub name: QualifiedName,
    /// The type it is based on.
    pub base: TypeName,
    /// Its collation, where it is not the base type's.
    #[serde(default)]
    pub collation: Option<QualifiedName>,
    /// Its default.
    #[serde(default)]
    pub default: Option<Expr>,
    /// Whether it refuses nulls.
    #[serde(default)]
    pub not_null: bool,
}

/// A change of a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainChange {
    /// `SET DEFAULT` or `DROP DEFAULT`.
    Default(Option<Expr>),
    /// `SET NOT NULL` or `DROP NOT NULL`.
    NotNull(bool),
}

impl Definition for Domain {
    type Change = DomainChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::Domain, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.type_name(&mut self.base);
        if let Some(collation) = &mut self.collation {
            visitor.name(NameRole::Collation, collation);
        }
        if let Some(default) = &mut self.default {
            visitor.expr("default", None, default);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<DomainChange> {
        let Self {
            name: _,
            base,
            collation,
            default,
            not_null,
        } = desired;
        if self.base != *base || self.collation != *collation {
            return Comparison::Replaced(format!("its base type is {} and shall be {base}", self.base));
        }
        let mut changes = Vec::new();
        if self.default != *default {
            changes.push(DomainChange::Default(default.clone()));
        }
        if self.not_null != *not_null {
            changes.push(DomainChange::NotNull(*not_null));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &DomainChange) {
        match change {
            DomainChange::Default(default) => self.default.clone_from(default),
            DomainChange::NotNull(not_null) => self.not_null = *not_null,
        }
    }
}

/// A check of a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainConstraint {
    /// The domain.
    pub domain: QualifiedName,
    /// The constraint's name.
    pub name: Ident,
    /// The condition on `VALUE`.
    pub check: Expr,
    /// Whether existing values have not been checked.
    #[serde(default)]
    pub not_valid: bool,
}

/// A change of a domain constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainConstraintChange {
    /// `ALTER DOMAIN ... VALIDATE CONSTRAINT`.
    Validate,
}

impl Definition for DomainConstraint {
    type Change = DomainConstraintChange;

    fn id(&self) -> ObjectId {
        ObjectId::part(Kind::DomainConstraint, &self.domain, &self.name)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(ObjectId::named(Kind::Domain, &self.domain))
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.expr("check", None, &mut self.check);
    }

    fn rename(&mut self, to: &ObjectId) {
        self.domain = to.qualified();
        self.name = to.own_name().clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<DomainConstraintChange> {
        let Self {
            domain: _,
            name: _,
            check,
            not_valid,
        } = desired;
        if self.check != *check || (*not_valid && !self.not_valid) {
            Comparison::Replaced("its condition differs".into())
        } else if self.not_valid && !not_valid {
            Comparison::Altered(vec![DomainConstraintChange::Validate])
        } else {
            Comparison::Same
        }
    }

    fn apply(&mut self, change: &DomainConstraintChange) {
        match change {
            DomainConstraintChange::Validate => self.not_valid = false,
        }
    }
}
