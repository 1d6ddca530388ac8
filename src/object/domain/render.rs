//! Domains and their constraints as SQL.

use super::{Domain, DomainChange, DomainConstraint, DomainConstraintChange};
use crate::object::ObjectId;

/// `CREATE DOMAIN`; its checks follow as `ALTER DOMAIN ... ADD CONSTRAINT`.
pub(crate) fn create(domain: &Domain) -> Vec<String> {
    let mut text = format!("CREATE DOMAIN {} AS {}", domain.name, domain.base);
    if let Some(collation) = &domain.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &domain.default {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    if domain.not_null {
        text.push_str(" NOT NULL");
    }
    vec![text]
}

/// `ALTER DOMAIN`.
pub(crate) fn alter(id: &ObjectId, change: &DomainChange) -> Vec<String> {
    let action = match change {
        DomainChange::Default(Some(default)) => format!("SET DEFAULT {default}"),
        DomainChange::Default(None) => "DROP DEFAULT".into(),
        DomainChange::NotNull(true) => "SET NOT NULL".into(),
        DomainChange::NotNull(false) => "DROP NOT NULL".into(),
    };
    vec![format!("ALTER DOMAIN {} {action}", id.qualified())]
}

/// `ALTER DOMAIN ... ADD CONSTRAINT`.
pub(crate) fn create_constraint(constraint: &DomainConstraint) -> Vec<String> {
    let not_valid = if constraint.not_valid { " NOT VALID" } else { "" };
    vec![format!(
        "ALTER DOMAIN {} ADD CONSTRAINT {} CHECK ({}){not_valid}",
        constraint.domain, constraint.name, constraint.check
    )]
}

/// `ALTER DOMAIN ... VALIDATE CONSTRAINT`.
pub(crate) fn alter_constraint(id: &ObjectId, change: &DomainConstraintChange) -> Vec<String> {
    match change {
        DomainConstraintChange::Validate => vec![format!(
            "ALTER DOMAIN {} VALIDATE CONSTRAINT {}",
            id.qualified(),
            id.own_name()
        )],
    }
}
