//! What statements that are no definitions lock, scan and rewrite, as measured on PostgreSQL 14 to 18.

use crate::name::QualifiedName;
use crate::object::index::Index;
use crate::object::{Kind, Object, ObjectId};
use crate::parse::ParseError;
use crate::parse::cursor::Cursor;
use crate::parse::script::{Line, Walk};
use crate::plan::{Facts, LockMode};

/// A statement that is no definition.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// `TRUNCATE`.
    Truncate {
        /// The tables named.
        tables: Vec<QualifiedName>,
        /// With every table that references them.
        cascade: bool,
    },
    /// `UPDATE` or `DELETE` of every row.
    WholeTable {
        /// `UPDATE` or `DELETE`.
        verb: &'static str,
        /// The table.
        table: QualifiedName,
    },
    /// `REINDEX` without `CONCURRENTLY`.
    Reindex,
    /// `VACUUM FULL` or `CLUSTER`.
    Repack {
        /// `VACUUM FULL` or `CLUSTER`.
        verb: &'static str,
    },
    /// `REFRESH MATERIALIZED VIEW` without `CONCURRENTLY`.
    Refresh(QualifiedName),
    /// `LOCK TABLE`.
    Lock(Vec<QualifiedName>),
    /// `DO`, `CALL`, `EXECUTE`: what it runs is not seen.
    Hidden(&'static str),
    /// Nothing that any rule speaks about.
    Other,
}

/// A command with its facts, and whether it must run outside a transaction block.
pub struct Read {
    /// The command.
    pub command: Command,
    /// What it locks, scans and rewrites.
    pub facts: Facts,
    /// PostgreSQL refuses it in a transaction block.
    pub alone: bool,
}

const MODES: &[(&str, LockMode)] = &[
    ("access share", LockMode::AccessShare),
    ("row share", LockMode::RowShare),
    ("row exclusive", LockMode::RowExclusive),
    ("share update exclusive", LockMode::ShareUpdateExclusive),
    ("share row exclusive", LockMode::ShareRowExclusive),
    ("share", LockMode::Share),
    ("exclusive", LockMode::Exclusive),
];

/// The names in `TRUNCATE` and `LOCK`.
fn tables(cursor: &mut Cursor<'_>) -> Result<Vec<QualifiedName>, ParseError> {
    cursor.comma_separated(|cursor| {
        cursor.eat_word("only");
        let name = cursor.qualified_name()?;
        cursor.eat_mark("*");
        Ok(name)
    })
}

