//! Casts as SQL.

use super::{Cast, CastContext};
use crate::sql;

/// `CREATE CAST`.
pub(crate) fn create(cast: &Cast) -> Vec<String> {
    let how = match &cast.function {
        Some(function) => format!("WITH FUNCTION {function}({})", sql::list(&cast.arguments)),
        None if cast.inout => "WITH INOUT".into(),
        None => "WITHOUT FUNCTION".into(),
    };
    let context = match cast.context {
        CastContext::Explicit => "",
        CastContext::Assignment => " AS ASSIGNMENT",
        CastContext::Implicit => " AS IMPLICIT",
    };
    vec![format!(
        "CREATE CAST ({} AS {}) {how}{context}",
        cast.source, cast.target
    )]
}
