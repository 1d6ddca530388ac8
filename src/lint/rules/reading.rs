//! What lint itself cannot judge, and comments that keep nothing quiet.

use crate::lint::command::Command;
use crate::lint::rule::{Check, Level, Rule};
use crate::lint::site::Told;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "not-understood",
        level: Level::Warning,
        title: "a statement is not understood",
        why: "Nothing is known about what it locks, and later statements may be misjudged.",
        bad: "CREATE TABLE copies AS SELECT * FROM orders;",
        good: "CREATE TABLE copies (LIKE orders);\nALTER TABLE copies ADD PRIMARY KEY (id);",
        fix: "look at it yourself, and say so in a comment: -- pgphase: ignore not-understood REASON",
        check: Check::Reader,
        ..Rule::BLANK
    },
    Rule {
        id: "no-command",
        level: Level::Error,
        title: "a statement opens like no command of PostgreSQL",
        why: "The server refuses it, and the migration stops there.",
        bad: "ALTER TABEL orders ADD COLUMN remark text;",
        good: "CREATE TABLE remarks (id bigint PRIMARY KEY);",
        fix: "correct the first words",
        refused: Some("42601"),
        check: Check::Reader,
        ..Rule::BLANK
    },
    Rule {
        id: "not-analysed",
        level: Level::Info,
        title: "what a block or routine does is not seen",
        why: "DO, CALL and EXECUTE run statements that are not in the file, or are put together only when they run.",
        bad: "DO $$ BEGIN PERFORM 1; END $$;",
        good: "SELECT 1;",
        fix: "look at it yourself, and say so in a comment: -- pgphase: ignore not-analysed REASON",
        check: Check::Statement(|site| match site.command {
            Some(Command::Hidden(verb)) => vec![Told::new(format!("what this {verb} runs is not seen"))],
            _ => Vec::new(),
        }),
        ..Rule::BLANK
    },
    Rule {
        id: "unused-suppression",
        level: Level::Warning,
        title: "a comment ignores a rule that finds nothing",
        why: "It would keep a finding quiet that nobody has looked at.",
        bad: "-- pgphase: ignore drop-table it is empty\nCREATE TABLE notes (id bigint PRIMARY KEY);",
        good: "CREATE TABLE notes (id bigint PRIMARY KEY);",
        fix: "take the comment away",
        check: Check::Reader,
        ..Rule::BLANK
    },
];
