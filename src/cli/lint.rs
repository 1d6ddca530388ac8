//! `lint`: what is dangerous in desired files and in hand-written migrations.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::{CliError, ErrorKind, code};
use super::load::{self, Source};
use super::scratch::Choice;
use super::{Config, Global, output};
use crate::lint::output::{Document, github, gitlab, junit, sarif, summary, text};
use crate::lint::{Level, OLDEST, Options, Report, explain, lint_desired, lint_migrations};
use crate::parse::migrations::{Migration, Wrap};
use crate::parse::origin::{Origin, Texts, holds_migrations, is_prefixed, is_surely_migration, migrations_of};
use crate::parse::{self, SourceText, script};
use crate::schema::Schema;

/// Arguments of `lint`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Schema files, migration files, folders of either, migrations:PATH, git:REV:PATH, or - [default: schemas of the configuration]
    paths: Vec<String>,
    /// The schema before the migrations: a file, a folder, git:REV:path, migrations:PATH or a database
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// What the paths hold
    #[arg(long = "as", value_enum, default_value_t, value_name = "KIND")]
    kind: Kind,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The lowest level that makes the exit code 2 [default: warning]
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Level>,
    /// The major version of the server [default: 14, the oldest supported one]
    #[arg(long, value_name = "MAJOR", value_parser = clap::value_parser!(u32).range(14..=18))]
    server_version: Option<u32>,
    /// What runs in one transaction, for migrations that stand in no folder of a runner [default: statement]
    #[arg(long, value_enum, value_name = "WHAT")]
    transaction: Option<Transaction>,
    /// List the rules with their levels
    #[arg(long)]
    rules: bool,
}

const EXAMPLES: &str = "\
Examples:
  pgphase lint migrations/
  pgphase lint migrations/ --from \"$DATABASE_URL\" --format sarif > lint.sarif
  pgphase lint schemas/ --fail-on error
  pgphase lint --rules";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// By the names of the files and what is in them
    #[default]
    Auto,
    /// The schema that is wanted
    Schema,
    /// Migrations, read in order
    Migrations,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// With the lines and a mark under what is meant
    #[default]
    Text,
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code quality report of GitLab
    Gitlab,
    /// JUnit's XML
    Junit,
}

/// What runs in one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Transaction {
    /// The whole file
    File,
    /// Each statement, as psql runs a file
    Statement,
}

/// What to read, sorted by how it is read.
#[derive(Default)]
struct Input {
    /// Desired files, each group one schema.
    desired: Vec<Texts>,
    /// Files that are either.
    loose: Vec<SourceText>,
    /// Folders of migrations, and the files of each to report on; all where none is named.
    folders: BTreeMap<PathBuf, Vec<String>>,
    /// Migrations out of other places.
    migrations: Vec<Vec<Migration>>,
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let options = options(args, &config)?;
    if args.rules {
        output::prose(&explain::list(|rule| options.level(rule)))?;
        return Ok(code::OK);
    }
    let before = match &args.from {
        Some(source) => {
            load::load(Source::parse(source, global)?, global, &config, &Choice::None)
                .await?
                .schema
        }
        None => Schema::new(),
    };
    let mut paths = args.paths.clone();
    if paths.is_empty() {
        let schemas = config.schemas.as_ref().ok_or_else(|| {
            CliError::usage("no path is given").hint("name files or folders, or set schemas in pgphase.yaml")
        })?;
        paths.push(schemas.display().to_string());
    }
    let mut input = Input::default();
    for path in &paths {
        input.add(path, args.kind)?;
    }
    let wrap = args
        .transaction
        .or(config.lint.transaction)
        .unwrap_or(Transaction::Statement);
    let report = input.report(&before, wrap, args.kind, global.quiet, &options)?;
    let fail_on = args.fail_on.or(config.lint.fail_on).unwrap_or(Level::Warning);
    output::data(&match args.format {
        Format::Text => text(&report, output::width()),
        Format::Json => output::json(&Document::from(&report))?,
        Format::Sarif => sarif(&report),
        Format::Github => github(&report),
        Format::Gitlab => gitlab(&report),
        Format::Junit => junit(&report, fail_on),
    })?;
    if !global.quiet {
        output::talk(&summary(&report));
    }
    let failed = fail_on > Level::Off && report.worst().is_some_and(|worst| worst >= fail_on);
    Ok(if failed { code::DIFFERENCE } else { code::OK })
}

fn options(args: &Args, config: &Config) -> Result<Options, CliError> {
    for name in config.lint.rules.keys() {
        if crate::lint::rule::find(name).is_none() {
            let error = CliError::usage(format!("there is no rule {name}"))
                .at("lint.rules of the configuration")
                .kind(ErrorKind::Configuration);
            return Err(match crate::lint::rule::nearest(name, []) {
                Some(near) => error.hint(format!("did you mean {near}?")),
                None => error.hint("pgphase lint --rules lists them"),
            });
        }
    }
    let version = args.server_version.or(config.lint.server_version).unwrap_or(OLDEST);
    if !(OLDEST..=18).contains(&version) {
        return Err(
            CliError::usage(format!("server_version {version} is not between {OLDEST} and 18"))
                .at("lint of the configuration"),
        );
    }
    Ok(Options {
        levels: config.lint.rules.clone(),
        version,
    })
}

