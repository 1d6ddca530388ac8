//! Patterns and names of the configuration that fit nothing: a slip of the pen there would hide what it should not, or nothing.

use std::collections::BTreeSet;

use super::config::{Config, fits};
use super::error::{CliError, ErrorKind};
use super::load::Loaded;
use super::output;
use crate::nearest::nearest;
use crate::object::{Kind, ObjectId};

/// Says which patterns fit nothing in any of the sources. Where none of the namespaces is there, nothing would be managed, which
/// is an error. A pattern with `*` may wait for what is not there yet, so it is only noted.
pub(crate) async fn check(config: &Config, sides: &[&Loaded], quiet: bool) -> Result<(), CliError> {
    if config.namespaces.is_empty() && config.ignore.is_empty() {
        return Ok(());
    }
    let seen = Seen::of(sides);
    let missing = seen.missing_namespaces(&config.namespaces);
    let there = if missing.is_empty() {
        BTreeSet::new()
    } else {
        namespaces(sides).await
    };
    if !missing.is_empty() && missing.len() == config.namespaces.len() {
        let error = CliError::usage(format!(
            "nothing would be managed: neither the database nor the files have anything in {}",
            listed(&missing)
        ))
        .kind(ErrorKind::Configuration)
        .at("namespaces of the configuration");
        let hint = missing
            .iter()
            .find_map(|name| nearest(name, there.iter().map(String::as_str)));
        return Err(match hint {
            Some(near) => error.hint(format!("is `{near}` meant?")),
            None => error.hint("name namespaces that are there, or leave the list empty to manage all"),
        });
    }
    for name in missing {
        output::talk(&format!(
            "warning: nothing is in the namespace {name}, which `namespaces` of the configuration names{}",
            meant(name, there.iter().map(String::as_str))
        ));
    }
    for pattern in seen.idle(&config.ignore) {
        let waits = pattern.contains('*');
        if waits && quiet {
            continue;
        }
        let word = if waits { "note" } else { "warning" };
        output::talk(&format!(
            "{word}: nothing fits {pattern:?}, which `ignore` of the configuration names{}",
            meant(pattern, seen.names.iter().map(String::as_str))
        ));
    }
    Ok(())
}

/// What sources hold: what is managed, and what is ignored.
struct Seen {
    ignored: BTreeSet<ObjectId>,
    namespaces: BTreeSet<String>,
    /// What a pattern could name.
    names: BTreeSet<String>,
}

impl Seen {
    fn of(sides: &[&Loaded]) -> Self {
        let ignored: BTreeSet<ObjectId> = sides
            .iter()
            .flat_map(|side| side.kept.objects.iter().map(|object| object.id().subject().clone()))
            .collect();
        let managed = sides
            .iter()
            .flat_map(|side| side.schema.iter().map(|(id, _)| id.subject()));
        let mut namespaces = BTreeSet::new();
        let mut names = BTreeSet::new();
        for id in managed.chain(&ignored) {
            match (id.kind, &id.namespace) {
                (Kind::Namespace, _) => namespaces.insert(id.name.as_str().to_owned()),
                (_, Some(namespace)) => namespaces.insert(namespace.as_str().to_owned()),
                _ => false,
            };
            names.insert(id.to_string());
            names.insert(id.qualified().to_string());
        }
        Self {
            ignored,
            namespaces,
            names,
        }
    }

    fn missing_namespaces<'a>(&self, named: &'a [String]) -> Vec<&'a str> {
        let missing = named.iter().filter(|name| !self.namespaces.contains(*name));
        missing.map(String::as_str).collect()
    }

    fn idle<'a>(&self, patterns: &'a [String]) -> Vec<&'a str> {
        let idle = |pattern: &&String| !self.ignored.iter().any(|id| fits(pattern, id));
        patterns.iter().filter(idle).map(String::as_str).collect()
    }
}

/// The namespaces of the databases, managed or not, and those of the files; none more where the server does not tell them.
async fn namespaces(sides: &[&Loaded]) -> BTreeSet<String> {
    let mut found = Seen::of(sides).namespaces;
    for session in sides.iter().filter_map(|side| side.session.as_ref()) {
        let query = "select nspname::text from pg_catalog.pg_namespace where nspname !~ '^pg_'";
        let rows = session.client.query(query, &[]).await.unwrap_or_default();
        found.extend(rows.iter().filter_map(|row| row.try_get::<_, String>(0).ok()));
    }
    found
}

fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!("; is {near:?} meant?"))
}

fn listed(names: &[&str]) -> String {
    match names {
        [one] => format!("the namespace {one}"),
        many => format!("the namespaces {}", many.join(", ")),
    }
}
