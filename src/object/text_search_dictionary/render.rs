//! Text search dictionaries as SQL.

use super::{TextSearchDictionary, TextSearchDictionaryChange};
use crate::object::ObjectId;
use crate::render::target::target;
use crate::sql;

/// `CREATE TEXT SEARCH DICTIONARY`.
pub(crate) fn create(dictionary: &TextSearchDictionary) -> Vec<String> {
    let mut parameters = vec![format!("TEMPLATE = {}", dictionary.template)];
    parameters.extend(dictionary.options.iter().map(|(key, value)| format!("{key} = {value}")));
    vec![format!(
        "CREATE TEXT SEARCH DICTIONARY {} ({})",
        dictionary.name,
        sql::list(parameters)
    )]
}

/// `ALTER TEXT SEARCH DICTIONARY (option = value, option)`.
pub(crate) fn alter(id: &ObjectId, change: &TextSearchDictionaryChange) -> Vec<String> {
    let TextSearchDictionaryChange::Options(changes) = change;
    let options = changes.iter().map(|(key, value)| match value {
        Some(value) => format!("{key} = {value}"),
        None => key.to_string(),
    });
    vec![format!("ALTER {} ({})", target(id), sql::list(options))]
}
