//! What migrations make for a while and no schema holds: temporary objects, and tables made by a query. Statements about them
//! are read over. A table by a query that is there to the end is an error at the place that makes it, as nobody knows its
//! columns.

use std::collections::HashMap;

use crate::expr::SearchPath;
use crate::name::QualifiedName;
use crate::schema::Schema;

use super::cursor::Cursor;
use super::error::ParseError;

/// The namespace of temporary objects, as statements name it.
const TEMPORARY: &str = "pg_temp";

/// How many words may stand before the name of what a statement is about.
const WORDS_BEFORE_NAME: usize = 8;

/// Names that stand for what no schema holds.
#[derive(Debug, Default)]
pub(crate) struct Passing {
    /// With the fault to be told if it is there at the end.
    relations: HashMap<QualifiedName, Option<ParseError>>,
}

impl Passing {
    /// Whether the name is one of a relation that no schema holds.
    pub(crate) fn contains(&self, name: &QualifiedName) -> bool {
        self.relations.contains_key(name)
    }

    /// Takes a name away; whether it was there.
    pub(super) fn leave(&mut self, name: &QualifiedName) -> bool {
        self.relations.remove(name).is_some()
    }

    /// The fault of one that is there at the end.
    pub(super) fn left(self) -> Option<ParseError> {
        let mut faults: Vec<ParseError> = self.relations.into_values().flatten().collect();
        faults.sort_by(|one, other| one.place.cmp(&other.place));
        faults.into_iter().next()
    }

    /// Looks at a statement in its turn: what it makes or does, if a schema does not hold that; else `None`.
    pub(super) fn look_at(
        &mut self,
        cursor: &Cursor<'_>,
        path: &SearchPath,
        schema: &Schema,
    ) -> Result<Option<&'static str>, ParseError> {
        if is_about_temporary(cursor) {
            return Ok(Some("the statement"));
        }
        let mut cursor = cursor.clone();
        if !cursor.eat_word("create") {
            return Ok(None);
        }
        cursor.eat_words("or replace");
        if is_index(&mut cursor) {
            return Ok(self.index(cursor, path).then_some("the index"));
        }
        cursor.eat_any_word(&["global", "local"]);
        let temporary = cursor.eat_any_word(&["temp", "temporary"]).is_some();
        cursor.eat_any_word(&["unlogged", "recursive"]);
        let word = cursor.eat_any_word(&["table", "view", "sequence"]);
        let if_not_exists = cursor.eat_words("if not exists");
        let Some(name) = word.and_then(|_| name(&mut cursor, path)) else {
            return Ok(None);
        };
        if temporary {
            if schema.relation(&name).is_some() {
                return Err(cursor
                    .error(format!(
                        "a temporary object hides {name}, so nobody knows which of the two is meant"
                    ))
                    .hint("give the temporary one another name"));
            }
            self.relations.insert(name, None);
            return Ok(Some("CREATE TEMPORARY"));
        }
        if word != Some("table") || !is_by_query(cursor.clone()) {
            return Ok(None);
        }
        let there = schema.relation(&name).is_some();
        if there && !if_not_exists {
            return Err(cursor.error(format!("{name} is there already")));
        }
        if !there {
            let fault = cursor
                .error(format!("{name} is made by a query, so its columns are not known"))
                .hint("--scratch auto runs the migrations instead of reading them; or name a database that the runner has built");
            self.relations.insert(name, Some(fault));
        }
        Ok(Some("CREATE TABLE .. AS"))
    }

    /// Behind `INDEX`: whether it is one on a relation that no schema holds.
    fn index(&mut self, mut cursor: Cursor<'_>, path: &SearchPath) -> bool {
        cursor.eat_word("concurrently");
        cursor.eat_words("if not exists");
        let own = if cursor.is_word("on") {
            None
        } else {
            name(&mut cursor, path)
        };
        cursor.eat_word("on");
        cursor.eat_word("only");
        let Some(table) = name(&mut cursor, path).filter(|table| self.contains(table)) else {
            return false;
        };
        let own = own.map(|own| QualifiedName {
            namespace: table.namespace.clone(),
            ..own
        });
        self.relations.extend(own.map(|own| (own, None)));
        true
    }
}

/// Reads a name; without a namespace it is in the first of the path.
fn name(cursor: &mut Cursor<'_>, path: &SearchPath) -> Option<QualifiedName> {
    let name = cursor.qualified_name().ok()?;
    let namespace = name.namespace.clone().or_else(|| path.namespaces().first().cloned());
    Some(QualifiedName { namespace, ..name })
}

fn is_index(cursor: &mut Cursor<'_>) -> bool {
    cursor.eat_words("unique index") || cursor.eat_word("index")
}

/// Whether one of the words before the first parenthesis is a name in the namespace of temporary objects.
fn is_about_temporary(cursor: &Cursor<'_>) -> bool {
    (1..WORDS_BEFORE_NAME)
        .take_while(|n| cursor.peek_nth(*n) != "(")
        .any(|n| cursor.is_word_nth(n, TEMPORARY) && cursor.peek_nth(n + 1) == ".")
}

/// Behind the name of a table: whether a query follows.
fn is_by_query(mut cursor: Cursor<'_>) -> bool {
    while !cursor.at_end() {
        if cursor.is_word("as") {
            return true;
        }
        if cursor.is_mark("(") {
            cursor.skip_group();
        } else {
            cursor.next();
        }
    }
    false
}