/// Reads a statement that is no definition.
pub fn read(line: &Line<'_>, walk: &Walk) -> Result<Read, ParseError> {
    let mut cursor = Cursor::new(&line.head)?;
    let named = |name| walk.relation_name(name, line);
    let mut facts = Facts::default();
    let mut alone = false;
    let command = match () {
        () if cursor.eat_word("truncate") => {
            cursor.eat_word("table");
            let tables = tables(&mut cursor)?;
            let tables: Vec<_> = tables.into_iter().map(named).collect();
            for table in &tables {
                facts.lock(table, LockMode::AccessExclusive);
            }
            facts.loses = "every row".into();
            let rest = cursor.rest().to_ascii_lowercase();
            Command::Truncate {
                tables,
                cascade: rest.contains("cascade"),
            }
        }
        () if cursor.is_any_word(&["update", "delete"]) => {
            let verb = if cursor.eat_word("update") { "UPDATE" } else { "DELETE" };
            if verb == "DELETE" {
                cursor.next();
                cursor.eat_word("from");
            }
            cursor.eat_word("only");
            let table = named(cursor.qualified_name()?);
            facts.lock(&table, LockMode::RowExclusive);
            let mut where_clause = false;
            while !cursor.at_end() {
                where_clause |= cursor.is_word("where");
                if cursor.is_mark("(") {
                    cursor.skip_group();
                } else {
                    cursor.next();
                }
            }
            if where_clause {
                Command::Other
            } else {
                facts.scans.push(table.clone());
                Command::WholeTable { verb, table }
            }
        }
        () if cursor.eat_word("reindex") => {
            let options = if cursor.is_mark("(") {
                cursor.paren_text()?.to_ascii_lowercase()
            } else {
                String::new()
            };
            let what = cursor.next().to_ascii_lowercase();
            let concurrently = cursor.eat_word("concurrently") || options.contains("concurrently");
            alone = concurrently || matches!(what.as_str(), "schema" | "database" | "system");
            if concurrently {
                Command::Other
            } else {
                if matches!(what.as_str(), "table" | "index") && !cursor.at_end() {
                    let name = named(cursor.qualified_name()?);
                    let table = if what == "index" { table_of(walk, &name) } else { name };
                    facts.lock(&table, LockMode::Share);
                    facts.builds.push(table);
                }
                Command::Reindex
            }
        }
        () if cursor.eat_word("vacuum") => {
            alone = true;
            let full = cursor.is_word("full")
                || cursor.is_mark("(") && cursor.paren_text()?.to_ascii_lowercase().contains("full");
            if full {
                while cursor
                    .eat_any_word(&["full", "freeze", "verbose", "analyze", "analyse"])
                    .is_some()
                {}
                if !cursor.at_end() {
                    let table = named(cursor.qualified_name()?);
                    facts.lock(&table, LockMode::AccessExclusive);
                    facts.rewrites.push(table);
                }
                Command::Repack { verb: "VACUUM FULL" }
            } else {
                Command::Other
            }
        }
        () if cursor.eat_word("cluster") => {
            if cursor.is_mark("(") {
                cursor.skip_group();
            }
            cursor.eat_word("verbose");
            if cursor.at_end() {
                alone = true;
            } else {
                let table = named(cursor.qualified_name()?);
                facts.lock(&table, LockMode::AccessExclusive);
                facts.rewrites.push(table);
            }
            Command::Repack { verb: "CLUSTER" }
        }
        () if cursor.eat_words("refresh materialized view") => {
            let concurrently = cursor.eat_word("concurrently");
            let view = named(cursor.qualified_name()?);
            let mode = if concurrently {
                LockMode::Exclusive
            } else {
                LockMode::AccessExclusive
            };
            facts.lock(&view, mode);
            if concurrently {
                Command::Other
            } else {
                facts.rewrites.push(view.clone());
                Command::Refresh(view)
            }
        }
        () if cursor.eat_word("lock") => {
            cursor.eat_word("table");
            let tables = tables(&mut cursor)?;
            cursor.eat_word("in");
            let mode = MODES.iter().find(|(words, _)| cursor.eat_words(words));
            let mode = mode.map_or(LockMode::AccessExclusive, |(_, mode)| *mode);
            let tables: Vec<_> = tables.into_iter().map(named).collect();
            for table in &tables {
                facts.lock(table, mode);
            }
            Command::Lock(tables)
        }
        () if cursor.is_word("do") => Command::Hidden("DO"),
        () if cursor.is_word("call") => Command::Hidden("CALL"),
        () if cursor.is_word("execute") => Command::Hidden("EXECUTE"),
        () => {
            let opening = [
                cursor.peek().to_ascii_lowercase(),
                cursor.peek_nth(1).to_ascii_lowercase(),
            ];
            alone = matches!(
                opening.each_ref().map(String::as_str),
                ["create" | "drop", "database" | "tablespace"] | ["alter", "system"]
            );
            Command::Other
        }
    };
    Ok(Read { command, facts, alone })
}

fn table_of(walk: &Walk, index: &QualifiedName) -> QualifiedName {
    match walk.schema().get(&ObjectId::named(Kind::Index, index)) {
        Some(Object::Index(Index { table, .. })) => table.clone(),
        _ => index.clone(),
    }
}
