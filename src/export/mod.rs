//! A plan as migrations of an existing runner: one file per step, so that no lock is held longer than the plan holds it.
//!
//! | runner | transactional step | step outside a transaction | way back |
//! |---|---|---|---|
//! | golang-migrate, prisma | `BEGIN` and `COMMIT` in the file | one statement alone in the file | `.down.sql`; none |
//! | sqlx, diesel, dbmate, goose, flyway, liquibase | the runner's | its mark, and one statement alone | file or section |
//! | alembic, django, knex, typeorm, node-pg-migrate, rails, laravel | the runner's | its mark; settings in the file too | function |
//! | sqitch | `BEGIN` and `COMMIT` in the file | settings and the statement | revert file |
//! | refinery, drizzle | the runner's | refused | none |
//!
//! A runner is a pure function from segments to files. What a runner would take for a mark of its own, or would run in
//! another way than the plan does, is refused, not written.

use std::fmt;

use clap::ValueEnum;
use clap::builder::PossibleValue;

mod classes;
mod drizzle;
mod files;
mod javascript;
mod liquibase;
mod name;
mod python;
mod quote;
mod sections;
mod segment;
mod sqitch;
mod text;
mod version;

pub use segment::{Down, Segment, Unit, segments};

/// A migration runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Runner {
    Alembic,
    Dbmate,
    Diesel,
    Django,
    Drizzle,
    Flyway,
    GolangMigrate,
    Goose,
    Knex,
    Laravel,
    Liquibase,
    NodePgMigrate,
    Prisma,
    Rails,
    Refinery,
    Sqitch,
    Sqlx,
    #[value(name = "typeorm")]
    TypeOrm,
}

impl fmt::Display for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", PossibleValue::get_name))
    }
}

/// A file in the folder of the runner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path below the folder, with `/` between the parts.
    pub path: String,
    /// Its content.
    pub text: String,
    /// It was there, and what was there is in the content.
    pub extends: bool,
}

impl File {
    fn new(path: String, text: String) -> Self {
        Self {
            path,
            text,
            extends: false,
        }
    }
}

/// What is to be exported.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// For whom.
    pub runner: Runner,
    /// The steps.
    pub segments: &'a [Segment],
    /// The files that are there.
    pub existing: &'a [File],
    /// What the migrations are named after.
    pub name: String,
    /// The version of the first one.
    pub version_from: Option<String>,
    /// The migration that they follow, where the runner chains them.
    pub after: Option<String>,
    /// The app label of Django.
    pub app: Option<String>,
    /// Who is named as the author: `Name <mail>`.
    pub author: Option<String>,
}

/// What is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// The files.
    pub files: Vec<File>,
    /// What must be set or known for the run. One sentence each.
    pub notices: Vec<String>,
}

/// Why there is no export.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExportError {
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The command line lacks something.
    pub usage: bool,
}

impl ExportError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            usage: false,
        }
    }

    fn usage(message: impl Into<String>) -> Self {
        Self {
            usage: true,
            ..Self::new(message)
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A step that the runner cannot run as planned.
    fn cannot(request: &Request<'_>, segment: &Segment, why: &str) -> Self {
        Self::new(format!("{} cannot run step {} ({}): {why}", request.runner, segment.step, segment.title)).hint(
            format!(
                "run phase {0} with `pgphase apply PLAN --phase {0}` or with psql, and export the other phases with --phase",
                segment.phase
            ),
        )
    }
}

impl Request<'_> {
    /// The files that hold none of these steps.
    fn others(&self) -> impl Iterator<Item = &File> {
        self.existing.iter().filter(|file| self.step_in(file).is_none())
    }

    /// The files that hold one of these steps already.
    pub fn exported_before(&self) -> impl Iterator<Item = (&Segment, &File)> {
        self.existing
            .iter()
            .filter_map(|file| self.step_in(file).map(|segment| (segment, file)))
    }

    fn step_in(&self, file: &File) -> Option<&Segment> {
        self.segments.iter().find(|segment| file.text.contains(&segment.mark()))
    }

    fn has_lone_statements(&self) -> bool {
        self.segments.iter().any(|segment| !segment.is_transactional())
    }
}

/// The files for a runner.
pub fn export(request: &Request<'_>) -> Result<Export, ExportError> {
    let files = match request.runner {
        Runner::Flyway | Runner::GolangMigrate | Runner::Sqlx | Runner::Diesel | Runner::Refinery | Runner::Prisma => {
            files::export(request)?
        }
        Runner::Dbmate => sections::dbmate(request)?,
        Runner::Goose => sections::goose(request)?,
        Runner::Liquibase => liquibase::export(request)?,
        Runner::Sqitch => sqitch::export(request)?,
        Runner::Alembic => python::alembic(request)?,
        Runner::Django => python::django(request)?,
        Runner::Knex => javascript::knex(request)?,
        Runner::TypeOrm => javascript::typeorm(request)?,
        Runner::NodePgMigrate => javascript::node_pg_migrate(request)?,
        Runner::Drizzle => drizzle::export(request)?,
        Runner::Rails => classes::rails(request)?,
        Runner::Laravel => classes::laravel(request)?,
    };
    Ok(Export {
        files,
        notices: notices(request),
    })
}

/// What must be known for the run.
fn notices(request: &Request<'_>) -> Vec<String> {
    let mut notices = Vec::new();
    let mut say = |text: &str| notices.push(text.to_owned());
    if request.has_lone_statements() {
        match request.runner {
            Runner::Flyway => say(
                "set flyway.postgresql.transactional.lock=false: with a lock in a transaction, concurrent builds wait for ever",
            ),
            Runner::Sqlx | Runner::GolangMigrate | Runner::Prisma => say(
                "let one process migrate at a time: a second one waits for the runner's advisory lock, and PostgreSQL ends a concurrent build with a deadlock",
            ),
            Runner::TypeOrm => say(
                "set migrationsTransactionMode to 'each': with 'all', TypeORM refuses migrations outside a transaction",
            ),
            _ => {}
        }
        if matches!(
            request.runner,
            Runner::Flyway
                | Runner::GolangMigrate
                | Runner::Sqlx
                | Runner::Diesel
                | Runner::Prisma
                | Runner::Dbmate
                | Runner::Goose
                | Runner::Liquibase
        ) {
            say(
                "files outside a transaction hold one statement and no settings: the connection needs lock_timeout = 0 and statement_timeout = 0, as is the default",
            );
        }
    } else if request.runner == Runner::TypeOrm && request.segments.len() > 1 {
        say("set migrationsTransactionMode to 'each': with 'all', locks are held until the last migration is done");
    }
    if request.runner == Runner::Drizzle && request.segments.len() > 1 {
        say("drizzle runs all pending migrations in one transaction: their locks are held until the last one is done");
    }
    if matches!(request.runner, Runner::Drizzle | Runner::Prisma | Runner::Refinery) {
        say("this runner has no way back: rollback.sql of the plan has it");
    }
    if request.runner == Runner::Flyway {
        say("U files are run by editions of Flyway that undo; others leave them aside");
    }
    say("a step that does not get its locks within its lock_timeout fails and changes nothing: run it again");
    notices
}
