//! Whether a runner puts a migration into a transaction, by its marks and names.

use super::File;

/// Who puts the statements of a file into transactions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wrap {
    /// The runner puts the whole file into one.
    File,
    /// Nobody, but the file is sent as one message, which PostgreSQL runs in one transaction if it holds several statements.
    Message,
    /// Nobody: each statement is on its own, as psql runs a file.
    #[default]
    Statement,
}

/// What the marks of a file and its name say. `settings` is what stands beside it: Diesel's `metadata.toml`, Flyway's
/// `NAME.sql.conf`.
///
/// | runner | in a transaction | unless |
/// |---|---|---|
/// | goose | yes | `-- +goose NO TRANSACTION` |
/// | sql-migrate | yes | `-- +migrate Up notransaction` |
/// | dbmate | yes | `-- migrate:up transaction:false` |
/// | node-pg-migrate | yes | |
/// | sqlx | yes | `-- no-transaction` in the first line |
/// | Diesel | yes | `run_in_transaction = false` |
/// | Flyway, refinery | yes | `executeInTransaction=false`; Flyway leaves it off for a file that cannot run in one |
/// | golang-migrate, Prisma, numbered files without marks | as one message | |
pub(super) fn wrap(file: &File, settings: &str) -> Wrap {
    let squeezed: String = settings.split_whitespace().collect();
    if squeezed.contains("run_in_transaction=false") || squeezed.contains("executeInTransaction=false") {
        return Wrap::Message;
    }
    let mut sections = false;
    for line in file.source.text.lines() {
        let Some(comment) = line.trim_start().strip_prefix("--") else {
            continue;
        };
        let comment = comment.trim().to_ascii_lowercase();
        let words: Vec<&str> = comment.split_whitespace().collect();
        match words.as_slice() {
            ["+goose", "no", "transaction"] => return Wrap::Statement,
            ["+migrate", "up", "notransaction"] => return Wrap::Statement,
            ["migrate:up", rest @ ..] if rest.contains(&"transaction:false") => return Wrap::Message,
            ["no-transaction"] => return Wrap::Message,
            ["+goose" | "+migrate", "up", ..] | ["migrate:up", ..] | ["up", "migration"] => sections = true,
            _ => {}
        }
    }
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let versioned = name.contains("__") && name.starts_with(['V', 'U', 'R', 'B']);
    if sections || name == "up.sql" || versioned {
        Wrap::File
    } else {
        Wrap::Message
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::SourceText;

    #[test]
    fn marks_and_names() {
        for (path, text, settings, wanted) in [
            ("1_a.sql", "-- +goose Up\n", "", Wrap::File),
            (
                "1_a.sql",
                "-- +goose NO TRANSACTION\n-- +goose Up\n",
                "",
                Wrap::Statement,
            ),
            ("1_a.sql", "-- +migrate Up notransaction\n", "", Wrap::Statement),
            ("1_a.sql", "-- migrate:up transaction:false\n", "", Wrap::Message),
            ("1_a.sql", "-- migrate:up\n", "", Wrap::File),
            ("1_a.sql", "-- no-transaction\n", "", Wrap::Message),
            ("1_a.up.sql", "select 1", "", Wrap::Message),
            ("1_a/up.sql", "select 1", "", Wrap::File),
            ("1_a/up.sql", "", "run_in_transaction = false", Wrap::Message),
            ("1_a/migration.sql", "select 1", "", Wrap::Message),
            ("V1__a.sql", "select 1", "", Wrap::File),
            ("V1__a.sql", "", "executeInTransaction=false", Wrap::Message),
        ] {
            let source = SourceText {
                name: path.into(),
                text: text.into(),
            };
            let file = File {
                path: path.into(),
                source,
            };
            assert_eq!(wrap(&file, settings), wanted, "{path} {text}");
        }
    }
}
