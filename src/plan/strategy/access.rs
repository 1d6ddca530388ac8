//! Who may do what: policies and privileges.
//!
//! **The danger.** A gap in which a policy is missing opens or closes access; a revoke in expand breaks the old application.
//!
//! | the change | expand | validate | contract |
//! |---|---|---|---|
//! | new permissive policy | CREATE POLICY | | |
//! | new restrictive policy | | CREATE POLICY | |
//! | changed policy | | ALTER POLICY, or DROP and CREATE in one transaction | |
//! | grant | GRANT | | |
//! | revoke | | | REVOKE |
//! | another owner | OWNER TO, with the privileges of the one before it in the same transaction | | |

use crate::name::Ident;
use crate::object::default_privileges::{DefaultPrivileges, DefaultPrivilegesChange};
use crate::object::grant::{Acl, AclChange, Grants, difference};
use crate::object::owner::{owned_with, owner_of};
use crate::object::policy::Policy;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::Phase;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{operations, satellites, with_satellites};

/// A new policy. On a table whose row security is not in force yet, nothing changes until it is.
pub fn create_policy(policy: &Policy, context: &Context) -> Recipe {
    let object = Object::from(policy.clone());
    let in_force = context
        .schemas
        .live
        .table(&policy.table)
        .is_some_and(|table| table.row_security);
    if policy.restrictive && in_force {
        return vec![
            Draft::instant(Phase::Validate, with_satellites(&object, context))
                .because("A restrictive policy takes rows away, so it waits until the new application runs."),
        ];
    }
    vec![Draft::instant(Phase::Expand, with_satellites(&object, context))]
}

/// ALTER POLICY: one statement, so there is no gap.
pub fn alter_policy(id: &ObjectId, changes: &[Change], _context: &Context) -> Recipe {
    vec![Draft::instant(Phase::Validate, operations(id, changes)).because("In one transaction, so that no gap opens.")]
}

/// DROP and CREATE in one transaction.
pub fn replace_policy(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    let Some(desired) = context.schemas.desired.get(id) else {
        return Recipe::new();
    };
    let mut all = vec![Operation::drop(id.clone()), Operation::create(desired.clone())];
    all.extend(satellites(id, context));
    vec![Draft::instant(Phase::Validate, all).because(format!(
        "It cannot be altered: {why}. In one transaction, so that no gap opens."
    ))]
}

/// Privileges the files speak of for the first time.
pub fn create_grants(object: &Object, context: &Context) -> Recipe {
    let id = object.id();
    let changes: Vec<Change> = match object {
        Object::Acl(acl) => {
            let changes = Acl::initial(acl.on.clone()).changes(acl);
            changes.into_iter().map(Change::Acl).collect()
        }
        Object::DefaultPrivileges(DefaultPrivileges { .. }) => {
            return vec![Draft::instant(Phase::Expand, vec![Operation::create(object.clone())])];
        }
        _ => return Recipe::new(),
    };
    let mut recipe = alter_grants(&id, &changes, context);
    if recipe.is_empty() && (changes.is_empty() || handover(id.subject(), context).is_none()) {
        recipe.push(Draft::instant(Phase::Expand, vec![Operation::put(object.clone())]));
    }
    recipe
}

/// The owners of an object, or of the relation of a column, that gets another one: before and after.
fn handover<'a>(on: &ObjectId, context: &'a Context) -> Option<(&'a Ident, &'a Ident)> {
    let before = owner_of(context.schemas.live, on)?;
    let after = owner_of(context.schemas.desired, on)?;
    (before != after).then_some((before, after))
}

/// Another owner. The one before has no privileges of its own any more, so that what the files grant it comes at the same moment; what
/// they granted it before would be lost on it.
pub fn change_owner(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let on = id.subject();
    let mut all = operations(id, changes);
    let Some((before, after)) = handover(on, context) else {
        return vec![Draft::instant(Phase::Expand, all)];
    };
    let desired = context.schemas.desired;
    for subject in owned_with(desired, on) {
        let acl = ObjectId::satellite(Kind::Acl, &subject);
        let Some(Object::Acl(wanted)) = desired.get(&acl) else {
            continue;
        };
        let to_before: Grants = wanted
            .grants
            .get_key_value(before)
            .map(|(role, list)| (role.clone(), list.clone()))
            .into_iter()
            .collect();
        let mut changes = difference(&Grants::new(), &to_before);
        // The new owner lacks what the one before lacked, unless it was granted that.
        let mut taken_over = match context.schemas.live.get(&acl) {
            Some(Object::Acl(acl)) => acl.clone(),
            _ => Acl::initial(subject),
        };
        taken_over.hand_over(Some(before), after);
        changes.extend(taken_over.changes_of_owner(wanted));
        all.extend(changes.into_iter().map(|change| Operation::alter(acl.clone(), change)));
    }
    vec![Draft::instant(Phase::Expand, all).because(format!("From then on {before} may do what is granted to it."))]
}

