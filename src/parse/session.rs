//! Statements that are no definitions: settings, transactions, data, and objects that are not managed.

use crate::expr::SearchPath;
use crate::name::Ident;

use super::cursor::Cursor;
use super::defaults::{Setting, setting};
use super::error::ParseError;

/// What a statement is, by its opening words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// It defines or changes an object.
    Definition,
    /// It changes where unqualified names are looked up.
    SearchPath(SearchPath),
    /// It changes what definitions get that do not say it.
    Default(Setting),
    /// It has no bearing on the schema.
    Session,
    /// It reads or writes rows, or runs code; the text is its opening word.
    Data(&'static str),
    /// It is about objects that are not managed; the text names them.
    Unmanaged(String),
}

/// The path that a new session looks through.
pub(super) fn initial_path() -> SearchPath {
    SearchPath::new([Ident::new("public")])
}

const SESSION: &[&str] = &[
    "set",
    "reset",
    "begin",
    "start",
    "commit",
    "end",
    "savepoint",
    "release",
    "analyze",
    "analyse",
    "vacuum",
    "checkpoint",
    "show",
    "discard",
    "listen",
    "notify",
    "unlisten",
    "load",
    "deallocate",
];

const DATA: &[&str] = &[
    "insert", "update", "delete", "merge", "copy", "truncate", "do", "call", "select", "with", "values", "table",
    "refresh", "execute", "prepare", "lock", "explain", "reindex",
];

/// Objects that can be created, altered, dropped and commented on but are not managed.
const UNMANAGED: &[&str] = &[
    "role",
    "user",
    "group",
    "tablespace",
    "database",
    "system",
    "large object",
];

/// Tells what a statement is.
pub(super) fn classify(cursor: &Cursor<'_>, path: &SearchPath) -> Result<Class, ParseError> {
    let mut cursor = cursor.clone();
    if let Some(path) = search_path(&mut cursor, path)? {
        return Ok(Class::SearchPath(path));
    }
    if let Some(setting) = setting(&cursor)? {
        return Ok(Class::Default(setting));
    }
    if cursor.is_any_word(&["rollback", "abort"]) {
        return Err(cursor
            .error("a schema file cannot take back what it did")
            .hint("leave the ROLLBACK out"));
    }
    if cursor.is_any_word(SESSION) || is_setter(&cursor) || (cursor.is_word("cluster") && !clusters_on_index(&cursor)) {
        return Ok(Class::Session);
    }
    if cursor.is_mark("(") {
        return Ok(Class::Data("select"));
    }
    if let Some(word) = cursor.eat_any_word(DATA) {
        return Ok(Class::Data(word));
    }
    let verb = cursor.clone().next().to_ascii_uppercase();
    if cursor.eat_any_word(&["create", "alter", "drop"]).is_some() {
        cursor.eat_words("or replace");
        while cursor
            .eat_any_word(&["trusted", "procedural", "default"])
            .is_some_and(|_| !cursor.is_word("privileges"))
        {}
        let mapping = cursor.are_words("user mapping");
        if let Some(kind) = UNMANAGED.iter().find(|kind| !mapping && cursor.are_words(kind)) {
            return Ok(Class::Unmanaged(format!("{verb} {}", kind.to_ascii_uppercase())));
        }
        if cursor.is_word("owned") {
            return Ok(Class::Unmanaged(format!("{verb} OWNED")));
        }
    }
    for words in ["reassign owned", "import foreign schema"] {
        if cursor.are_words(words) {
            return Ok(Class::Unmanaged(words.to_ascii_uppercase()));
        }
    }
    Ok(Class::Definition)
}

fn clusters_on_index(cursor: &Cursor<'_>) -> bool {
    (1..8).any(|n| cursor.is_word_nth(n, "using"))
}

/// Whether a statement is `SELECT set_config(..)` or `SELECT setval(..)`.
fn is_setter(cursor: &Cursor<'_>) -> bool {
    let at = if cursor.peek_nth(2) == "." && cursor.is_word_nth(1, "pg_catalog") {
        3
    } else {
        1
    };
    cursor.is_word("select") && (cursor.is_word_nth(at, "set_config") || cursor.is_word_nth(at, "setval"))
}

/// The new search path, where a statement sets it.
fn search_path(cursor: &mut Cursor<'_>, now: &SearchPath) -> Result<Option<SearchPath>, ParseError> {
    let start = cursor.mark();
    if is_setter(cursor) {
        while !cursor.at_end() && !cursor.is_mark("(") {
            cursor.next();
        }
        if cursor.eat_mark("(") && cursor.is_string() && cursor.string()?.eq_ignore_ascii_case("search_path") {
            cursor.expect_mark(",")?;
            let value = cursor.string()?;
            return Ok(Some(path_from_text(&value)));
        }
    } else if cursor.eat_words("reset search_path") {
        return Ok(Some(initial_path()));
    } else if cursor.eat_word("set") {
        cursor.eat_any_word(&["session", "local"]);
        if cursor.eat_word("schema") {
            let namespace = if cursor.is_string() {
                Ident::new(cursor.string()?)
            } else {
                cursor.any_ident()?
            };
            return Ok(Some(SearchPath::new([namespace])));
        }
        if cursor.eat_word("search_path") {
            if !cursor.eat_mark("=") {
                cursor.expect_word("to")?;
            }
            if cursor.eat_word("default") {
                return Ok(Some(initial_path()));
            }
            let names = cursor.comma_separated(|cursor| {
                if cursor.is_string() {
                    cursor.string().map(Ident::new)
                } else {
                    cursor.any_ident()
                }
            })?;
            return Ok(Some(usable(names)));
        }
    }
    cursor.reset(start);
    let _ = now;
    Ok(None)
}

/// The path that a setting's text means: names separated by commas, quoted where needed.
fn path_from_text(text: &str) -> SearchPath {
    let names = text
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(
            |name| match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
                Some(quoted) => Ident::new(quoted.replace("\"\"", "\"")),
                None => Ident::folded(name),
            },
        );
    usable(names)
}

/// Without the entries that are always there or depend on the user.
fn usable(names: impl IntoIterator<Item = Ident>) -> SearchPath {
    SearchPath::new(
        names
            .into_iter()
            .filter(|name| !matches!(name.as_str(), "" | "$user" | "pg_catalog" | "pg_temp")),
    )
}
