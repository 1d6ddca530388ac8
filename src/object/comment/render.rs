//! Comments as SQL.

use super::{Comment, CommentChange};
use crate::object::ObjectId;
use crate::render::target::target;
use crate::sql;

/// `COMMENT ON ... IS`.
pub(crate) fn create(comment: &Comment) -> Vec<String> {
    vec![set(&comment.on, &sql::literal(&comment.text))]
}

/// `COMMENT ON ... IS` another text.
pub(crate) fn alter(id: &ObjectId, change: &CommentChange) -> Vec<String> {
    match change {
        CommentChange::Text(text) => vec![set(id.subject(), &sql::literal(text))],
    }
}

/// `COMMENT ON ... IS NULL`.
pub(crate) fn drop(id: &ObjectId) -> Vec<String> {
    vec![set(id.subject(), "NULL")]
}

fn set(on: &ObjectId, text: &str) -> String {
    format!("COMMENT ON {} IS {text}", target(on))
}
