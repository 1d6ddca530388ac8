//! Transforms as SQL.

use super::{Transform, TransformChange};
use crate::operation::IfExists;
use crate::sql;

/// `CREATE TRANSFORM`.
pub(crate) fn create(transform: &Transform, if_exists: IfExists) -> Vec<String> {
    let replace = if if_exists == IfExists::Replace {
        "OR REPLACE "
    } else {
        ""
    };
    let from = transform.from_sql.iter().map(|name| ("FROM", name));
    let to = transform.to_sql.iter().map(|name| ("TO", name));
    let functions = from
        .chain(to)
        .map(|(word, name)| format!("{word} SQL WITH FUNCTION {name}(internal)"));
    vec![format!(
        "CREATE {replace}TRANSFORM FOR {} LANGUAGE {} ({})",
        transform.type_name,
        transform.language,
        sql::list(functions)
    )]
}

/// `CREATE OR REPLACE TRANSFORM`.
pub(crate) fn alter(change: &TransformChange) -> Vec<String> {
    match change {
        TransformChange::Replace(transform) => create(transform, IfExists::Replace),
    }
}
