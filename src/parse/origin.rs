//! What names a source of files: a path, `git:REV:path`, or either of them behind `migrations:`.

use std::path::{Path, PathBuf};

use super::context::Notice;
use super::error::ParseError;
use super::fold::{Desired, SourceText};
use super::git::GitPath;
use super::migrations::{self, File, Migration};
use super::source;

/// Where files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file or a folder of schema files.
    Path(PathBuf),
    /// The same as a revision has it.
    Git(GitPath),
    /// A folder of migrations on disk.
    Migrations(PathBuf),
    /// A folder of migrations as a revision has it.
    GitMigrations(GitPath),
}

/// The texts of a source.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The texts, in order where they are migrations.
    pub files: Vec<SourceText>,
    /// Whether they are migrations, which are read in order.
    pub ordered: bool,
    /// What has been left out.
    pub notices: Vec<Notice>,
}

/// Whether a text starts with the prefix of one of the forms that are no plain paths.
pub fn is_prefixed(text: &str) -> bool {
    text.starts_with("git:") || text.starts_with("migrations:")
}

impl Origin {
    /// Reads one of the forms; a text without a prefix is a path.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if let Some(rest) = text.strip_prefix("migrations:") {
            if rest.is_empty() {
                return Err(ParseError::new("migrations: names no folder").hint("write migrations:PATH"));
            }
            return Ok(match rest.strip_prefix("git:") {
                Some(rest) => Self::GitMigrations(GitPath::parse(rest)?),
                None => Self::Migrations(rest.into()),
            });
        }
        Ok(match text.strip_prefix("git:") {
            Some(rest) => Self::Git(GitPath::parse(rest)?),
            None => Self::Path(text.into()),
        })
    }

    /// Reads the texts.
    pub fn read(&self) -> Result<Texts, ParseError> {
        let files = match self {
            Self::Path(path) => return Ok(unordered(source::read(std::slice::from_ref(path))?)),
            Self::Git(path) => return Ok(unordered(path.texts()?)),
            Self::Migrations(path) => on_disk(path)?,
            Self::GitMigrations(path) => {
                let files = path.files(&[".sql"])?;
                files
                    .into_iter()
                    .map(|file| File {
                        path: file.path,
                        source: file.source,
                    })
                    .collect()
            }
        };
        let (files, notices) = migrations::way_up(files)?;
        Ok(Texts {
            files,
            ordered: true,
            notices,
        })
    }
}

impl Texts {
    /// The schema that the texts describe.
    pub fn schema(&self) -> Result<Desired, ParseError> {
        let mut desired = if self.ordered {
            super::parse_in_order(&self.files)?
        } else {
            super::parse(&self.files)?
        };
        desired.notices.extend(self.notices.iter().cloned());
        Ok(desired)
    }
}

fn unordered(files: Vec<SourceText>) -> Texts {
    Texts {
        files,
        ordered: false,
        notices: Vec::new(),
    }
}

/// The migrations of a folder on disk, in order, and remarks about what is left out.
pub fn migrations_of(folder: &Path) -> Result<(Vec<Migration>, Vec<Notice>), ParseError> {
    migrations::way_up_with(on_disk(folder)?, |file| {
        let path = folder.join(&file.path);
        let beside = [
            path.with_file_name("metadata.toml"),
            PathBuf::from(format!("{}.conf", path.display())),
        ];
        beside
            .iter()
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .collect()
    })
}

/// Whether a file is a migration of a runner beyond doubt, by its path or by the marks in it.
pub fn is_surely_migration(file: &Path) -> Result<bool, ParseError> {
    let name = |path: Option<&Path>| {
        path.and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned())
    };
    let own = name(Some(file)).unwrap_or_default();
    let folder = name(file.parent()).unwrap_or_default();
    let source = source::text_of(file)?;
    Ok(migrations::is_surely_migration(&own, &source.text)
        || migrations::is_surely_migration(&format!("{folder}/{own}"), &source.text))
}

/// Whether a folder holds migrations of a runner; `None` where the names leave it open.
pub fn holds_migrations(folder: &Path) -> Result<Option<bool>, ParseError> {
    let files = on_disk(folder)?;
    if files
        .iter()
        .any(|file| migrations::is_surely_migration(&file.path, &file.source.text))
    {
        return Ok(Some(true));
    }
    let open = !files.is_empty() && files.iter().all(|file| migrations::may_be_migration(&file.path));
    Ok((!open).then_some(false))
}

