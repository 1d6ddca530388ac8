//! Privileges that objects created later get.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::grant::{Acl, AclChange, Grants, Withheld, initial_grants};
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
    /// What the role withholds from itself. Only general ones can: those of a namespace come in addition.
    #[serde(default, skip_serializing_if = "Withheld::is_empty")]
    pub withheld: Withheld,
}

impl DefaultPrivileges {
    /// What they begin with, where nothing is said.
    pub(crate) fn unsaid(role: Ident, namespace: Option<Ident>, class: &str) -> Self {
        let unsaid = Self {
            role,
            namespace,
            class: class.to_owned(),
            grants: Grants::new(),
            withheld: Withheld::new(),
        };
        Self {
            grants: initial(&unsaid),
            ..unsaid
        }
    }

    /// Whether nothing is said that would not be so anyway.
    pub(crate) fn is_unsaid(&self) -> bool {
        self.withheld.is_empty() && self.grants == initial(self)
    }

    /// Grants and revokes that turn these into others of the same role.
    pub(crate) fn changes(&self, desired: &Self) -> Vec<AclChange> {
        self.as_acl().changes(&desired.as_acl())
    }

    /// Leaves out what its role has by owning what it makes, and what was taken from roles that had nothing.
    pub(crate) fn owned(&mut self) {
        if self.namespace.is_some() {
            self.withheld.clear();
        } else if !self.role.as_str().is_empty() {
            let role = self.role.clone();
            self.change(|acl| acl.owned_by(&role));
        }
    }

    /// Writes `ALL` out for a server.
    pub(crate) fn expand_all(&mut self, server_version: u32) {
        self.change(|acl| acl.expand_all(server_version));
    }

    /// The privileges of a new object of the class.
    fn as_acl(&self) -> Acl {
        Acl {
            on: ObjectId::global(self.kind(), &self.role),
            grants: self.grants.clone(),
            withheld: self.withheld.clone(),
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Acl)) {
        let mut acl = self.as_acl();
        change(&mut acl);
        self.grants = acl.grants;
        self.withheld = acl.withheld;
    }

    /// A kind of the class.
    fn kind(&self) -> Kind {
        match self.class.as_str() {
            "SEQUENCES" => Kind::Sequence,
            "FUNCTIONS" => Kind::Function,
            "TYPES" => Kind::EnumType,
            "SCHEMAS" => Kind::Namespace,
            _ => Kind::Table,
        }
    }
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
fn initial(defaults: &DefaultPrivileges) -> Grants {
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
        self.change(|acl| acl.visit(visitor));
    }

    fn rename(&mut self, to: &ObjectId) {
        self.namespace.clone_from(&to.namespace);
        self.role = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<DefaultPrivilegesChange> {
        Comparison::of(
            self.changes(desired)
                .into_iter()
                .map(DefaultPrivilegesChange::Acl)
                .collect(),
        )
    }

    fn apply(&mut self, change: &DefaultPrivilegesChange) {
        match change {
            DefaultPrivilegesChange::Acl(change) => {
                self.change(|acl| acl.apply(change));
                self.owned();
            }
        }
    }
}
