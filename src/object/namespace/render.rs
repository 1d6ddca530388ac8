//! Namespaces as SQL.

use super::Namespace;
use crate::operation::IfExists;

/// `CREATE SCHEMA`.
pub(crate) fn create(namespace: &Namespace, if_exists: IfExists) -> Vec<String> {
    let exists = if if_exists == IfExists::Fail {
        ""
    } else {
        "IF NOT EXISTS "
    };
    vec![format!("CREATE SCHEMA {exists}{}", namespace.name)]
}
