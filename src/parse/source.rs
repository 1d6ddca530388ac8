//! Desired sources on disk: a file, or a folder of `*.sql`, `*.yaml` and `*.yml` files, in any order and depth.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::encoding::decode;
use super::error::ParseError;
use super::fold::{Desired, SourceText};
use super::meta::INCLUDES;
use super::split::{Piece, split};

/// Reads files and folders as one schema.
pub fn load(paths: &[PathBuf]) -> Result<Desired, ParseError> {
    super::parse(&read(paths)?)
}

/// Reads the texts of files and folders, with the files that psql would include.
pub fn read(paths: &[PathBuf]) -> Result<Vec<SourceText>, ParseError> {
    let mut reader = Reader::default();
    for path in paths {
        if path.is_dir() {
            reader.folder(path)?;
        } else {
            reader.file(path, &path.display().to_string())?;
        }
    }
    // Included files may include others.
    let mut at = 0;
    while at < reader.texts.len() {
        let included = reader.included(at)?;
        for (path, name) in included {
            reader.file(&path, &name)?;
        }
        at += 1;
    }
    Ok(reader.texts)
}

/// Whether texts hold blanks and comments only. A text that cannot be read says something, which its reader tells.
pub fn says_nothing(texts: &[SourceText]) -> bool {
    texts.iter().all(|source| {
        if super::yaml::is_yaml(&source.name) {
            let is_silent = |line: &str| matches!(line.trim(), "" | "---") || line.trim_start().starts_with('#');
            return source.text.lines().all(is_silent);
        }
        let is_statement = |piece: &Piece| matches!(piece, Piece::Statement(_));
        split(&source.name, &source.text).is_ok_and(|pieces| !pieces.iter().any(is_statement))
    })
}

/// The SQL files below a folder, hidden ones left out, in the order of their paths.
pub(super) fn sql_files(folder: &Path) -> Result<Vec<PathBuf>, ParseError> {
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let walk = walkdir::WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter();
    let mut found = Vec::new();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())) {
        let entry = entry.map_err(|error| walk_error(folder, &error))?;
        let sql = |extension: &std::ffi::OsStr| extension.eq_ignore_ascii_case("sql");
        if entry.file_type().is_file() && entry.path().extension().is_some_and(sql) {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// The text of one file.
pub(super) fn text_of(path: &Path) -> Result<SourceText, ParseError> {
    let name = path.display().to_string();
    let mut reader = Reader::default();
    reader.file(path, &name)?;
    reader
        .texts
        .pop()
        .ok_or_else(|| ParseError::new(format!("{name} cannot be read")))
}

/// How files of runners end whose migrations are programs.
const PROGRAMS: &[&str] = &["py", "rb", "js", "ts", "php"];

#[derive(Default)]
struct Reader {
    texts: Vec<SourceText>,
    paths: Vec<PathBuf>,
    seen: HashSet<PathBuf>,
}

impl Reader {
    fn folder(&mut self, folder: &Path) -> Result<(), ParseError> {
        let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
        let walk = walkdir::WalkDir::new(folder)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter();
        let mut found = false;
        let mut programs = false;
        for entry in walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())) {
            let entry = entry.map_err(|error| walk_error(folder, &error))?;
            let path = entry.path();
            let known = path.extension().is_some_and(|extension| {
                ["sql", "yaml", "yml"]
                    .iter()
                    .any(|known| extension.eq_ignore_ascii_case(known))
            });
            programs |= path
                .extension()
                .is_some_and(|extension| PROGRAMS.iter().any(|program| extension == *program));
            if entry.file_type().is_file() && known {
                found = true;
                self.file(path, &path.display().to_string())?;
            }
        }
        if found {
            return Ok(());
        }
        Err(ParseError::new(format!(
            "the folder {} holds no .sql, .yaml or .yml file",
            folder.display()
        ))
        .hint(if programs {
            "migrations that are programs are not read: have the runner print its SQL into files, such as `alembic upgrade head --sql`"
        } else {
            "write definitions into it, or take those of a database with `pgphase inspect --out`"
        }))
    }

    /// Reads a file, once even if it is reached twice.
    fn file(&mut self, path: &Path, name: &str) -> Result<(), ParseError> {
        let unreadable = |error: &dyn std::fmt::Display| ParseError::new(format!("{name} cannot be read: {error}"));
        let real = path.canonicalize().map_err(|error| unreadable(&error))?;
        if !self.seen.insert(real) {
            return Ok(());
        }
        let bytes = std::fs::read(path).map_err(|error| unreadable(&error))?;
        if bytes.starts_with(b"PGDMP") {
            return Err(
                unreadable(&"it is a dump in custom format").hint("turn it into SQL: pg_restore -f schema.sql FILE")
            );
        }
        let text = decode(&bytes).map_err(|error| match error.hint {
            Some(hint) => unreadable(&error.message).hint(hint),
            None => unreadable(&error.message),
        })?;
        self.texts.push(SourceText {
            name: name.into(),
            text,
        });
        self.paths.push(path.to_path_buf());
        Ok(())
    }

    /// The files that a text includes by psql's commands.
    fn included(&self, at: usize) -> Result<Vec<(PathBuf, String)>, ParseError> {
        let (Some(source), Some(path)) = (self.texts.get(at), self.paths.get(at)) else {
            return Ok(Vec::new());
        };
        if super::yaml::is_yaml(&source.name) || !source.text.contains("\\i") {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for piece in split(&source.name, &source.text)? {
            let Piece::Meta(meta) = piece else { continue };
            if !INCLUDES.contains(&meta.name) {
                continue;
            }
            let target = meta.arguments.trim_matches(['\'', '"']);
            let beside = path.parent().unwrap_or(Path::new("")).join(target);
            let relative = meta.name == "ir" || meta.name == "include_relative" || beside.exists();
            let target = if relative { beside } else { PathBuf::from(target) };
            if !target.is_file() {
                return Err(ParseError::at(
                    meta.place,
                    format!("{} is included but is no file", target.display()),
                ));
            }
            let name = target.display().to_string();
            found.push((target, name));
        }
        Ok(found)
    }
}

fn walk_error(folder: &Path, error: &walkdir::Error) -> ParseError {
    let path = error.path().unwrap_or(folder).display();
    if let Some(ancestor) = error.loop_ancestor() {
        return ParseError::new(format!(
            "the link {path} leads back to {}, which contains it",
            ancestor.display()
        ))
        .hint("remove the link, or name the files one by one");
    }
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    ParseError::new(format!("{path} cannot be read: {reason}"))
}
