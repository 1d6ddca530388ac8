//! How SQL names the objects that a statement is about.

use crate::name::{Ident, QualifiedName};
use crate::object::role::is_word;
use crate::object::{Kind, ObjectId};
use crate::parse::target::split_types;
use crate::sql;

/// The words that name an object in `COMMENT ON`, `ALTER` and `DROP`: `TABLE app.users`, `TRIGGER audit ON app.users`.
pub(crate) fn target(id: &ObjectId) -> String {
    format!("{} {}", id.kind.sql(), name(id))
}

/// The same without the word for the kind.
pub(crate) fn name(id: &ObjectId) -> String {
    let own = id.own_name();
    match id.kind {
        Kind::Column => format!("{}.{own}", id.qualified()),
        Kind::DomainConstraint => format!("{own} ON DOMAIN {}", id.qualified()),
        Kind::Constraint | Kind::Trigger | Kind::Rule | Kind::Policy => format!("{own} ON {}", id.qualified()),
        Kind::UserMapping if own.as_str() == "public" => format!("FOR PUBLIC SERVER {}", id.name),
        Kind::UserMapping => format!("FOR {} SERVER {}", role(own), id.name),
        Kind::OperatorClass | Kind::OperatorFamily => {
            format!("{} USING {}", id.qualified(), id.signature.as_deref().unwrap_or(""))
        }
        Kind::Operator => {
            let symbol = crate::object::operator::symbol(&id.qualified());
            format!("{symbol} ({})", id.signature.as_deref().unwrap_or(""))
        }
        Kind::Transform => format!("FOR {} LANGUAGE {}", id.signature.as_deref().unwrap_or(""), id.name),
        Kind::Cast => format!("({})", id.signature.as_deref().unwrap_or("")),
        Kind::Aggregate if id.signature.as_deref().is_none_or(str::is_empty) => format!("{}(*)", id.qualified()),
        // Without the modes, types could also mean another procedure with one of them for an output.
        Kind::Procedure => {
            let inputs = split_types(id.signature.as_deref().unwrap_or(""));
            let inputs = inputs.iter().map(|one| format!("IN {one}"));
            format!("{}({})", id.qualified(), sql::list(inputs))
        }
        Kind::Function | Kind::Aggregate => {
            format!("{}({})", id.qualified(), id.signature.as_deref().unwrap_or(""))
        }
        _ => id.qualified().to_string(),
    }
}

/// A role in a list of grantees or roles: `PUBLIC` for the empty name, the words for whoever runs the statement as they are.
pub(crate) fn role(role: &Ident) -> String {
    match role.as_str() {
        "" => "PUBLIC".into(),
        word if is_word(role) => word.into(),
        _ => role.to_string(),
    }
}

/// Roles separated by commas; `PUBLIC` when there are none.
pub(crate) fn roles(roles: &[Ident]) -> String {
    if roles.is_empty() {
        "PUBLIC".into()
    } else {
        sql::list(roles.iter().map(role))
    }
}

/// The words that a DROP may have.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    pub(crate) if_exists: bool,
    pub(crate) cascade: bool,
    pub(crate) concurrently: bool,
    pub(crate) only: bool,
}

/// `DROP`, with `CONCURRENTLY` for indexes.
pub(crate) fn drop(id: &ObjectId, words: Words) -> String {
    let exists = if words.if_exists { "IF EXISTS " } else { "" };
    let cascade = if words.cascade { " CASCADE" } else { "" };
    let only = if words.only { "ONLY " } else { "" };
    let own = id.own_name();
    let on = id.qualified();
    match id.kind {
        Kind::Column => format!("ALTER TABLE {only}{on} DROP COLUMN {exists}{own}{cascade}"),
        Kind::Constraint => format!("ALTER TABLE {only}{on} DROP CONSTRAINT {exists}{own}{cascade}"),
        Kind::DomainConstraint => format!("ALTER DOMAIN {on} DROP CONSTRAINT {exists}{own}{cascade}"),
        kind => {
            let how = if words.concurrently { "CONCURRENTLY " } else { "" };
            format!("DROP {} {how}{exists}{}{cascade}", kind.sql(), name(id))
        }
    }
}

/// `RENAME TO`, `SET SCHEMA`, or both. A constraint with an index takes the name that the index gets: readers and writers of the table
/// go on then, which RENAME CONSTRAINT lets wait.
pub(crate) fn rename(from: &ObjectId, to: &ObjectId, has_index: bool) -> Vec<String> {
    let mut statements = Vec::new();
    let (own, new) = (from.own_name(), to.own_name());
    if own != new {
        let on = from.qualified();
        statements.push(match from.kind {
            Kind::Column => format!("ALTER TABLE {on} RENAME COLUMN {own} TO {new}"),
            Kind::Constraint if has_index => {
                let index = QualifiedName {
                    name: own.clone(),
                    ..on
                };
                format!("ALTER INDEX {index} RENAME TO {new}")
            }
            Kind::Constraint => format!("ALTER TABLE {on} RENAME CONSTRAINT {own} TO {new}"),
            Kind::DomainConstraint => format!("ALTER DOMAIN {on} RENAME CONSTRAINT {own} TO {new}"),
            _ => format!("ALTER {} RENAME TO {new}", target(from)),
        });
    }
    if let Some(namespace) = to.namespace.as_ref().filter(|_| from.namespace != to.namespace) {
        let renamed = from.with_own_name(new);
        statements.push(format!("ALTER {} SET SCHEMA {namespace}", target(&renamed)));
    }
    statements
}
