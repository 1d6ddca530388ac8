//! Procedural languages as SQL.

use super::{Language, LanguageChange};
use crate::name::QualifiedName;
use crate::operation::IfExists;

/// `CREATE LANGUAGE`.
pub(crate) fn create(language: &Language, if_exists: IfExists) -> Vec<String> {
    let replace = if if_exists == IfExists::Replace {
        "OR REPLACE "
    } else {
        ""
    };
    let trusted = if language.trusted { "TRUSTED " } else { "" };
    let function = |word: &str, function: &Option<QualifiedName>| {
        function
            .as_ref()
            .map_or_else(String::new, |name| format!(" {word} {name}"))
    };
    vec![format!(
        "CREATE {replace}{trusted}LANGUAGE {} HANDLER {}{}{}",
        language.name,
        language.handler,
        function("INLINE", &language.inline),
        function("VALIDATOR", &language.validator)
    )]
}

/// `CREATE OR REPLACE LANGUAGE`.
pub(crate) fn alter(change: &LanguageChange) -> Vec<String> {
    match change {
        LanguageChange::Replace(language) => create(language, IfExists::Replace),
    }
}
