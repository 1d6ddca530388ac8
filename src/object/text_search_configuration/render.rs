//! Text search configurations as SQL.

use super::{TextSearchConfiguration, TextSearchConfigurationChange, grouped};
use crate::name::{Ident, QualifiedName};
use crate::object::{Definition, ObjectId};
use crate::render::target::target;
use crate::sql;

/// `CREATE TEXT SEARCH CONFIGURATION`, and `ADD MAPPING` for its tokens.
pub(crate) fn create(configuration: &TextSearchConfiguration) -> Vec<String> {
    let parser = match &configuration.parser {
        QualifiedName { namespace: None, name } => format!("pg_catalog.{name}"),
        other => other.to_string(),
    };
    let mut statements = vec![format!(
        "CREATE TEXT SEARCH CONFIGURATION {} (PARSER = {parser})",
        configuration.name,
    )];
    let id = configuration.id();
    for (tokens, dictionaries) in grouped(&configuration.mappings) {
        statements.extend(alter(&id, &TextSearchConfigurationChange::Add(tokens, dictionaries)));
    }
    statements
}

/// `ADD`, `ALTER` or `DROP MAPPING`.
pub(crate) fn alter(id: &ObjectId, change: &TextSearchConfigurationChange) -> Vec<String> {
    let tokens = |tokens: &[String]| sql::list(tokens.iter().map(Ident::new));
    let what = match change {
        TextSearchConfigurationChange::Add(kinds, dictionaries) => {
            format!(
                "ADD MAPPING FOR {}\n    WITH {}",
                tokens(kinds),
                sql::list(dictionaries)
            )
        }
        TextSearchConfigurationChange::Set(kinds, dictionaries) => {
            format!(
                "ALTER MAPPING FOR {}\n    WITH {}",
                tokens(kinds),
                sql::list(dictionaries)
            )
        }
        TextSearchConfigurationChange::Drop(kinds) => format!("DROP MAPPING FOR {}", tokens(kinds)),
    };
    vec![format!("ALTER {} {what}", target(id))]
}
