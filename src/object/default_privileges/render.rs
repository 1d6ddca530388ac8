//! Default privileges as SQL.

use super::{DefaultPrivileges, DefaultPrivilegesChange};
use crate::object::ObjectId;
use crate::object::grant::AclChange;
use crate::object::grant::render::write;
use crate::render::target::role;

/// Grants and revokes that lead from the built-in default privileges to these.
pub(crate) fn create(defaults: &DefaultPrivileges) -> Vec<String> {
    let id = crate::object::Object::from(defaults.clone()).id();
    unsaid(defaults)
        .changes(defaults)
        .iter()
        .map(|change| statement(&id, change))
        .collect()
}

/// Grants and revokes that lead back to the built-in ones.
pub(crate) fn drop(defaults: &DefaultPrivileges) -> Vec<String> {
    let id = crate::object::Object::from(defaults.clone()).id();
    defaults
        .changes(&unsaid(defaults))
        .iter()
        .map(|change| statement(&id, change))
        .collect()
}

fn unsaid(defaults: &DefaultPrivileges) -> DefaultPrivileges {
    DefaultPrivileges::unsaid(defaults.role.clone(), defaults.namespace.clone(), &defaults.class)
}

/// `ALTER DEFAULT PRIVILEGES`.
pub(crate) fn alter(id: &ObjectId, change: &DefaultPrivilegesChange) -> Vec<String> {
    match change {
        DefaultPrivilegesChange::Acl(change) => vec![statement(id, change)],
    }
}

fn statement(id: &ObjectId, change: &AclChange) -> String {
    let mut text = String::from("ALTER DEFAULT PRIVILEGES");
    if !id.name.as_str().is_empty() {
        text.push_str(&format!(" FOR ROLE {}", role(&id.name)));
    }
    if let Some(namespace) = &id.namespace {
        text.push_str(&format!(" IN SCHEMA {namespace}"));
    }
    let class = id.signature.as_deref().unwrap_or("");
    format!("{text}\n    {}", write(change, class, None))
}
