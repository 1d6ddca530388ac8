//! Text search parsers as SQL.

use super::TextSearchParser;
use crate::sql;

/// `CREATE TEXT SEARCH PARSER`.
pub(crate) fn create(parser: &TextSearchParser) -> Vec<String> {
    let functions = parser
        .functions
        .iter()
        .map(|(key, function)| format!("{} = {function}", key.to_uppercase()));
    vec![format!(
        "CREATE TEXT SEARCH PARSER {} ({})",
        parser.name,
        sql::list(functions)
    )]
}
