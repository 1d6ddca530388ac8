//! `pgphase.yaml`: what a project says once instead of on every command line.

use std::collections::BTreeMap;
use std::num::NonZeroU8;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

mod database;
mod environment;
mod policy;
mod rules;

pub use database::Database;
pub use environment::Environment;
pub(crate) use policy::duration;
pub use policy::{Policy, Strategy};
pub(crate) use rules::approval_of;
pub use rules::{Consent, ObjectPolicy, UpTo};

use super::Global;
use super::error::{CliError, ErrorKind, ErrorPlace, code};
use super::lint::Transaction;
use crate::apply::backfill;
use crate::apply::window::Window;
use crate::kept::{self, Kept, glob};
use crate::lint::Level;
use crate::name::QualifiedName;
use crate::object::{Kind, ObjectId};
use crate::plan::Wishes;
use crate::plan::file::PLAN_FILE;
use crate::schema::Schema;

/// The file that is read when it is there.
pub const FILE: &str = "pgphase.yaml";

/// The configuration of a project. Every key has a flag or can be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The desired schema: a file, a folder or `migrations:PATH`, from where the configuration stands; or `git:REV:path`.
    pub schemas: Option<PathBuf>,
    /// Where plans are: a plan folder that is named by one word is looked for, and written, in there.
    pub plans: Option<PathBuf>,
    /// The namespaces that are managed; all but the system's when empty.
    pub namespaces: Vec<String>,
    /// Objects that are left alone: patterns with `*` for names (`public.tmp_*`) or ids (`table public.tmp_*`).
    pub ignore: Vec<String>,
    /// Partitions that are made while the application runs: those that the files do not define are left as they are.
    pub partitions: Vec<Partitions>,
    /// What is said of tables whose columns stand in another order than in the files.
    pub column_order: ColumnOrder,
    /// What to do with definitions in the files whose kind is not managed.
    pub unmanaged: Unmanaged,
    /// How careful a run is.
    pub policy: Policy,
    /// The databases that `drift --all` looks at, by a name of your own.
    pub databases: IndexMap<String, Database>,
    /// Environments by name, such as `production`; `--env` chooses one.
    pub environments: IndexMap<String, Environment>,
    /// What `drift` is told.
    pub drift: Drift,
    /// What lint looks for.
    pub lint: Lint,
    /// How hard backfills work.
    pub backfill: backfill::Settings,
    /// When `apply` may run, as `mon-fri 22:00-04:00`; any time when empty.
    pub windows: Vec<String>,
    /// The time zone of the windows, as `Europe/Berlin`; UTC without.
    pub timezone: Option<String>,
    /// Whether what has run is remembered in the database.
    pub journal: Journal,
    /// In how many sessions a database is read at most: 2, or 1 where connections are few. The second is for large ones.
    pub sessions: Sessions,
}

/// A number of sessions, one at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sessions(NonZeroU8);

impl Sessions {
    /// The number.
    pub fn get(self) -> u8 {
        self.0.get()
    }
}

impl Default for Sessions {
    /// Two.
    fn default() -> Self {
        Self(NonZeroU8::MIN.saturating_add(1))
    }
}

/// What is said of tables whose columns stand in another order than in the files. No plan changes the order, and new tables
/// have that of the files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnOrder {
    /// Nothing.
    #[default]
    Ignore,
    /// A note in plans and in drift.
    Warn,
}

/// Partitions that are made while the application runs, by itself or by an extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partitions {
    /// The partitioned tables, at any level above: a pattern as for `ignore`.
    pub of: String,
    /// The partitions: a pattern as for `ignore`; all when left out.
    #[serde(default)]
    pub named: Option<String>,
}

impl Partitions {
    fn fits(&self, schema: &Schema, id: &ObjectId) -> bool {
        let parent_fits = |parent: &QualifiedName| fits(&self.of, &ObjectId::named(Kind::Table, parent));
        self.named.as_ref().is_none_or(|named| fits(named, id)) && kept::descends(schema, &id.qualified(), &parent_fits)
    }
}

/// What `drift` is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Drift {
    /// Differences that are known and hidden for a while.
    pub ignore: Vec<IgnoreRule>,
}

/// A difference that is known and hidden for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IgnoreRule {
    /// The objects: a pattern as for `ignore`.
    pub object: String,
    /// Why the difference is no drift.
    pub reason: String,
    /// The last day on which it is hidden, in UTC.
    pub until: jiff::civil::Date,
}

impl IgnoreRule {
    /// Whether the rule still holds.
    pub fn holds(&self, today: jiff::civil::Date) -> bool {
        today <= self.until
    }

    /// Whether it is about this object.
    pub fn fits(&self, id: &ObjectId) -> bool {
        fits(&self.object, id) || (id.on.is_some() && fits(&self.object, id.subject()))
    }
}

