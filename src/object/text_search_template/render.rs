//! Text search templates as SQL.

use super::TextSearchTemplate;
use crate::sql;

/// `CREATE TEXT SEARCH TEMPLATE`.
pub(crate) fn create(template: &TextSearchTemplate) -> Vec<String> {
    let functions = template
        .functions
        .iter()
        .map(|(key, function)| format!("{} = {function}", key.to_uppercase()));
    vec![format!(
        "CREATE TEXT SEARCH TEMPLATE {} ({})",
        template.name,
        sql::list(functions)
    )]
}
