//! Whether a statement opens like one of PostgreSQL's commands (PostgreSQL documentation, "SQL Commands", 14 to 18). What opens
//! otherwise no server takes; what opens so may be right though nothing here reads it.

use crate::nearest::nearest;

/// Commands told by their first word.
const COMMANDS: &[&str] = &[
    "abort",
    "analyse",
    "analyze",
    "begin",
    "call",
    "checkpoint",
    "close",
    "cluster",
    "comment",
    "commit",
    "copy",
    "deallocate",
    "declare",
    "delete",
    "discard",
    "do",
    "end",
    "execute",
    "explain",
    "fetch",
    "grant",
    "import",
    "insert",
    "listen",
    "load",
    "lock",
    "merge",
    "move",
    "notify",
    "prepare",
    "reassign",
    "refresh",
    "reindex",
    "release",
    "reset",
    "revoke",
    "rollback",
    "savepoint",
    "security",
    "select",
    "set",
    "show",
    "start",
    "table",
    "truncate",
    "unlisten",
    "update",
    "vacuum",
    "values",
    "with",
];

/// Commands that need to be told of what kind.
const OF_A_KIND: &[&str] = &["alter", "create", "drop"];

/// What follows them.
const KINDS: &[&str] = &[
    "access",
    "aggregate",
    "cast",
    "collation",
    "constraint",
    "conversion",
    "database",
    "default",
    "domain",
    "event",
    "extension",
    "foreign",
    "function",
    "global",
    "group",
    "index",
    "language",
    "large",
    "local",
    "materialized",
    "operator",
    "or",
    "owned",
    "policy",
    "procedural",
    "procedure",
    "publication",
    "recursive",
    "role",
    "routine",
    "rule",
    "schema",
    "sequence",
    "server",
    "statistics",
    "subscription",
    "system",
    "table",
    "tablespace",
    "temp",
    "temporary",
    "text",
    "transform",
    "trigger",
    "trusted",
    "type",
    "unique",
    "unlogged",
    "user",
    "view",
];

/// What is wrong with the first words of a statement, in a sentence; `None` where they open a command.
pub fn fault(tokens: &[&str]) -> Option<String> {
    let word = |at: usize| tokens.get(at).map(|token| token.to_ascii_lowercase());
    let first = word(0)?;
    if first == "(" || COMMANDS.contains(&first.as_str()) {
        return None;
    }
    if !OF_A_KIND.contains(&first.as_str()) {
        let like = nearest(&first, COMMANDS.iter().chain(OF_A_KIND).copied());
        return Some(told(&first, like.map(str::to_owned)));
    }
    let Some(second) = word(1) else {
        return Some(told(&first, None));
    };
    if KINDS.contains(&second.as_str()) {
        return None;
    }
    let like = nearest(&second, KINDS.iter().copied());
    Some(told(
        &format!("{first} {second}"),
        like.map(|like| format!("{first} {like}")),
    ))
}

fn told(words: &str, like: Option<String>) -> String {
    let hint = like.map(|like| format!("; did you mean {}?", like.to_ascii_uppercase()));
    format!(
        "{} is no command of PostgreSQL{}",
        words.to_ascii_uppercase(),
        hint.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn slips_are_told_and_commands_are_not() {
        for (words, like) in [
            ("ALTER TABEL t", "; did you mean ALTER TABLE?"),
            ("selec 1", "; did you mean SELECT?"),
            ("Create Indx i", "; did you mean CREATE INDEX?"),
            ("ALTER", "PostgreSQL"),
            ("frobnicate x", "PostgreSQL"),
        ] {
            let tokens: Vec<&str> = words.split(' ').collect();
            assert!(
                fault(&tokens).is_some_and(|fault| fault.ends_with(like)),
                "{words}: {:?}",
                fault(&tokens)
            );
        }
        for words in [
            "CREATE TABLE a AS SELECT 1",
            "( SELECT 1 )",
            "alter system set x",
            "create or replace view v",
            "",
        ] {
            let tokens: Vec<&str> = words.split_whitespace().collect();
            assert_eq!(fault(&tokens), None, "{words}");
        }
    }
}
