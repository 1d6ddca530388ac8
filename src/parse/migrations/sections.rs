//! The part of a migration file that leads up, by the marks of its runner. What is cut away leaves its lines empty, so that
//! places in messages stay true.

use crate::parse::SourceText;
use crate::parse::error::{ParseError, Place};

/// What a line says to a runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Up,
    Down,
    /// The end of a statement that may have no semicolon.
    StatementEnd,
    /// Variables are put into the text before it runs.
    Substitution,
}

/// dbmate: `-- migrate:up`; goose: `-- +goose Up`; sql-migrate: `-- +migrate Up`; node-pg-migrate: `-- Up Migration`.
fn mark(line: &str) -> Option<Mark> {
    let words = line.trim().strip_prefix("--")?.trim_start().to_ascii_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    match words.as_slice() {
        ["migrate:up", ..] | ["+goose" | "+migrate", "up", ..] | ["up", "migration"] => Some(Mark::Up),
        ["migrate:down", ..] | ["+goose" | "+migrate", "down", ..] | ["down", "migration"] => Some(Mark::Down),
        ["+goose" | "+migrate", "statementend", ..] => Some(Mark::StatementEnd),
        ["+goose", "envsub", "on", ..] => Some(Mark::Substitution),
        _ => None,
    }
}

/// Whether a text has the marks of dbmate, which sorts files by their names.
pub(super) fn is_dbmate(text: &str) -> bool {
    text.lines()
        .filter_map(|line| line.trim_start().strip_prefix("--"))
        .any(|comment| comment.trim_start().starts_with("migrate:up"))
}

/// Whether a text has the marks of any runner.
pub(super) fn has_marks(text: &str) -> bool {
    text.lines()
        .any(|line| matches!(mark(line), Some(Mark::Up | Mark::Down)))
}

/// The text with only what leads up.
pub(super) fn up(source: &SourceText) -> Result<String, ParseError> {
    let marks: Vec<Option<Mark>> = source.text.lines().map(mark).collect();
    let has = |wanted: Mark| marks.contains(&Some(wanted));
    let place = |wanted: Mark| Place {
        file: source.name.clone(),
        line: marks.iter().position(|mark| *mark == Some(wanted)).unwrap_or(0) + 1,
        column: 1,
    };
    if has(Mark::Down) && !has(Mark::Up) {
        return Err(ParseError::at(
            place(Mark::Down),
            "the file has a section that leads down, but none that leads up",
        ));
    }
    if has(Mark::Substitution) {
        return Err(ParseError::at(
            place(Mark::Substitution),
            "environment variables are not put into migrations",
        )
        .hint("write the values out"));
    }
    // Without a mark all of it leads up.
    let mut leads_up = !has(Mark::Up);
    let mut text = String::with_capacity(source.text.len());
    for (line, mark) in source.text.lines().zip(&marks) {
        match mark {
            Some(Mark::Up) => leads_up = true,
            Some(Mark::Down) => leads_up = false,
            Some(Mark::StatementEnd) if leads_up => text.push(';'),
            _ if leads_up => text.push_str(line),
            _ => {}
        }
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<String, String> {
        let source = SourceText {
            name: "1_a.sql".into(),
            text: text.into(),
        };
        up(&source).map_err(|error| error.to_string())
    }

    #[test]
    fn sections_of_each_runner() {
        for (head, foot) in [
            ("-- migrate:up transaction:false", "-- migrate:down"),
            ("-- +goose Up", "-- +goose Down"),
            ("-- +migrate Up notransaction", "-- +migrate Down"),
            ("--  Up Migration", "-- Down Migration"),
        ] {
            let text = format!("{head}\na;\n{foot}\nb;\n");
            assert_eq!(of(&text), Ok("\na;\n\n\n".into()), "{head}");
            // The other way round, and with a second section.
            let text = format!("{foot}\nb;\n{head}\na;\n");
            assert_eq!(of(&text), Ok("\n\n\na;\n".into()), "{head}");
        }
        assert_eq!(of("a;\n-- no-transaction"), Ok("a;\n-- no-transaction\n".into()));
    }

    #[test]
    fn a_statement_may_end_without_a_semicolon() {
        let text = "-- +goose Up\n-- +goose StatementBegin\na\n-- +goose StatementEnd\n";
        assert_eq!(of(text), Ok("\n-- +goose StatementBegin\na\n;\n".into()));
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        assert!(of("a;\n-- migrate:down\n").is_err_and(|why| why.starts_with("1_a.sql:2:1")));
        assert!(of("-- +goose ENVSUB ON\n").is_err_and(|why| why.contains("environment")));
    }
}