/// What lint looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lint {
    /// The major version of the server.
    pub server_version: Option<u32>,
    /// The lowest level that makes the exit code 2.
    pub fail_on: Option<Level>,
    /// Whether a migration runs in one transaction, where its runner does not say.
    pub transaction: Option<Transaction>,
    /// Levels of rules: off, info, warning or error.
    pub rules: BTreeMap<String, Level>,
}

/// Whether what has run is remembered in the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Journal {
    /// In namespace `pgphase`.
    #[default]
    Database,
    /// Nowhere: phase files are run with `psql`.
    None,
}

/// What to do with definitions in the files whose kind is not managed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Unmanaged {
    /// Refuse the files, because a plan would not give all that they ask for.
    #[default]
    Error,
    /// Leave them out with a note.
    Ignore,
}

impl Config {
    /// The configuration that the options name, in their environment.
    pub(crate) fn of(global: &Global) -> Result<Self, CliError> {
        let config = Self::load(global.config.as_deref())?;
        match &global.env {
            Some(name) => config.in_environment(name),
            None => Ok(config),
        }
    }

    /// Where a plan folder is: as it is named, or in the folder of plans where one word names it and there is no such plan here.
    pub(crate) fn plan_folder(&self, named: &Path) -> PathBuf {
        let is_word = named.components().count() == 1 && named.file_name().is_some();
        match &self.plans {
            Some(plans) if is_word && !named.join(PLAN_FILE).exists() => plans.join(named),
            _ => named.to_owned(),
        }
    }

    /// Reads a named file, or `pgphase.yaml` in the current folder where there is one.
    pub fn load(file: Option<&Path>) -> Result<Self, CliError> {
        let path = file.unwrap_or(Path::new(FILE));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                return Err(CliError {
                    code: code::USAGE,
                    ..CliError::file("read", path, error)
                });
            }
        };
        let mut config = Self::parse(&text, path)?;
        // Paths in the file are meant from where the file is.
        let folder = path.parent().unwrap_or(Path::new(""));
        let elsewhere = config.environments.values_mut();
        let databases = config
            .databases
            .values_mut()
            .chain(elsewhere.flat_map(|environment| environment.databases.values_mut()));
        let own = databases.filter_map(Database::schemas_mut);
        let paths: Vec<&mut PathBuf> = [&mut config.schemas, &mut config.plans]
            .into_iter()
            .flatten()
            .chain(own)
            .collect();
        for path in paths {
            let text = path.to_string_lossy().into_owned();
            *path = match text.strip_prefix("migrations:") {
                _ if text.starts_with("git:") || text.starts_with("migrations:git:") => continue,
                Some(rest) => format!("migrations:{}", folder.join(rest).display()).into(),
                None => folder.join(&*path),
            };
        }
        Ok(config)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, CliError> {
        if text
            .lines()
            .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
        {
            return Ok(Self::default());
        }
        let config: Self = serde_yaml::from_str(text).map_err(|error| {
            let place = ErrorPlace {
                line: error.location().map(|at| at.line()),
                column: error.location().map(|at| at.column()),
                ..path.into()
            };
            Self::wrong(format!("the configuration cannot be read: {error}")).at(place)
        })?;
        config.check_environments().map_err(|error| error.at(path))?;
        Ok(config)
    }

    /// What is wrong with it.
    fn wrong(message: impl Into<String>) -> CliError {
        CliError::usage(message).kind(ErrorKind::Configuration)
    }

    /// The configuration as it is for one of the databases.
    pub fn of_database(&self, database: &Database) -> Self {
        let own = match database {
            Database::Entry(entry) => entry.schemas.clone(),
            Database::Conninfo(_) => None,
        };
        Self {
            schemas: own.or_else(|| self.schemas.clone()),
            ..self.clone()
        }
    }

    /// When `apply` may run.
    pub fn windows(&self) -> Result<Vec<Window>, CliError> {
        let read = |text: &String| text.parse().map_err(Self::wrong);
        self.windows.iter().map(read).collect()
    }

    /// The time zone of the windows.
    pub fn zone(&self) -> Result<TimeZone, CliError> {
        let name = self.timezone.as_deref().unwrap_or("UTC");
        TimeZone::get(name).map_err(|error| Self::wrong(format!("`timezone: {name}`: {error}")))
    }

    fn is_in_namespaces(&self, id: &ObjectId) -> bool {
        let subject = id.subject();
        let namespace = match subject.kind {
            Kind::Namespace => Some(&subject.name),
            _ => subject.namespace.as_ref(),
        };
        namespace.is_none_or(|namespace| self.namespaces.iter().any(|own| own == namespace.as_str()))
    }

    fn ignores(&self, id: &ObjectId) -> bool {
        self.ignore.iter().any(|pattern| fits(pattern, id.subject()))
    }

    /// What the policy says about the objects of a schema, sizes left aside.
    pub fn wishes(&self, schema: &Schema) -> Wishes {
        let policy = &self.policy;
        if policy.strategy == Strategy::InPlace && policy.objects.is_empty() && !policy.has_limits() {
            return Wishes {
                all_in_place: true,
                ..Wishes::default()
            };
        }
        // A table speaks for its columns where it holds none itself, as a partition does.
        let speaks = |id: &ObjectId| id.kind == Kind::Column || schema.columns(&id.qualified()).next().is_none();
        let ids = schema.iter().map(|(id, _)| id);
        let in_place = ids.filter(|id| policy.is_in_place(id) && speaks(id)).cloned().collect();
        Wishes {
            in_place,
            ..Wishes::default()
        }
    }

    /// Leaves out of a schema what is in other namespaces, and takes out of it what is ignored.
    pub fn filter(&self, schema: &mut Schema) -> Kept {
        if !self.namespaces.is_empty() {
            kept::take_out(schema, |_, id| !self.is_in_namespaces(id));
        }
        if self.ignore.is_empty() {
            return Kept::default();
        }
        kept::take_out(schema, |_, id| self.ignores(id))
    }

    /// Takes out of a live schema the partitions that were made while the application ran, but for those that are known.
    pub fn take_partitions(&self, schema: &mut Schema, known: impl Fn(&ObjectId) -> bool) -> Kept {
        if self.partitions.is_empty() {
            return Kept::default();
        }
        kept::take_out(schema, |schema, id| {
            id.kind == Kind::Table && !known(id) && self.partitions.iter().any(|rule| rule.fits(schema, id))
        })
    }
}

