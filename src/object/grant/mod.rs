//! Privileges granted on objects of any kind; managed only for objects whose grants the desired files speak of.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;
mod targets;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};
use crate::name::Ident;

/// Grantee (empty for `PUBLIC`) -> privilege in upper case (`SELECT`) -> whether it may be granted on. The owner's own
/// privileges are left out, but for those on single columns, which nobody has by owning the table.
pub type Grants = BTreeMap<Ident, BTreeMap<String, bool>>;

/// Role -> privileges that were taken from it without having been granted. They say something for the owner alone, who has every
/// privilege until it is taken; once the owner is known, no other role is among them.
pub type Withheld = BTreeMap<Ident, BTreeSet<String>>;

/// All privileges granted on one object. Its presence among the desired objects means that the files speak of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acl {
    /// The object; column privileges are on the column.
    pub on: ObjectId,
    /// What is granted.
    #[serde(default)]
    pub grants: Grants,
    /// What the owner does not have.
    #[serde(default, skip_serializing_if = "Withheld::is_empty")]
    pub withheld: Withheld,
}

impl Acl {
    /// What is granted on an object whose owner has every privilege.
    pub fn of(on: ObjectId, grants: Grants) -> Self {
        Self {
            on,
            grants,
            withheld: Withheld::new(),
        }
    }

    /// What a new object has where nothing is said about it.
    pub fn initial(on: ObjectId) -> Self {
        let grants = initial_grants(on.kind);
        Self::of(on, grants)
    }

    /// Whether these are the privileges that every new object has.
    pub fn is_initial(&self) -> bool {
        self.withheld.is_empty() && self.grants == initial_grants(self.on.kind)
    }

    /// Grants and revokes that turn these privileges into others of the same object and owner.
    pub fn changes(&self, desired: &Self) -> Vec<AclChange> {
        let mut changes = difference(&self.grants, &desired.grants);
        changes.extend(self.changes_of_owner(desired));
        changes
    }

    /// Those of them that are about what the owner does not have. Another owner takes over what the one before lacked, so that its
    /// name alone is no difference.
    pub fn changes_of_owner(&self, desired: &Self) -> Vec<AclChange> {
        let Some(owner) = desired.withheld.keys().chain(self.withheld.keys()).next() else {
            return Vec::new();
        };
        let [have, want] = [self, desired].map(|acl| acl.withheld.values().flatten().collect::<BTreeSet<_>>());
        let more = |of: &BTreeSet<&String>, than: &BTreeSet<&String>| -> Vec<String> {
            of.difference(than).map(ToString::to_string).collect()
        };
        let (taken, back) = (more(&want, &have), more(&have, &want));
        let mut changes = Vec::new();
        if !taken.is_empty() {
            changes.push(AclChange::Revoke {
                grantee: owner.clone(),
                privileges: taken,
                option_only: false,
            });
        }
        if !back.is_empty() {
            changes.push(AclChange::Grant {
                grantee: owner.clone(),
                privileges: back,
                grantable: false,
            });
        }
        changes
    }

    /// Leaves out what an owner has by being it, and what was taken from roles that had nothing.
    pub fn owned_by(&mut self, owner: &Ident) {
        // On single columns it has what it was granted there.
        if self.on.kind == Kind::Column {
            self.withheld.clear();
            return;
        }
        self.grants.remove(owner);
        self.withheld.retain(|role, _| role == owner);
    }

    /// Another owner takes the place of the one before: it has what that one had, and what it was granted (PostgreSQL: `aclnewowner`).
    pub fn hand_over(&mut self, before: Option<&Ident>, to: &Ident) {
        if self.on.kind == Kind::Column {
            let theirs = before.and_then(|before| self.grants.remove(before)).unwrap_or_default();
            if !theirs.is_empty() {
                let entry = self.grants.entry(to.clone()).or_default();
                for (privilege, grantable) in theirs {
                    *entry.entry(privilege).or_default() |= grantable;
                }
            }
            return;
        }
        let granted = self.grants.remove(to).unwrap_or_default();
        let withheld = before.and_then(|before| self.withheld.remove(before));
        self.withheld.clear();
        if let Some(mut withheld) = withheld {
            withheld.retain(|privilege| !granted.contains_key(privilege));
            if !withheld.is_empty() {
                self.withheld.insert(to.clone(), withheld);
            }
        }
    }

    /// Writes [`ALL`] out as [`expand_all`] does.
    pub fn expand_all(&mut self, server_version: u32) {
        expand_all(&mut self.grants, server_version);
        let known = all_privileges(self.on.kind, server_version);
        for privileges in self.withheld.values_mut() {
            if privileges.remove(ALL) {
                privileges.extend(known.iter().cloned());
            }
            privileges.retain(|privilege| known.contains(privilege));
        }
        self.withheld.retain(|_, privileges| !privileges.is_empty());
    }

    /// Notes what a revoke takes from a role that was not granted it.
    fn withhold(&mut self, role: &Ident, privileges: &[String]) {
        if role.as_str().is_empty() {
            return;
        }
        let none = BTreeMap::new();
        let granted = self.grants.get(role).unwrap_or(&none);
        let taken: Vec<String> = match privileges {
            [all] if all == ALL && granted.is_empty() => vec![all.clone()],
            [all] if all == ALL => all_privileges(self.on.kind, u32::MAX),
            _ => privileges.to_vec(),
        };
        let taken: Vec<String> = taken
            .into_iter()
            .filter(|name| !granted.contains_key(name) && !granted.contains_key(ALL))
            .collect();
        if !taken.is_empty() {
            let entry = self.withheld.entry(role.clone()).or_default();
            if taken.iter().any(|name| name == ALL) {
                entry.clear();
            }
            if !entry.contains(ALL) {
                entry.extend(taken);
            }
        }
    }

    /// A grant gives back what was taken.
    fn give_back(&mut self, role: &Ident, privileges: &[String]) {
        let Some(entry) = self.withheld.get_mut(role) else {
            return;
        };
        if privileges.iter().any(|name| name == ALL) {
            entry.clear();
        } else if entry.remove(ALL) {
            entry.extend(all_privileges(self.on.kind, u32::MAX));
        }
        privileges.iter().for_each(|name| _ = entry.remove(name));
        if entry.is_empty() {
            self.withheld.remove(role);
        }
    }
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
        for (mut role, privileges) in std::mem::take(&mut self.withheld) {
            visitor.role(&mut role);
            self.withheld.entry(role).or_default().extend(privileges);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        if let Some(on) = &to.on {
            self.on = (**on).clone();
        }
    }

    fn compare(&self, desired: &Self) -> Comparison<AclChange> {
        Comparison::of(self.changes(desired))
    }

    fn apply(&mut self, change: &AclChange) {
        match change {
            AclChange::Revoke {
                grantee,
                privileges,
                option_only: false,
            } => self.withhold(grantee, privileges),
            AclChange::Revoke { .. } => {}
            AclChange::Grant {
                grantee, privileges, ..
            } => self.give_back(grantee, privileges),
        }
        apply(&mut self.grants, change);
    }
}
