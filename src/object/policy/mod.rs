//! Row security policies.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};

/// A row security policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Its table.
    pub table: QualifiedName,
    /// Its name.
    pub name: Ident,
    /// `AS RESTRICTIVE` instead of `PERMISSIVE`.
    #[serde(default)]
    pub restrictive: bool,
    /// The command it is for.
    #[serde(default)]
    pub command: PolicyCommand,
    /// The roles it is for, sorted; empty for `PUBLIC`.
    #[serde(default)]
    pub roles: Vec<Ident>,
    /// `USING`.
    #[serde(default)]
    pub using: Option<Expr>,
    /// `WITH CHECK`.
    #[serde(default)]
    pub check: Option<Expr>,
}

/// The command a policy is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyCommand {
    /// `ALL`.
    #[default]
    All,
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

/// A change of a policy: the whole of what `ALTER POLICY` can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyChange {
    /// `TO`.
    Roles(Vec<Ident>),
    /// `USING`.
    Using(Expr),
    /// `WITH CHECK`.
    Check(Expr),
}

impl Definition for Policy {
    type Change = PolicyChange;

    fn id(&self) -> ObjectId {
        ObjectId::part(Kind::Policy, &self.table, &self.name)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(ObjectId::named(Kind::Table, &self.table))
    }

    fn binding_texts(&self) -> Vec<&str> {
        let texts = self.using.iter().chain(&self.check);
        texts.map(|expr| expr.text.as_str()).collect()
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        let table = self.table.clone();
        if let Some(using) = &mut self.using {
            visitor.expr("using", Some(&table), using);
        }
        if let Some(check) = &mut self.check {
            visitor.expr("check", Some(&table), check);
        }
        self.roles.iter_mut().for_each(|role| visitor.role(role));
        self.roles.sort();
        self.roles.dedup();
    }

    fn rename(&mut self, to: &ObjectId) {
        self.table = to.qualified();
        self.name = to.own_name().clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<PolicyChange> {
        let Self {
            table: _,
            name: _,
            restrictive,
            command,
            roles,
            using,
            check,
        } = desired;
        if self.restrictive != *restrictive || self.command != *command {
            return Comparison::Replaced("its command or mode differs".into());
        }
        let mut changes = Vec::new();
        if self.roles != *roles {
            changes.push(PolicyChange::Roles(roles.clone()));
        }
        if self.using != *using {
            match using {
                Some(using) => changes.push(PolicyChange::Using(using.clone())),
                None => return Comparison::Replaced("its USING condition is gone".into()),
            }
        }
        if self.check != *check {
            match check {
                Some(check) => changes.push(PolicyChange::Check(check.clone())),
                None => return Comparison::Replaced("its WITH CHECK condition is gone".into()),
            }
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &PolicyChange) {
        match change {
            PolicyChange::Roles(roles) => self.roles.clone_from(roles),
            PolicyChange::Using(using) => self.using = Some(using.clone()),
            PolicyChange::Check(check) => self.check = Some(check.clone()),
        }
    }
}
