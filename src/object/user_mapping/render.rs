//! User mappings as SQL.

use super::{UserMapping, UserMappingChange};
use crate::object::server::options::definition;
use crate::object::{Definition, ObjectId};
use crate::operation::IfExists;
use crate::render::target::target;

/// `CREATE USER MAPPING`.
pub(crate) fn create(mapping: &UserMapping, if_exists: IfExists) -> Vec<String> {
    let exists = if if_exists == IfExists::Skip {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let name = crate::render::target::name(&mapping.id());
    vec![format!(
        "CREATE USER MAPPING {exists}{name}{}",
        definition(&mapping.options)
    )]
}

/// `ALTER USER MAPPING`.
pub(crate) fn alter(id: &ObjectId, change: &UserMappingChange) -> Vec<String> {
    match change {
        UserMappingChange::Options(changes) => vec![format!("ALTER {} {}", target(id), changes.sql())],
    }
}
