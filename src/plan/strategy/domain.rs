//! Domains and their constraints.
//!
//! **The danger.** ADD CONSTRAINT, VALIDATE CONSTRAINT and SET NOT NULL of a domain take SHARE on every table that uses it
//! and scan it: writes wait (measured on PostgreSQL 14 to 18).
//! A second domain beside the first one would not help against that: a table is rewritten when it gets a column of a domain with constraints, and
//! constraints that such a domain gets later are validated under the same lock.
//!
//! | the change | expand | validate |
//! |---|---|---|
//! | new check | | ADD NOT VALID (no table lock); VALIDATE, with approval where a table uses the domain |
//! | check gone | DROP CONSTRAINT | |
//! | default | SET DEFAULT | |
//! | SET NOT NULL | | in place, with approval where a table uses the domain |
//!
//! A domain that gets another base type is made anew beside the columns that have it (see `twin`).

use crate::object::domain::{DomainChange, DomainConstraint, DomainConstraintChange};
use crate::object::{Change, Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{operations, satellites};
use crate::plan::{Class, HazardKind, Phase};

/// A new check.
pub fn add_constraint(constraint: &DomainConstraint, context: &Context) -> Recipe {
    let domain = ObjectId::named(Kind::Domain, &constraint.domain);
    let id = ObjectId::part(Kind::DomainConstraint, &constraint.domain, &constraint.name);
    if !context.schemas.live.contains(&domain) {
        let mut operations = vec![Operation::create(constraint.clone())];
        operations.extend(satellites(&id, context));
        return vec![Draft::instant(Phase::Expand, operations)];
    }
    let not_valid = DomainConstraint {
        not_valid: true,
        ..constraint.clone()
    };
    let mut operations = vec![Operation::create(not_valid)];
    operations.extend(satellites(&id, context));
    let mut recipe = vec![
        Draft::instant(Phase::Validate, operations).because("New values are checked from here on; no table is locked."),
    ];
    if !constraint.not_valid {
        recipe.push(validate(&id, context));
    }
    recipe
}

fn validate(id: &ObjectId, context: &Context) -> Draft {
    let domain = ObjectId::named(Kind::Domain, &id.qualified());
    let operation = Operation::alter(id.clone(), DomainConstraintChange::Validate);
    scanning(&users(&domain, context), operation)
}

/// A step that scans every table with a column of the domain.
pub(super) fn scanning(users: &[ObjectId], operation: Operation) -> Draft {
    if users.is_empty() {
        return Draft::instant(Phase::Validate, vec![operation]).because("No table uses the domain.");
    }
    let mut draft = Draft::new(Phase::Validate, Class::Blocking, vec![operation]);
    for table in users {
        draft = draft.hazard(
            HazardKind::BlockingScan,
            table,
            format!(
                "Writes of {} wait while its values of the domain are checked.",
                table.qualified()
            ),
        );
    }
    draft
}

/// Live tables with a column of the domain.
pub fn users(domain: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let mut tables: Vec<ObjectId> = context
        .live_users
        .get(domain)
        .into_iter()
        .flatten()
        .filter(|user| user.kind == Kind::Column)
        .map(|user| ObjectId::named(Kind::Table, &user.qualified()))
        .collect();
    tables.sort();
    tables.dedup();
    tables
}

/// Changes of a domain or of one of its checks.
pub fn alter(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    changes
        .iter()
        .map(|change| match change {
            Change::DomainConstraint(DomainConstraintChange::Validate) => validate(id, context),
            Change::Domain(DomainChange::NotNull(true)) => scanning(
                &users(id, context),
                Operation::Alter {
                    id: id.clone(),
                    change: change.clone(),
                },
            ),
            Change::Domain(DomainChange::Default(None)) => {
                Draft::instant(Phase::Contract, operations(id, std::slice::from_ref(change)))
                    .because("The old application may rely on the default.")
            }
            _ => Draft::instant(Phase::Expand, operations(id, std::slice::from_ref(change))),
        })
        .collect()
}

/// A check whose condition changes: the new one is added before the old one goes.
pub fn replace_constraint(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    let Some(crate::object::Object::DomainConstraint(desired)) = context.schemas.desired.get(id) else {
        return Recipe::new();
    };
    let not_valid = DomainConstraint {
        not_valid: true,
        ..desired.clone()
    };
    let mut all = vec![Operation::drop(id.clone()), Operation::create(not_valid)];
    all.extend(satellites(id, context));
    let mut recipe = vec![Draft::instant(Phase::Validate, all).because(format!(
        "It cannot be altered: {why}. One transaction, so that no value slips through."
    ))];
    if !desired.not_valid {
        recipe.push(validate(id, context));
    }
    recipe
}