/// A pattern fits an object, the relation it is part of, or a whole id; with the quotes that its name needs, or without.
pub(super) fn fits(pattern: &str, id: &ObjectId) -> bool {
    let name = id.qualified();
    let bare = name
        .namespace
        .as_ref()
        .map(|namespace| format!("{}.{}", namespace.as_str(), name.name.as_str()));
    glob(pattern, &id.to_string()) || glob(pattern, &name.to_string()) || bare.is_some_and(|bare| glob(pattern, &bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, CliError> {
        Config::parse(text, Path::new(FILE))
    }

    #[test]
    fn patterns() {
        for (pattern, text, fits) in [
            ("public.tmp_*", "public.tmp_a", true),
            ("public.tmp_*", "public.users", false),
            ("*.log*2", "app.log_12", true),
            ("table *", "table public.x", true),
            ("a", "a", true),
            ("", "a", false),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn reads_and_refuses() {
        let config = parse("schemas: db\nignore: ['public.tmp_*']\n").expect("reads");
        assert_eq!(config.schemas.as_deref(), Some(Path::new("db")));
        let id: ObjectId = "column public.tmp_x.a".parse().expect("id");
        assert!(config.ignores(&id));
        let quoted: ObjectId = "table public.\"tmp_2024-05\"".parse().expect("id");
        assert!(config.ignores(&quoted));
        assert!(parse("# nothing\n").is_ok());
        assert_eq!(parse("skemas: db\n").expect_err("unknown").code, 64);
    }

    #[test]
    fn a_rule_holds_until_the_end_of_its_day() {
        let text = "drift:\n  ignore:\n  - {object: 'index public.tmp_*', reason: a trial, until: 2026-11-21}\n";
        let config = parse(text).expect("reads");
        let rule = &config.drift.ignore[0];
        assert!(rule.holds(jiff::civil::date(2026, 11, 21)));
        assert!(!rule.holds(jiff::civil::date(2026, 11, 22)));
        for (id, fits) in [
            ("index public.tmp_a", true),
            ("comment on index public.tmp_a", true),
            ("table public.tmp_a", false),
        ] {
            assert_eq!(rule.fits(&id.parse().expect("id")), fits, "{id}");
        }
        for text in [
            "drift:\n  ignore:\n  - {object: a, until: 2026-11-21}\n",
            "drift:\n  ignore:\n  - {object: a, reason: b}\n",
            "drift:\n  ignore:\n  - {object: a, reason: b, until: soon}\n",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn databases_in_the_order_of_the_file() {
        let text = "databases:\n  us: service=us\n  eu: {env: EU_URL, schemas: eu}\n";
        let config = parse(text).expect("reads");
        assert_eq!(config.databases.keys().collect::<Vec<_>>(), ["us", "eu"]);
        assert_eq!(config.databases["us"].conninfo("us").expect("there"), "service=us");
        assert!(config.databases["eu"].conninfo("eu").is_err());
        let own = config.of_database(&config.databases["eu"]);
        assert_eq!(own.schemas.as_deref(), Some(Path::new("eu")));
    }
}
