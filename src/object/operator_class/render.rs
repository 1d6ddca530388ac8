//! Operator classes as SQL.

use super::OperatorClass;
use crate::object::operator_family::Member;
use crate::sql;

/// `CREATE OPERATOR CLASS`.
pub(crate) fn create(class: &OperatorClass) -> Vec<String> {
    let default = if class.default { " DEFAULT" } else { "" };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(class.storage.as_ref().map(|storage| format!("STORAGE {storage}")));
    parts.extend(class.members.iter().map(Member::sql));
    if parts.is_empty() {
        // Something must stand there; this says nothing new.
        parts.push(format!("STORAGE {}", class.type_name));
    }
    vec![format!(
        "CREATE OPERATOR CLASS {}{default}\n    FOR TYPE {} USING {} FAMILY {} AS\n    {}",
        class.name,
        class.type_name,
        class.method,
        class.family,
        sql::join(parts, ",\n    ")
    )]
}
