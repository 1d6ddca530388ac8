//! `inspect --update`: desired files brought up to a database.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::{Spoken, all, write};
use crate::cli::compare::not_asked;
use crate::cli::error::{CliError, ErrorKind, code};
use crate::cli::load::{self, Loaded};
use crate::cli::{Config, Global, output, pending};
use crate::diff::{Delta, diff};
use crate::files::update::{Edited, Update};
use crate::files::{Definition, home, layout};
use crate::object::{Kind, ObjectId};
use crate::pair::Pair;
use crate::parse::{Desired, SourceText, parse_and_listen, source};
use crate::schema::{Schema, names_session_roles};
use crate::settle::session_roles;

/// Small edits first, then whole objects where those did not say what was meant.
const ATTEMPTS: usize = 3;

pub(super) async fn run(path: &Path, live: &mut Loaded, global: &Global, config: &Config) -> Result<u8, CliError> {
    if !path.exists() {
        return Err(CliError::not_there(path.display()).hint("--out writes new files"));
    }
    let files = source::read(&[path.to_owned()])?;
    let mut desired = parse_and_listen(&files)?;
    let expected = pending::expect(live, "the files get what it leads to").await;
    if !expected.unfit.is_empty() {
        return Err(CliError::refused(expected.unfit.join(" ")).hint(
            "nothing was written: the files would get what the plan has made for the time being; finish it, or `pgphase abandon` it first",
        ));
    }
    for note in expected.notes.iter().filter(|_| !global.quiet) {
        output::talk(&format!("note: {note}"));
    }
    config.take_partitions(&mut live.schema, |id| desired.schema.contains(id));
    let live = &*live;
    name_session_roles(&mut desired, live).await?;
    let (written, mut deltas) = differences(&desired, live, config).await?;
    if deltas.is_empty() {
        if !global.quiet {
            output::data("The files say what the database is; nothing to update.\n")?;
        }
        return Ok(code::OK);
    }
    let speaks_of = |kinds: &[Kind]| kinds.iter().any(|kind| desired.schema.of_kind(*kind).next().is_some());
    let spoken = Spoken {
        owners: speaks_of(&[Kind::Owner]),
        privileges: speaks_of(&[Kind::Acl, Kind::DefaultPrivileges]),
    };
    let definitions = all(live, spoken)?;
    let mut whole = HashSet::new();
    for _ in 0..ATTEMPTS {
        let update = Update {
            files: &files,
            spoken: &desired.spoken,
            written: &written,
            live: &live.schema,
            definitions: &definitions,
            whole: &whole,
        };
        let after = placed(path, update.edited(&deltas)?);
        // An edit that does not even read back is answered by writing the objects as a whole.
        let left = match parse_and_listen(&after) {
            Ok(again) => differences(&again, live, config).await?.1,
            Err(_) => deltas.clone(),
        };
        if left.is_empty() {
            return save(&files, &after);
        }
        let homes: Vec<ObjectId> = left
            .iter()
            .map(|delta| home_of(delta, &live.schema, &written))
            .collect();
        // An edit may leave behind what did not differ before: a child that its parent's column stays in.
        for delta in &left {
            if deltas.iter().all(|known| known.id() != delta.id()) {
                deltas.push(delta.clone());
            }
        }
        let before = whole.len();
        whole.extend(homes);
        if whole.len() == before {
            let names: Vec<String> = left.iter().map(|delta| delta.id().to_string()).collect();
            return Err(CliError::new(format!("the files cannot be brought up to {}", names.join(", ")))
                .hint("nothing was written; change these by hand, for instance where one statement speaks of several objects"));
        }
    }
    Err(CliError::new(
        "the files cannot be brought up to the database; nothing was written",
    ))
}

/// Statements that name whoever runs them speak of what this session has.
async fn name_session_roles(desired: &mut Desired, live: &Loaded) -> Result<(), CliError> {
    if let Some(session) = live.session.as_ref().filter(|_| names_session_roles(&desired.schema)) {
        let roles = session_roles(&session.client).await.map_err(not_asked)?;
        desired.spoken.iter_mut().for_each(|(_, id)| *id = roles.id(id));
        roles.name_in(&mut desired.schema, &live.schema);
    }
    Ok(())
}

/// What the files say in the words of the database, and what leads from them to it.
async fn differences(desired: &Desired, live: &Loaded, config: &Config) -> Result<(Schema, Vec<Delta>), CliError> {
    let mut schema = desired.schema.clone();
    config.filter(&mut schema);
    let written = load::unified(live, schema).await?;
    let deltas = diff(Pair::new(&written, &live.schema));
    Ok((written, deltas))
}

fn home_of(delta: &Delta, live: &Schema, written: &Schema) -> ObjectId {
    let schema = if live.contains(delta.id()) { live } else { written };
    home(schema, delta.id())
}

/// The edited files, with new definitions at the end of the only file, or in files of their own.
fn placed(path: &Path, edited: Edited) -> Vec<SourceText> {
    let mut files = edited.files;
    for Definition { home, sql, .. } in edited.new {
        let name = if path.is_dir() {
            path.join(layout::path(&home)).display().to_string()
        } else {
            path.display().to_string()
        };
        // On a file system that knows no case the two are one file.
        match files
            .iter_mut()
            .find(|file| file.name.to_lowercase() == name.to_lowercase())
        {
            Some(file) => {
                if !file.text.is_empty() && !file.text.ends_with('\n') {
                    file.text.push('\n');
                }
                if !file.text.is_empty() {
                    file.text.push('\n');
                }
                file.text.push_str(&sql);
            }
            None => files.push(SourceText {
                name: name.into(),
                text: sql,
            }),
        }
    }
    files
}

fn save(before: &[SourceText], after: &[SourceText]) -> Result<u8, CliError> {
    let is_new = |file: &&SourceText| before.iter().all(|old| old.name != file.name || old.text != file.text);
    let changed: Vec<&SourceText> = after.iter().filter(is_new).collect();
    for file in &changed {
        let place = Path::new(&*file.name);
        let same_bytes = before
            .iter()
            .find(|old| old.name == file.name)
            .is_none_or(|old| fs::read(place).is_ok_and(|bytes| bytes == old.text.as_bytes()));
        if !same_bytes {
            return Err(CliError::new(format!("{} is not plain UTF-8", file.name))
                .at(place)
                .kind(ErrorKind::File)
                .hint("nothing was written; store it as UTF-8 without a byte order mark first"));
        }
    }
    for file in changed {
        let place = Path::new(&*file.name);
        // A file with nothing left in it says nothing.
        if file.text.trim().is_empty() {
            fs::remove_file(place).map_err(|error| CliError::file("remove", place, error))?;
        } else {
            write::put(place, &file.text)?;
        }
        output::data(&format!("{}\n", file.name))?;
    }
    Ok(code::OK)
}
