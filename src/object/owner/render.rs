//! Owners as SQL.

use super::{Owner, OwnerChange};
use crate::object::ObjectId;
use crate::render::target::target;

/// `ALTER ... OWNER TO`.
pub(crate) fn create(owner: &Owner) -> Vec<String> {
    vec![format!("ALTER {} OWNER TO {}", target(&owner.on), owner.role)]
}

/// `ALTER ... OWNER TO` another role.
pub(crate) fn alter(id: &ObjectId, change: &OwnerChange) -> Vec<String> {
    match change {
        OwnerChange::Role(role) => vec![format!("ALTER {} OWNER TO {role}", target(id.subject()))],
    }
}
