//! Operator families as SQL.

use super::member::Member;
use super::{OperatorFamily, OperatorFamilyChange};
use crate::object::{Definition, ObjectId};
use crate::render::target::target;
use crate::sql;

/// `CREATE OPERATOR FAMILY`, and `ADD` of what belongs to none of its classes.
pub(crate) fn create(family: &OperatorFamily) -> Vec<String> {
    let id = family.id();
    let mut statements = vec![format!("CREATE {}", target(&id))];
    if !family.members.is_empty() {
        statements.extend(alter(&id, &OperatorFamilyChange::Add(family.members.clone())));
    }
    statements
}

/// `ALTER OPERATOR FAMILY`.
pub(crate) fn alter(id: &ObjectId, change: &OperatorFamilyChange) -> Vec<String> {
    let what = match change {
        OperatorFamilyChange::Add(members) => format!("ADD {}", sql::list(members.iter().map(Member::sql))),
        OperatorFamilyChange::Drop(members) => format!("DROP {}", sql::list(members.iter().map(Member::dropped))),
    };
    vec![format!("ALTER {} {what}", target(id))]
}
