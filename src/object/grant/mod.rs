//! Privileges granted on objects of any kind; managed only for objects whose grants the desired files speak of.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;
mod targets;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::Ident;

/// Grantee (empty for `PUBLIC`) -> privilege in upper case (`SELECT`) -> whether it may be granted on. The owner's own
/// privileges are left out.
pub type Grants = BTreeMap<Ident, BTreeMap<String, bool>>;

/// All privileges granted on one object. Its presence among the desired objects means that the files speak of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acl {
    /// The object; column privileges are on the column.
    pub on: ObjectId,
    /// What is granted.
    #[serde(default)]
    pub grants: Grants,
}

/// A change of the privileges on an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AclChange {
    /// `GRANT`.
    Grant {
        /// The role; empty for `PUBLIC`.
        grantee: Ident,
        /// Privileges in upper case, sorted. `ALL` stands alone and is expanded where the kind is known.
        privileges: Vec<String>,
        /// `WITH GRANT OPTION`.
        #[serde(default)]
        grantable: bool,
    },
    /// `REVOKE`.
    Revoke {
        /// The role; empty for `PUBLIC`.
        grantee: Ident,
        /// Privileges in upper case, sorted.
        privileges: Vec<String>,
        /// `GRANT OPTION FOR`.
        #[serde(default)]
        option_only: bool,
    },
}

/// Stands in [`Grants`] of a table, view or materialized view, or of future ones, for every privilege that the server knows.
/// [`expand_all`] writes it out.
pub const ALL: &str = "ALL";

/// Writes [`ALL`] out, and leaves out privileges that the server does not know.
pub fn expand_all(grants: &mut Grants, server_version: u32) {
    let known = all_privileges(Kind::Table, server_version);
    for privileges in grants.values_mut() {
        if let Some(grantable) = privileges.remove(ALL) {
            for privilege in &known {
                *privileges.entry(privilege.clone()).or_default() |= grantable;
            }
        }
        if !known.iter().any(|name| name == "MAINTAIN") {
            privileges.remove("MAINTAIN");
        }
    }
    grants.retain(|_, privileges| !privileges.is_empty());
}

/// Every privilege that `GRANT ALL` gives on an object of the kind (PostgreSQL documentation, table of ACL privileges).
/// `MAINTAIN` exists since PostgreSQL 17.
pub fn all_privileges(kind: Kind, server_version: u32) -> Vec<String> {
    let names: &[&str] = match kind {
        Kind::Table | Kind::View | Kind::MaterializedView => {
            let all = &[
                "DELETE",
                "INSERT",
                "MAINTAIN",
                "REFERENCES",
                "SELECT",
                "TRIGGER",
                "TRUNCATE",
                "UPDATE",
            ];
            return all
                .iter()
                .filter(|name| server_version >= 17 || **name != "MAINTAIN")
                .map(ToString::to_string)
                .collect();
        }
        Kind::Column => &["INSERT", "REFERENCES", "SELECT", "UPDATE"],
        Kind::Sequence => &["SELECT", "UPDATE", "USAGE"],
        Kind::Namespace => &["CREATE", "USAGE"],
        Kind::Function | Kind::Procedure | Kind::Aggregate => &["EXECUTE"],
        _ => &["USAGE"],
    };
    names.iter().map(ToString::to_string).collect()
}

/// What everybody may do with a new object of the kind unless it is revoked.
pub fn initial_grants(kind: Kind) -> Grants {
    let privilege = match kind {
        Kind::Function | Kind::Procedure | Kind::Aggregate => "EXECUTE",
        Kind::EnumType | Kind::CompositeType | Kind::RangeType | Kind::Domain | Kind::Language => "USAGE",
        _ => return Grants::new(),
    };
    Grants::from([(Ident::new(""), BTreeMap::from([(privilege.to_string(), false)]))])
}