/// The SQL files below a folder of migrations.
fn on_disk(folder: &Path) -> Result<Vec<File>, ParseError> {
    if !folder.is_dir() {
        return Err(ParseError::new(format!("there is no folder {}", folder.display()))
            .hint("migrations: names the folder in which a runner looks for its migrations"));
    }
    let paths = source::sql_files(folder)?;
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<String> = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        files.push(File {
            path: parts.join("/"),
            source: source::text_of(&path)?,
        });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_told_apart() {
        let parsed = |text: &str| Origin::parse(text).map_err(|error| error.message);
        assert_eq!(parsed("db"), Ok(Origin::Path("db".into())));
        assert_eq!(parsed("migrations:db/m"), Ok(Origin::Migrations("db/m".into())));
        assert!(matches!(parsed("git:main:db"), Ok(Origin::Git(_))));
        assert!(matches!(parsed("migrations:git:main:db"), Ok(Origin::GitMigrations(_))));
        assert!(parsed("migrations:").is_err_and(|why| why.contains("names no folder")));
        assert!(parsed("git:main").is_err_and(|why| why.contains("names no path")));
    }

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            std::fs::write(path, text).expect("a file");
        }
        folder
    }

    fn ids(files: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let folder = folder(files);
        Origin::Migrations(folder.path().into())
            .read()
            .and_then(|texts| texts.schema())
            .map(|desired| desired.schema.iter().map(|(id, _)| id.to_string()).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn each_migration_finds_what_the_ones_before_it_have_made() {
        let files = [
            ("1_a.sql", "CREATE TABLE a (id int);"),
            (
                "2_b.sql",
                "-- migrate:up\nDROP TABLE a;\n-- migrate:down\nCREATE TABLE a (id int);",
            ),
            ("3_c.sql", "CREATE TABLE a (x int); ALTER TABLE IF EXISTS b ADD y int;"),
            ("4_d.sql", "CREATE TABLE b (z int);"),
        ];
        let found = ids(&files).unwrap_or_default();
        assert_eq!(
            found,
            [
                "table public.a",
                "column public.a.x",
                "table public.b",
                "column public.b.z"
            ]
        );
    }

    #[test]
    fn what_is_there_for_a_while_is_read_over() {
        let files = [
            (
                "1_a.sql",
                "CREATE TABLE a (id int PRIMARY KEY); CREATE TEMP TABLE t AS SELECT 1; CREATE INDEX t_idx ON t (x); ALTER TABLE t ADD y int;
                 DROP INDEX t_idx; DROP TABLE t; CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION pg_temp.f();",
            ),
            (
                "2_b.sql",
                "CREATE TABLE b (id) AS SELECT * FROM a; ALTER TABLE b ADD PRIMARY KEY (id); CREATE UNIQUE INDEX CONCURRENTLY ON b (id);
                 CREATE TRIGGER g BEFORE INSERT ON b EXECUTE FUNCTION f(); DROP TRIGGER g ON b; DROP TABLE a, b; CREATE TABLE b (z int);",
            ),
        ];
        assert_eq!(
            ids(&files).unwrap_or_default(),
            ["table public.b", "column public.b.z"],
            "{:?}",
            ids(&files)
        );
        let told = |text: &str, part: &str| {
            let why = ids(&[("1_a.sql", text)]).expect_err(text);
            assert!(why.contains(part), "{why}");
        };
        told("CREATE TABLE b AS TABLE a;", "made by a query");
        told(
            "CREATE TABLE b AS TABLE a; ALTER TABLE b RENAME TO c;",
            "made by a query",
        );
        told("CREATE TABLE b (i int); CREATE TABLE b AS TABLE a;", "is there already");
        told(
            "CREATE TABLE b (i int); CREATE TEMP TABLE b (i int); DROP TABLE b;",
            "hides public.b",
        );
    }

    #[test]
    fn what_is_read_over_is_named() {
        let folder = folder(&[(
            "1_a.sql",
            "CREATE TEMP TABLE t (x int);\nALTER TABLE t ADD y int;\nALTER TABLE schema_migrations ADD z int;",
        )]);
        let texts = Origin::Migrations(folder.path().into()).read().expect("the texts");
        let notices = texts.schema().expect("a schema").notices;
        let lines: Vec<usize> = notices.iter().map(|notice| notice.place.line).collect();
        assert_eq!(lines, [1, 2], "{notices:?}");
        assert!(notices[1].message.contains("(2 times in this file)"), "{notices:?}");
    }

    #[test]
    fn keys_and_columns_follow_a_table_under_its_new_name() {
        let files = [(
            "1_a.sql",
            "CREATE TABLE a (id int PRIMARY KEY); ALTER TABLE a RENAME TO b; ALTER INDEX a_pkey RENAME TO b_pkey; CREATE TABLE a (id int PRIMARY KEY);
             CREATE SCHEMA s; ALTER TABLE b SET SCHEMA s; ALTER INDEX s.b_pkey RENAME TO k; DROP TABLE a; CREATE INDEX a_pkey ON s.b (id);",
        )];
        let found = ids(&files).unwrap_or_else(|why| vec![why]);
        for id in ["constraint s.b.k", "index s.a_pkey"] {
            assert!(found.iter().any(|found| found == id), "{found:?}");
        }
    }

    #[test]
    fn nothing_waits_for_a_later_migration() {
        let files = [
            ("1_a.sql", "ALTER TABLE a ADD x int;"),
            ("2_b.sql", "CREATE TABLE a (id int);"),
        ];
        assert!(ids(&files).is_err_and(|why| why.contains("1_a.sql:1:") && why.contains("does not exist")));
    }
}
