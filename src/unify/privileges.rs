//! Privileges as the server keeps them: `ALL` written out, without those of the owner, without what every new object has.

use std::collections::HashSet;

use crate::name::Ident;
use crate::object::default_privileges::{DefaultPrivileges, concern};
use crate::object::owner;
use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;

/// Brings the desired privileges into the live ones' form.
pub(super) fn unify(live: &Schema, desired: &mut Schema, server_version: Option<u32>) {
    name_roles(live, desired);
    let mut changed = Vec::new();
    let mut idle = Vec::new();
    for (id, object) in desired.iter() {
        let mut object = object.clone();
        let is_usual = match &mut object {
            Object::Acl(acl) => {
                if let Some(version) = server_version {
                    acl.expand_all(version);
                }
                match owner_of(&acl.on, live, desired) {
                    Some(owner) => acl.owned_by(&owner),
                    // Nobody can tell whether these are the owner's; what is new is whoever makes it, and if that is another role, taking
                    // from this one what it does not have does nothing.
                    None if live.contains(&acl.on) || acl.on.kind == Kind::Column => acl.withheld.clear(),
                    None => {}
                }
                acl.is_initial()
            }
            Object::DefaultPrivileges(defaults) => {
                if let Some(version) = server_version {
                    defaults.expand_all(version);
                }
                defaults.owned();
                defaults.is_unsaid()
            }
            _ => continue,
        };
        // A new object has what default privileges give, so having none must be said.
        let told = |on: &ObjectId| {
            let defaults = live
                .of_kind(Kind::DefaultPrivileges)
                .chain(desired.of_kind(Kind::DefaultPrivileges));
            let mut defaults = defaults.map(|(_, object)| object);
            !live.contains(on)
                && defaults.any(|object| matches!(object, Object::DefaultPrivileges(defaults) if concern(defaults, on)))
        };
        if is_usual && !live.contains(id) && !id.on.as_deref().is_some_and(told) {
            idle.push(id.clone());
        } else {
            changed.push(object);
        }
    }
    for object in changed {
        desired.put(object);
    }
    for id in idle {
        desired.remove(&id);
    }
}

/// Who owns an object, or the relation of a column, when the plan is done.
pub(super) fn owner_of(on: &ObjectId, live: &Schema, desired: &Schema) -> Option<Ident> {
    let found = owner::owner_of(desired, on).or_else(|| owner::owner_of(live, on));
    found.cloned()
}

/// Default privileges of whoever runs the plan are those of the one role that has any of the kind and is not named.
fn name_roles(live: &Schema, desired: &mut Schema) {
    let of = |schema: &Schema| -> Vec<DefaultPrivileges> {
        let found = schema.of_kind(Kind::DefaultPrivileges);
        found
            .filter_map(|(_, object)| match object {
                Object::DefaultPrivileges(defaults) => Some(defaults.clone()),
                _ => None,
            })
            .collect()
    };
    let wanted = of(desired);
    let there = of(live);
    let named: HashSet<&Ident> = wanted.iter().map(|defaults| &defaults.role).collect();
    for mine in wanted.iter().filter(|defaults| defaults.role.as_str().is_empty()) {
        let same = |other: &&DefaultPrivileges| other.namespace == mine.namespace && other.class == mine.class;
        let mut candidates = there
            .iter()
            .filter(same)
            .filter(|other| other.role.as_str().is_empty() || !named.contains(&other.role));
        if let (Some(only), None) = (candidates.next(), candidates.next()) {
            desired.remove(&Object::from(mine.clone()).id());
            desired.put(DefaultPrivileges {
                role: only.role.clone(),
                ..mine.clone()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::QualifiedName;
    use crate::parse::parse_text;

    #[test]
    fn grants_are_compared_as_the_server_keeps_them() {
        let read = |text: &str| {
            parse_text("f.sql", text)
                .map(|desired| desired.schema)
                .unwrap_or_default()
        };
        let live = read(
            "CREATE TABLE t (a int); ALTER TABLE t OWNER TO me; CREATE FUNCTION f() RETURNS int RETURN 1;
             GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON t TO joe;
             ALTER DEFAULT PRIVILEGES FOR ROLE me GRANT SELECT ON TABLES TO joe;",
        );
        let mut desired = read(
            "CREATE TABLE t (a int); ALTER TABLE t OWNER TO me; CREATE FUNCTION f() RETURNS int RETURN 1;
             GRANT ALL ON t TO joe, me; GRANT EXECUTE ON FUNCTION f() TO PUBLIC;
             ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO joe;",
        );
        unify(&live, &mut desired, Some(15));
        assert_eq!(live, desired);
        assert!(live.len() > 5);
    }

    #[test]
    fn what_is_taken_counts_for_the_owner_alone() {
        let withheld = |text: &str, version: u32| -> Vec<String> {
            let mut desired = parse_text("f.sql", &format!("CREATE TABLE t (a int); {text}"))
                .map(|desired| desired.schema)
                .unwrap_or_default();
            unify(&Schema::default(), &mut desired, Some(version));
            let id = ObjectId::satellite(
                Kind::Acl,
                &ObjectId::named(Kind::Table, &QualifiedName::new("public", "t")),
            );
            match desired.get(&id) {
                Some(Object::Acl(acl)) => acl
                    .withheld
                    .iter()
                    .flat_map(|(role, names)| names.iter().map(move |name| format!("{role} {name}")))
                    .collect(),
                _ => Vec::new(),
            }
        };
        let mine = "ALTER TABLE t OWNER TO me; ";
        let after = |text: &str, version: u32| withheld(&format!("{mine}{text}"), version);
        assert_eq!(after("REVOKE INSERT ON t FROM me, joe, PUBLIC;", 15), ["me INSERT"]);
        assert_eq!(after("REVOKE ALL ON t FROM me;", 15).len(), 7);
        assert_eq!(after("REVOKE ALL ON t FROM me;", 17).len(), 8);
        assert_eq!(
            after("REVOKE ALL ON t FROM me; GRANT SELECT, DELETE ON t TO me;", 15).len(),
            5
        );
        assert!(after("REVOKE ALL ON t FROM me; GRANT ALL ON t TO me;", 15).is_empty());
        assert!(after("REVOKE GRANT OPTION FOR SELECT ON t FROM me;", 15).is_empty());
        // It was not the owner's then; what is new belongs to whoever makes it.
        assert!(withheld(&format!("REVOKE INSERT ON t FROM me; {mine}"), 15).is_empty());
        assert_eq!(withheld("REVOKE INSERT ON t FROM me;", 15), ["me INSERT"]);
        // Another owner has what the one before had, and what it was granted.
        assert_eq!(
            after(
                "REVOKE INSERT, DELETE ON t FROM me; GRANT DELETE ON t TO joe; ALTER TABLE t OWNER TO joe;",
                15
            ),
            ["joe INSERT"]
        );
    }
}
