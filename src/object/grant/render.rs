//! Grants as SQL.

use super::{Acl, AclChange};
use crate::name::Ident;
use crate::object::{Kind, ObjectId};
use crate::render::target::{name, role};
use crate::sql;

/// Grants and revokes that give an object with the initial privileges the ones wanted.
pub(crate) fn create(acl: &Acl) -> Vec<String> {
    Acl::initial(acl.on.clone())
        .changes(acl)
        .iter()
        .map(|change| statement(&acl.on, change))
        .collect()
}

/// `GRANT` or `REVOKE`.
pub(crate) fn alter(id: &ObjectId, change: &AclChange) -> Vec<String> {
    vec![statement(id.subject(), change)]
}

fn statement(on: &ObjectId, change: &AclChange) -> String {
    let object = match on.kind {
        Kind::Column => on.qualified().to_string(),
        Kind::View | Kind::MaterializedView | Kind::Table => format!("TABLE {}", name(on)),
        // Aggregates are granted on as functions; their empty list of arguments is written without the star.
        Kind::Aggregate => format!("FUNCTION {}({})", on.qualified(), on.signature.as_deref().unwrap_or("")),
        Kind::Server => format!("FOREIGN SERVER {}", name(on)),
        kind => format!("{} {}", kind.sql(), name(on)),
    };
    let column = (on.kind == Kind::Column).then(|| on.own_name());
    write(change, &object, column)
}

/// The statement, given the words behind `ON`.
pub(crate) fn write(change: &AclChange, object: &str, column: Option<&Ident>) -> String {
    let list = |privileges: &[String]| match column {
        Some(column) => sql::list(privileges.iter().map(|privilege| format!("{privilege} ({column})"))),
        None => sql::list(privileges),
    };
    match change {
        AclChange::Grant {
            grantee,
            privileges,
            grantable,
        } => {
            let option = if *grantable { " WITH GRANT OPTION" } else { "" };
            format!("GRANT {} ON {object} TO {}{option}", list(privileges), role(grantee))
        }
        AclChange::Revoke {
            grantee,
            privileges,
            option_only,
        } => {
            let option = if *option_only { "GRANT OPTION FOR " } else { "" };
            format!("REVOKE {option}{} ON {object} FROM {}", list(privileges), role(grantee))
        }
    }
}
