//! Privileges that objects created later get.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::grant::{AclChange, Grants, apply, difference, initial_grants};
use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::Ident;

/// The default privileges of one role, in one namespace or everywhere, for one class of objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// The role whose new objects are meant; empty for the role that runs the plan.
    pub role: Ident,
    /// The namespace; `None` for all.
    #[serde(default)]
    pub namespace: Option<Ident>,
    /// `TABLES`, `SEQUENCES`, `FUNCTIONS`, `TYPES` or `SCHEMAS`.
    pub class: String,
    /// What is granted. With a namespace: in addition to the general ones; without: instead of the built-in ones.
    #[serde(default)]
    pub grants: Grants,
}

/// A change of default privileges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultPrivilegesChange {
    /// A grant or revoke.
    Acl(AclChange),
}

/// What the class gets when nothing is said: general default privileges start from the built-in ones, those of a namespace
/// from none.
pub(crate) fn initial(defaults: &DefaultPrivileges) -> Grants {
    match (&defaults.namespace, defaults.class.as_str()) {
        (None, "FUNCTIONS") => initial_grants(Kind::Function),
        (None, "TYPES") => initial_grants(Kind::EnumType),
        _ => Grants::new(),
    }
}

/// Whether they are about new objects of this kind in this place.
pub(crate) fn concern(defaults: &DefaultPrivileges, on: &ObjectId) -> bool {
    let class = match on.kind {
        Kind::Function | Kind::Procedure | Kind::Aggregate => "FUNCTIONS",
        Kind::Sequence => "SEQUENCES",
        Kind::Namespace => "SCHEMAS",
        kind if kind.is_relation() => "TABLES",
        kind if kind.is_type() => "TYPES",
        _ => return false,
    };
    defaults.class == class && (defaults.namespace.is_none() || defaults.namespace == on.namespace)
}

impl Definition for DefaultPrivileges {
    type Change = DefaultPrivilegesChange;

    fn id(&self) -> ObjectId {
        ObjectId {
            namespace: self.namespace.clone(),
            signature: Some(Arc::from(self.class.as_str())),
            ..ObjectId::global(Kind::DefaultPrivileges, &self.role)
        }
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        if !self.role.as_str().is_empty() {
            visitor.role(&mut self.role);
        }
        super::grant::visit(&mut self.grants, visitor);
    }

    fn rename(&mut self, to: &ObjectId) {
        self.namespace.clone_from(&to.namespace);
        self.role = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<DefaultPrivilegesChange> {
        Comparison::of(
            difference(&self.grants, &desired.grants)
                .into_iter()
                .map(DefaultPrivilegesChange::Acl)
                .collect(),
        )
    }

    fn apply(&mut self, change: &DefaultPrivilegesChange) {
        match change {
            DefaultPrivilegesChange::Acl(change) => apply(&mut self.grants, change),
        }
    }
}
