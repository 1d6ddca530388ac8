//! Extensions as SQL.

use super::{Extension, ExtensionChange};
use crate::object::ObjectId;
use crate::operation::IfExists;
use crate::sql;

/// `CREATE EXTENSION`.
pub(crate) fn create(extension: &Extension, if_exists: IfExists) -> Vec<String> {
    let exists = if if_exists == IfExists::Fail {
        ""
    } else {
        "IF NOT EXISTS "
    };
    let mut text = format!("CREATE EXTENSION {exists}{}", extension.name);
    if let Some(namespace) = &extension.namespace {
        text.push_str(&format!(" SCHEMA {namespace}"));
    }
    if let Some(version) = &extension.version {
        text.push_str(&format!(" VERSION {}", sql::literal(version)));
    }
    vec![text]
}

/// `ALTER EXTENSION`.
pub(crate) fn alter(id: &ObjectId, change: &ExtensionChange) -> Vec<String> {
    vec![match change {
        ExtensionChange::Namespace(namespace) => format!("ALTER EXTENSION {} SET SCHEMA {namespace}", id.name),
        ExtensionChange::Version(version) => {
            format!("ALTER EXTENSION {} UPDATE TO {}", id.name, sql::literal(version))
        }
    }]
}
