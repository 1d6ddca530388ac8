//! Foreign servers as SQL.

use super::options::definition;
use super::{Server, ServerChange};
use crate::object::ObjectId;
use crate::operation::IfExists;
use crate::sql;

/// `CREATE SERVER`.
pub(crate) fn create(server: &Server, if_exists: IfExists) -> Vec<String> {
    let exists = if if_exists == IfExists::Skip {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let text = |word: &str, value: &Option<String>| {
        value
            .as_ref()
            .map_or_else(String::new, |value| format!(" {word} {}", sql::literal(value)))
    };
    vec![format!(
        "CREATE SERVER {exists}{}{}{} FOREIGN DATA WRAPPER {}{}",
        server.name,
        text("TYPE", &server.type_text),
        text("VERSION", &server.version),
        server.wrapper,
        definition(&server.options)
    )]
}

/// `ALTER SERVER`.
pub(crate) fn alter(id: &ObjectId, change: &ServerChange) -> Vec<String> {
    let what = match change {
        ServerChange::Version(version) => format!("VERSION {}", sql::literal(version)),
        ServerChange::Options(changes) => changes.sql(),
    };
    vec![format!("ALTER SERVER {} {what}", id.name)]
}
