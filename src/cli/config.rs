//! `pgphase.yaml`: what a project says once instead of on every command line.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::error::CliError;
use crate::apply::backfill;
use crate::apply::window::Window;
use crate::object::{Kind, ObjectId};
use crate::plan::Wishes;
use crate::schema::Schema;

/// The file that is read when it is there.
pub const FILE: &str = "pgphase.yaml";

/// The configuration of a project. Every key has a flag or can be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The desired schema: a file, a folder or `migrations:PATH`, from where the configuration stands; or `git:REV:path`.
    pub schemas: Option<PathBuf>,
    /// Where plans go.
    pub plans: Option<PathBuf>,
    /// The namespaces that are managed; all but the system's when empty.
    pub namespaces: Vec<String>,
    /// Objects that are left alone: patterns with `*` for names (`public.tmp_*`) or ids (`table public.tmp_*`).
    pub ignore: Vec<String>,
    /// What to do with definitions in the files whose kind is not managed.
    pub unmanaged: Unmanaged,
    /// How careful a run is.
    pub policy: Policy,
    /// How hard backfills work.
    pub backfill: backfill::Settings,
    /// When `apply` may run, as `mon-fri 22:00-04:00`; any time when empty.
    pub windows: Vec<String>,
    /// The time zone of the windows, as `Europe/Berlin`; UTC without.
    pub timezone: Option<String>,
    /// Whether what has run is remembered in the database.
    pub journal: Journal,
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

/// How careful a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Seconds for all attempts of one step to get its locks.
    pub lock_budget: u64,
    /// How changes are made that would block or break an application.
    pub strategy: Strategy,
    /// Tables and columns that are changed in place whatever the strategy: patterns as for `ignore`.
    pub in_place: Vec<String>,
}

/// How changes are made that would block or break an application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Beside what is there, so that both applications keep working, where there is a way.
    #[default]
    Online,
    /// In place, with approval.
    InPlace,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            lock_budget: 300,
            strategy: Strategy::default(),
            in_place: Vec::new(),
        }
    }
}

impl Config {
    /// Reads a named file, or `pgphase.yaml` in the current folder where there is one.
    pub fn load(file: Option<&Path>) -> Result<Self, CliError> {
        let path = file.unwrap_or(Path::new(FILE));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                return Err(CliError::usage(format!("cannot read {}: {error}", path.display())));
            }
        };
        let mut config = Self::parse(&text).map_err(|error| error.at(path.display().to_string()))?;
        // Paths in the file are meant from where the file is.
        let folder = path.parent().unwrap_or(Path::new(""));
        for path in [&mut config.schemas, &mut config.plans].into_iter().flatten() {
            let text = path.to_string_lossy().into_owned();
            *path = match text.strip_prefix("migrations:") {
                _ if text.starts_with("git:") || text.starts_with("migrations:git:") => continue,
                Some(rest) => format!("migrations:{}", folder.join(rest).display()).into(),
                None => folder.join(&*path),
            };
        }
        Ok(config)
    }

    fn parse(text: &str) -> Result<Self, CliError> {
        if text
            .lines()
            .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
        {
            return Ok(Self::default());
        }
        serde_yaml::from_str(text)
            .map_err(|error| CliError::usage(format!("the configuration cannot be read: {error}")))
    }

    /// When `apply` may run.
    pub fn windows(&self) -> Result<Vec<Window>, CliError> {
        let read = |text: &String| text.parse().map_err(CliError::usage);
        self.windows.iter().map(read).collect()
    }

    /// The time zone of the windows.
    pub fn zone(&self) -> Result<TimeZone, CliError> {
        let name = self.timezone.as_deref().unwrap_or("UTC");
        TimeZone::get(name).map_err(|error| CliError::usage(format!("`timezone: {name}`: {error}")))
    }

    /// Whether an object is managed.
    pub fn manages(&self, id: &ObjectId) -> bool {
        let subject = id.subject();
        let namespace = match subject.kind {
            Kind::Namespace => Some(&subject.name),
            _ => subject.namespace.as_ref(),
        };
        let in_namespace = self.namespaces.is_empty()
            || namespace.is_none_or(|namespace| self.namespaces.iter().any(|own| own == namespace.as_str()));
        in_namespace && !self.ignore.iter().any(|pattern| ignores(pattern, subject))
    }

    /// What the policy says about the objects of a schema.
    pub fn wishes(&self, schema: &Schema) -> Wishes {
        let in_place = schema
            .iter()
            .map(|(id, _)| id)
            .filter(|id| matches!(id.kind, Kind::Table | Kind::Column))
            .filter(|id| self.policy.in_place.iter().any(|pattern| ignores(pattern, id)))
            .cloned()
            .collect();
        Wishes {
            all_in_place: self.policy.strategy == Strategy::InPlace,
            in_place,
            ..Wishes::default()
        }
    }

    /// Leaves out of a schema what is not managed.
    pub fn filter(&self, schema: &mut Schema) {
        if self.namespaces.is_empty() && self.ignore.is_empty() {
            return;
        }
        let out: Vec<ObjectId> = schema
            .iter()
            .map(|(id, _)| id)
            .filter(|id| !self.manages(id))
            .cloned()
            .collect();
        for id in out {
            schema.remove(&id);
        }
    }
}

/// A pattern fits an object, the relation it is part of, or a whole id.
fn ignores(pattern: &str, id: &ObjectId) -> bool {
    glob(pattern, &id.to_string()) || glob(pattern, &id.qualified().to_string())
}

/// `*` stands for any text.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(head) else {
        return false;
    };
    if tail.is_empty() {
        return true;
    }
    (0..=rest.len())
        .filter(|at| rest.is_char_boundary(*at))
        .any(|at| glob(tail, &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let config = Config::parse("schemas: db\nignore: ['public.tmp_*']\n").expect("reads");
        assert_eq!(config.schemas.as_deref(), Some(Path::new("db")));
        let id: ObjectId = "column public.tmp_x.a".parse().expect("id");
        assert!(!config.manages(&id));
        assert!(Config::parse("# nothing\n").is_ok());
        assert_eq!(Config::parse("skemas: db\n").expect_err("unknown").code, 64);
    }
}
