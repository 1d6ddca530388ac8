//! `inspect --out`: a schema as one file or as a folder with a file for each object.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::error::{CliError, ErrorKind, code};
use crate::cli::load::{self, Loaded};
use crate::cli::{Config, output};
use crate::diff::diff;
use crate::files::{self, Definition, layout};
use crate::introspect::Finding;
use crate::object::ObjectId;
use crate::pair::Pair;
use crate::parse::origin::Origin;
use crate::parse::{self, SourceText};

pub(super) async fn run(
    path: &Path,
    force: bool,
    definitions: &[Definition],
    live: &Loaded,
    config: &Config,
) -> Result<u8, CliError> {
    let texts = texts(path, definitions);
    refuse_to_lose(path, force, &texts)?;
    say_the_same(&texts, live, config).await?;
    for (place, text) in &texts {
        put(place, text)?;
    }
    let count = texts.len();
    let plural = if count == 1 { "" } else { "s" };
    output::data(&format!("{count} file{plural} in {}\n", path.display()))?;
    Ok(code::OK)
}

/// The files that hold the definitions: one, where the name ends in `.sql`, else one for each object below the folder.
pub(in crate::cli) fn texts(path: &Path, definitions: &[Definition]) -> BTreeMap<PathBuf, String> {
    if is_file(path) {
        return BTreeMap::from([(path.to_owned(), files::text(definitions))]);
    }
    let folder = layout::folder(definitions);
    folder
        .into_iter()
        .map(|(place, text)| (path.join(place), text))
        .collect()
}

pub(in crate::cli) fn is_file(path: &Path) -> bool {
    !path.is_dir()
        && path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("sql"))
}

/// Files that are there stay, unless writing over them is asked for; those that would not be written over would say more than
/// the database does.
fn refuse_to_lose(path: &Path, force: bool, texts: &BTreeMap<PathBuf, String>) -> Result<(), CliError> {
    if is_file(path) {
        return if path.exists() && !force {
            Err(CliError::is_there(path).hint("--force replaces it"))
        } else {
            Ok(())
        };
    }
    if !path.exists() {
        return Ok(());
    }
    let there = Origin::Path(path.to_owned()).read()?.files;
    let stays = there.iter().find(|file| !texts.contains_key(Path::new(&*file.name)));
    match (there.first(), stays) {
        (Some(first), _) if !force => Err(CliError::is_there(Path::new(&*first.name))
            .hint("--update brings existing files up to the database; --force writes over them")),
        (_, Some(stays)) => Err(CliError::new(format!("{} would stay beside the new files", stays.name))
            .at(Path::new(&*stays.name))
            .kind(ErrorKind::File)
            .hint("the database has no object that belongs into it; remove it first, or use --update")),
        _ => Ok(()),
    }
}

/// What is written must read back as what the database is.
pub(in crate::cli) async fn say_the_same(
    texts: &BTreeMap<PathBuf, String>,
    live: &Loaded,
    config: &Config,
) -> Result<(), CliError> {
    let sources: Vec<SourceText> = texts
        .iter()
        .map(|(place, text)| SourceText {
            name: place.display().to_string().into(),
            text: text.clone(),
        })
        .collect();
    let mut read = parse::parse(&sources)?.schema;
    config.filter(&mut read);
    let read = load::unified(live, read).await?;
    match diff(Pair::new(&live.schema, &read)).first() {
        None => Ok(()),
        Some(delta) => Err(unlike(delta.id(), live)),
    }
}

/// Files want every index valid, so they cannot say that one is not.
fn unlike(id: &ObjectId, live: &Loaded) -> CliError {
    let error = CliError::new(format!(
        "{id} would not be read back as it is in the database; nothing was written"
    ))
    .kind(ErrorKind::Schema);
    let name = id.qualified().to_string();
    let invalid = |finding: &Finding| matches!(finding, Finding::InvalidIndex { name: other } if *other == name);
    if live.findings.iter().any(invalid) {
        return error.hint(format!(
            "it is invalid: REINDEX INDEX CONCURRENTLY {name}, or drop it, and run this again"
        ));
    }
    error.hint("this is a mistake in pgphase: report it with the definition of the object")
}

/// Writes a file, with the folders above it.
pub(super) fn put(place: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::file("write", place, error);
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(place, text).map_err(failed)
}
