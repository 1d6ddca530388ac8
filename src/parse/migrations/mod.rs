//! A folder of migrations as a source: `migrations:PATH`. Unlike a schema folder it is read in the order in which its runner
//! runs it, and each statement finds what the statements before it have made and nothing else.
//!
//! | runner | files | order |
//! |---|---|---|
//! | golang-migrate, sqlx | `1_title.up.sql`, `1_title.down.sql`, `1_title.sql` | by number |
//! | goose, sql-migrate, node-pg-migrate, plain numbered SQL | `1_title.sql` with sections | by number |
//! | dbmate | `1_title.sql` with sections | by name |
//! | Flyway | `V1.2__title.sql`, `R__title.sql`, `B1__title.sql`; `U1__title.sql` undoes | by version, repeatable ones last |
//! | refinery | `V1__title.sql`, and `U2__title.sql` where no `V2` is there | by version |
//! | Diesel | `1_title/up.sql`, `1_title/down.sql` | by name |
//! | Prisma | `1_title/migration.sql` | by name |
//!
//! Files and sections that lead down are left out. Each file starts with the settings of a new session.

mod order;
mod sections;
mod transaction;

pub use transaction::Wrap;

use super::context::Notice;
use super::error::{ParseError, Place};
use super::fold::SourceText;

/// A file of a migration folder: its path below the folder, with `/` between the parts, and its text.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// The path below the folder.
    pub(super) path: String,
    /// The text.
    pub(super) source: SourceText,
}

/// A migration: what leads up, and who puts it into a transaction.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The text that leads up; what was cut away left its lines empty.
    pub source: SourceText,
    /// Who puts it into a transaction.
    pub wrap: Wrap,
}

/// The tables in which runners remember what has run. No migration makes them, and nothing else must drop them.
pub const RUNNER_TABLES: &[&str] = &[
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "_prisma_migrations",
    "_sqlx_migrations",
    "alembic_version",
    "ar_internal_metadata",
    "databasechangelog",
    "databasechangeloglock",
    "django_migrations",
    "flyway_schema_history",
    "goose_db_version",
    "gorp_migrations",
    "knex_migrations",
    "knex_migrations_lock",
    "migrations",
    "pgmigrations",
    "refinery_schema_history",
    "schema_migrations",
    "typeorm_metadata",
];

/// Whether the names or marks of a file are those of a migration runner beyond doubt: plain numbers may be anything.
pub(super) fn is_surely_migration(path: &str, text: &str) -> bool {
    order::is_surely_migration(path) || sections::has_marks(text)
}

/// Whether a file may be a migration by its name.
pub(super) fn may_be_migration(path: &str) -> bool {
    order::may_be_migration(path)
}

/// The way up, in order, and remarks about what is left out.
pub(super) fn way_up(files: Vec<File>) -> Result<(Vec<SourceText>, Vec<Notice>), ParseError> {
    let (migrations, notices) = way_up_with(files, |_| String::new())?;
    Ok((
        migrations.into_iter().map(|migration| migration.source).collect(),
        notices,
    ))
}

/// The same, with what is known about transactions. `settings` reads what stands beside a file.
pub(super) fn way_up_with(
    files: Vec<File>,
    settings: impl Fn(&File) -> String,
) -> Result<(Vec<Migration>, Vec<Notice>), ParseError> {
    let by_name = files.iter().any(|file| sections::is_dbmate(&file.source.text));
    let order::Ordered { files, left_out } = order::ordered(files, by_name)?;
    let texts = files
        .into_iter()
        .map(|file| {
            let wrap = transaction::wrap(&file, &settings(&file));
            let text = sections::up(&file.source)?;
            let source = SourceText { text, ..file.source };
            Ok(Migration { source, wrap })
        })
        .collect::<Result<_, ParseError>>()?;
    let notices = left_out.into_iter().map(|file| Notice {
        place: Place {
            file: file.source.name,
            line: 1,
            column: 1,
        },
        message: "the file is no migration that a runner would run from here; it is left out".into(),
        unmanaged: false,
    });
    Ok((texts, notices.collect()))
}
