//! Owners as SQL.

use super::{Owner, OwnerChange};
use crate::object::ObjectId;
use crate::render::target::{role, target};

/// `ALTER ... OWNER TO`.
pub(crate) fn create(owner: &Owner) -> Vec<String> {
    vec![format!("ALTER {} OWNER TO {}", target(&owner.on), role(&owner.role))]
}

/// `ALTER ... OWNER TO` another role.
pub(crate) fn alter(id: &ObjectId, change: &OwnerChange) -> Vec<String> {
    match change {
        OwnerChange::Role(to) => vec![format!("ALTER {} OWNER TO {}", target(id.subject()), role(to))],
    }
}