/// Grants and revokes that turn one set of privileges into another.
pub fn difference(live: &Grants, desired: &Grants) -> Vec<AclChange> {
    let none = BTreeMap::new();
    let mut changes = Vec::new();
    for (grantee, have) in live {
        let want = desired.get(grantee).unwrap_or(&none);
        let gone: Vec<_> = have.keys().filter(|name| !want.contains_key(*name)).cloned().collect();
        if !gone.is_empty() {
            changes.push(AclChange::Revoke {
                grantee: grantee.clone(),
                privileges: gone,
                option_only: false,
            });
        }
        let narrowed: Vec<_> = have
            .iter()
            .filter(|(name, grantable)| **grantable && want.get(*name) == Some(&false))
            .map(|(n, _)| n.clone())
            .collect();
        if !narrowed.is_empty() {
            changes.push(AclChange::Revoke {
                grantee: grantee.clone(),
                privileges: narrowed,
                option_only: true,
            });
        }
    }
    for (grantee, want) in desired {
        let have = live.get(grantee).unwrap_or(&none);
        for grantable in [false, true] {
            let privileges: Vec<_> = want
                .iter()
                .filter(|(name, g)| **g == grantable && have.get(*name).is_none_or(|had| grantable && !had))
                .map(|(name, _)| name.clone())
                .collect();
            if !privileges.is_empty() {
                changes.push(AclChange::Grant {
                    grantee: grantee.clone(),
                    privileges,
                    grantable,
                });
            }
        }
    }
    changes
}

/// Applies one grant or revoke.
pub fn apply(grants: &mut Grants, change: &AclChange) {
    match change {
        AclChange::Grant {
            grantee,
            privileges,
            grantable,
        } => {
            let entry = grants.entry(grantee.clone()).or_default();
            for privilege in privileges {
                if privilege == ALL {
                    // It covers what was granted one by one, but not the option to grant it on.
                    entry.retain(|_, option| *option && !grantable);
                }
                *entry.entry(privilege.clone()).or_default() |= grantable;
            }
        }
        AclChange::Revoke {
            grantee,
            privileges,
            option_only,
        } => {
            if let Some(entry) = grants.get_mut(grantee) {
                let everything = privileges.iter().any(|privilege| privilege == ALL);
                if everything && *option_only {
                    entry.values_mut().for_each(|grantable| *grantable = false);
                } else if everything {
                    entry.clear();
                } else if let Some(grantable) = entry.remove(ALL) {
                    // Only tables keep `ALL` unexpanded.
                    for privilege in all_privileges(Kind::Table, u32::MAX) {
                        *entry.entry(privilege).or_default() |= grantable;
                    }
                }
                for privilege in privileges {
                    if *option_only {
                        entry
                            .entry(privilege.clone())
                            .and_modify(|grantable| *grantable = false);
                    } else {
                        entry.remove(privilege);
                    }
                }
                if entry.is_empty() {
                    grants.remove(grantee);
                }
            }
        }
    }
}

/// Shows the grantees. Two that become one have the privileges of both.
pub(crate) fn visit(grants: &mut Grants, visitor: &mut dyn Visitor) {
    let mut moved = Vec::new();
    for role in grants.keys() {
        let mut to = role.clone();
        visitor.role(&mut to);
        if to != *role {
            moved.push((role.clone(), to));
        }
    }
    for (role, to) in moved {
        let privileges = grants.remove(&role).unwrap_or_default();
        let entry = grants.entry(to).or_default();
        for (privilege, grantable) in privileges {
            *entry.entry(privilege).or_default() |= grantable;
        }
    }
}

impl Definition for Acl {
    type Change = AclChange;

    fn id(&self) -> ObjectId {
        ObjectId::satellite(Kind::Acl, &self.on)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(self.on.clone())
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visit(&mut self.grants, visitor);
    }

    fn rename(&mut self, to: &ObjectId) {
        if let Some(on) = &to.on {
            self.on = (**on).clone();
        }
    }

    fn compare(&self, desired: &Self) -> Comparison<AclChange> {
        Comparison::of(difference(&self.grants, &desired.grants))
    }

    fn apply(&mut self, change: &AclChange) {
        apply(&mut self.grants, change);
    }
}