impl Input {
    fn add(&mut self, path: &str, kind: Kind) -> Result<(), CliError> {
        if path == "-" {
            self.loose.extend(load::input()?.files);
            return Ok(());
        }
        if is_prefixed(path) {
            match Origin::parse(path)? {
                Origin::Migrations(folder) => {
                    self.folders.entry(folder).or_default();
                }
                origin => {
                    let texts = origin.read()?;
                    if texts.ordered {
                        let migrations = texts.files.into_iter().map(|source| Migration {
                            source,
                            wrap: Wrap::Message,
                        });
                        self.migrations.push(migrations.collect());
                    } else {
                        self.desired.push(texts);
                    }
                }
            }
            return Ok(());
        }
        let file = Path::new(path);
        if file.is_dir() {
            return self.add_folder(file, kind);
        }
        if !file.exists() {
            return Err(CliError::not_there(path));
        }
        if kind != Kind::Schema {
            if let (true, Some(folder)) = (is_surely_migration(file)?, folder_of(file)) {
                self.folders.entry(folder).or_default().push(path.to_owned());
                return Ok(());
            }
        }
        self.loose.extend(Origin::Path(file.into()).read()?.files);
        Ok(())
    }

    fn add_folder(&mut self, folder: &Path, kind: Kind) -> Result<(), CliError> {
        let sure = match kind {
            Kind::Migrations => Some(true),
            Kind::Schema => Some(false),
            Kind::Auto => holds_migrations(folder)?,
        };
        if sure == Some(true) {
            self.folders.entry(folder.into()).or_default();
            return Ok(());
        }
        let texts = Origin::Path(folder.into()).read()?;
        if sure.is_none() && !is_desired(&texts.files) {
            self.folders.entry(folder.into()).or_default();
        } else {
            self.desired.push(texts);
        }
        Ok(())
    }

    fn report(
        self,
        before: &Schema,
        transaction: Transaction,
        kind: Kind,
        quiet: bool,
        options: &Options,
    ) -> Result<Report, CliError> {
        let say = |what: String| {
            if !quiet {
                output::talk(&what);
            }
        };
        let wrapped = |wrap: Wrap| match transaction {
            Transaction::File if wrap == Wrap::Statement => Wrap::File,
            _ => wrap,
        };
        let mut report = Report::default();
        let mut desired = self.desired;
        let mut lone = Vec::new();
        let as_schema = match kind {
            Kind::Auto => is_desired(&self.loose),
            Kind::Schema => true,
            Kind::Migrations => false,
        };
        if as_schema && !self.loose.is_empty() {
            desired.push(Texts {
                files: self.loose,
                ordered: false,
                notices: Vec::new(),
            });
        } else {
            lone = self.loose;
        }
        for texts in desired {
            report.merge(lint_desired(&texts.schema()?, &texts.files, options)?);
        }
        for (folder, wanted) in self.folders {
            let (migrations, notices) = migrations_of(&folder)?;
            say(format!(
                "note: {} holds migrations, which are read in order",
                folder.display()
            ));
            for notice in notices {
                say(format!("note: {}: {}", notice.place, notice.message));
            }
            let real = |path: &str| Path::new(path).canonicalize().ok();
            let wanted: Vec<_> = wanted.iter().map(|path| (path, real(path))).collect();
            for (path, here) in &wanted {
                if !migrations.iter().any(|migration| real(&migration.source.name) == *here) {
                    say(format!(
                        "note: {path} is no migration that leads up; it is not looked at"
                    ));
                }
            }
            let is_wanted = |name: &str| {
                wanted.is_empty() || {
                    let name = real(name);
                    wanted.iter().any(|(_, path)| *path == name)
                }
            };
            report.merge(lint_migrations(before, &migrations, &is_wanted, options)?);
        }
        for migrations in self.migrations {
            report.merge(lint_migrations(before, &migrations, &|_| true, options)?);
        }
        if !lone.is_empty() {
            let migrations: Vec<Migration> = lone
                .into_iter()
                .map(|source| Migration {
                    source,
                    wrap: wrapped(Wrap::Statement),
                })
                .collect();
            report.merge(lint_migrations(before, &migrations, &|_| true, options)?);
        }
        Ok(report)
    }
}

/// Whether files define a schema: nothing is changed that they do not make, nothing dropped, no row written.
fn is_desired(files: &[SourceText]) -> bool {
    let changes = |file: &SourceText| {
        file.name.ends_with(".sql") && script::lines(file).is_ok_and(|lines| script::changes(&lines))
    };
    !files.iter().any(changes) && parse::parse(files).is_ok()
}

/// The folder of migrations that a file would be in.
fn folder_of(file: &Path) -> Option<PathBuf> {
    let stem = file.file_stem()?.to_str()?;
    let own = match file.parent()? {
        parent if parent.as_os_str().is_empty() => PathBuf::from("."),
        parent => parent.to_path_buf(),
    };
    if !matches!(stem, "up" | "down" | "migration") {
        return Some(own);
    }
    match own.parent() {
        Some(above) if above.as_os_str().is_empty() => Some(PathBuf::from(".")),
        Some(above) => Some(above.to_path_buf()),
        None => None,
    }
}