/// Grants come first, revokes when only the new application is left.
pub fn alter_grants(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let handover = handover(id.subject(), context).filter(|_| id.kind == Kind::Acl);
    // The new owner needs no grants, and a revoke would take away what it has as the owner; the one before gets its own with the change.
    let comes_with_owner = |change: &&Change| match (change, handover) {
        (Change::Acl(AclChange::Grant { grantee, .. }), Some((before, after))) => grantee == before || grantee == after,
        (Change::Acl(AclChange::Revoke { grantee, .. }), Some((_, after))) => grantee == after,
        // Between files nobody may have said before who the owner is.
        (
            Change::Acl(AclChange::Revoke {
                grantee, privileges, ..
            }),
            None,
        ) => {
            owner_of(context.schemas.live, id.subject()).is_none()
                && owner_of(context.schemas.desired, id.subject()) == Some(grantee)
                && matches!(
                    context.schemas.live.get(id),
                    Some(Object::Acl(Acl { grants, .. }))
                        if grants.get(grantee).is_some_and(|had| privileges.iter().all(|name| had.contains_key(name)))
                )
        }
        _ => false,
    };
    let revokes = |change: &&Change| {
        matches!(
            change,
            Change::Acl(AclChange::Revoke { .. })
                | Change::DefaultPrivileges(DefaultPrivilegesChange::Acl(AclChange::Revoke { .. }))
        )
    };
    let left = changes.iter().filter(|change| !comes_with_owner(change));
    let (gone, given): (Vec<&Change>, Vec<&Change>) = left.partition(revokes);
    let alter = |list: Vec<&Change>| -> Vec<Operation> {
        list.into_iter()
            .map(|change| Operation::Alter {
                id: id.clone(),
                change: change.clone(),
            })
            .collect()
    };
    let mut recipe = Recipe::new();
    if !given.is_empty() {
        recipe.push(Draft::instant(Phase::Expand, alter(given)));
    }
    if !gone.is_empty() {
        // What a new object gives to everybody is taken back before anybody can have used it.
        let phase = if id.kind == Kind::DefaultPrivileges {
            Phase::Expand
        } else {
            Phase::Contract
        };
        let mut operations = alter(gone.clone());
        operations.extend(kept_on_columns(id, &gone, context));
        recipe.push(Draft::instant(phase, operations).because("Until contract the old application may use it."));
    }
    recipe
}

/// Privileges that go altogether.
pub fn drop_grants(acl: &Acl, id: &ObjectId, context: &Context) -> Recipe {
    let gone = acl.changes(&Acl::initial(acl.on.clone()));
    let gone: Vec<Change> = gone.into_iter().map(Change::Acl).collect();
    let mut operations = vec![Operation::drop(id.clone())];
    operations.extend(kept_on_columns(id, &gone.iter().collect::<Vec<_>>(), context));
    vec![Draft::instant(Phase::Contract, operations).because("Until contract the old application may use it.")]
}

/// Taking a privilege on a table away takes it away on every column too: those that the files give on columns are given again.
fn kept_on_columns(id: &ObjectId, revokes: &[&Change], context: &Context) -> Vec<Operation> {
    let subject = id.subject();
    let mut operations = Vec::new();
    if !subject.kind.is_relation() {
        return operations;
    }
    for other in context.schemas.desired.descendants(subject) {
        let Some(Object::Acl(Acl { on, grants, .. })) = context.schemas.desired.get(&other) else {
            continue;
        };
        if on.kind != Kind::Column {
            continue;
        }
        for change in revokes {
            let Change::Acl(AclChange::Revoke {
                grantee, privileges, ..
            }) = change
            else {
                continue;
            };
            let Some(kept) = grants.get(grantee) else { continue };
            for grantable in [false, true] {
                let privileges: Vec<String> = privileges
                    .iter()
                    .filter(|name| kept.get(*name) == Some(&grantable))
                    .cloned()
                    .collect();
                if !privileges.is_empty() {
                    operations.push(Operation::alter(
                        other.clone(),
                        AclChange::Grant {
                            grantee: grantee.clone(),
                            privileges,
                            grantable,
                        },
                    ));
                }
            }
        }
    }
    operations
}
