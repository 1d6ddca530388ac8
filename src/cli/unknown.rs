//! Types that the files name and do not define: known to the server, or a mistake that is told before a plan is written.

use super::error::{CliError, ErrorKind};
use super::load::Loaded;
use crate::apply::db_message;
use crate::conn::Session;
use crate::introspect::types::{Home, homes};
use crate::name::{Ident, QualifiedName};
use crate::object::Kind;
use crate::parse::UnknownType;
use crate::schema::Schema;

/// The types of the desired files that nobody is known to have, or that the plan would drop.
#[derive(Debug, Default)]
pub(crate) struct Unknown(Vec<Missing>);

#[derive(Debug)]
struct Missing {
    named: UnknownType,
    why: Why,
}

/// Why a type is taken as missing.
#[derive(Debug)]
enum Why {
    /// No server was asked, or an extension comes that may bring it.
    NotSeen,
    /// The server does not know it.
    Nowhere,
    /// It is in the database, managed, and not in the files.
    Goes(QualifiedName),
    /// It comes from an extension that is in the database and not in the files.
    GoesWith(Ident),
}

impl Missing {
    /// In a sentence without a period.
    fn told(&self) -> String {
        let UnknownType { name, on, .. } = &self.named;
        match &self.why {
            Why::NotSeen => {
                format!("{on} names type {name}, which is neither in the files nor one of PostgreSQL's own")
            }
            Why::Nowhere => {
                format!("{on} names type {name}, and neither the files nor the database have such a type")
            }
            Why::Goes(found) => {
                format!("{on} names type {found}, which the files do not define, so that the plan would drop it")
            }
            Why::GoesWith(extension) => {
                format!(
                    "{on} names type {name} of extension {extension}, which the files do not have, so that the plan would drop it"
                )
            }
        }
    }

    fn hint(&self) -> String {
        match (&self.why, &self.named.like) {
            (Why::Goes(_), _) => "define the type in the files".into(),
            (Why::GoesWith(extension), _) => format!("add CREATE EXTENSION {extension} to the files"),
            (_, Some(like)) => format!("did you mean {like}?"),
            _ => "correct the name, define the type in the files, or create its extension there".into(),
        }
    }
}

impl Unknown {
    /// What is told of them where no plan is made, or a plan may hold them.
    pub(crate) fn notes(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|missing| {
            let like = missing
                .named
                .like
                .as_ref()
                .filter(|_| !matches!(missing.why, Why::Goes(_) | Why::GoesWith(_)));
            let like = like.map(|like| format!(" Did you mean {like}?"));
            format!(
                "{}: {}.{}",
                missing.named.place,
                missing.told(),
                like.unwrap_or_default()
            )
        })
    }

    /// Refuses a plan that a server would refuse.
    pub(crate) fn refuse(&self) -> Result<(), CliError> {
        let mut refused = self.0.iter().filter(|missing| !matches!(missing.why, Why::NotSeen));
        let Some(first) = refused.next() else { return Ok(()) };
        let mut message = first.told();
        for missing in refused {
            message += &format!("\n{}: {} ({})", missing.named.place, missing.told(), missing.hint());
        }
        Err(CliError::new(message)
            .at(first.named.place.clone())
            .hint(first.hint())
            .kind(ErrorKind::Schema))
    }
}

/// The unknown types of the desired files that the server does not know either, asked for in one question. Without a server
/// those that the files of the other side name too are taken as right.
pub(crate) async fn ask(live: &Loaded, desired: &Loaded, session: Option<&Session>) -> Result<Unknown, CliError> {
    let types = desired.unknown_types.clone();
    if types.is_empty() {
        return Ok(Unknown::default());
    }
    let there = extensions(&live.schema);
    let stay = extensions(&desired.schema);
    let extension_comes = stay.iter().any(|name| !there.contains(name));
    let Some(session) = session else {
        let before: Vec<_> = live.unknown_types.iter().map(|one| &one.name).collect();
        let extended = extension_comes || !there.is_empty();
        let seen = |one: &UnknownType| before.contains(&&one.name) || (extended && !is_slip(one));
        let missing = types.into_iter().filter(|one| !seen(one));
        return Ok(Unknown(missing.map(not_seen).collect()));
    };
    let names: Vec<_> = types.iter().map(|one| one.name.clone()).collect();
    let found = homes(&session.client, &names).await.map_err(|error| {
        CliError::new(format!("cannot ask the server for types: {}", db_message(&error))).kind(ErrorKind::Database)
    })?;
    let has = |schema: &Schema, name: &QualifiedName| schema.type_id(name).or_else(|| schema.relation(name)).is_some();
    let goes = |home: &Home| match &home.extension {
        Some(extension) => there.contains(&extension.as_str()) && !stay.contains(&extension.as_str()),
        None => has(&live.schema, &home.name) && !has(&desired.schema, &home.name),
    };
    let judged = types.into_iter().zip(found).filter_map(|(named, mut homes)| {
        if homes.iter().any(|home| !goes(home)) {
            return None;
        }
        match homes.pop() {
            Some(home) => Some(Missing {
                named,
                why: home.extension.map_or(Why::Goes(home.name), Why::GoesWith),
            }),
            None if extension_comes => is_slip(&named).then(|| not_seen(named)),
            None => Some(Missing {
                named,
                why: Why::Nowhere,
            }),
        }
    });
    Ok(Unknown(judged.collect()))
}

fn not_seen(named: UnknownType) -> Missing {
    Missing {
        named,
        why: Why::NotSeen,
    }
}

/// Whether a name is so near to a known one that it is hardly the type of an extension.
fn is_slip(one: &UnknownType) -> bool {
    let name = one.name.to_string();
    name.chars().count() > 3
        && one
            .like
            .as_ref()
            .is_some_and(|like| strsim::damerau_levenshtein(&name, like) == 1)
}

fn extensions(schema: &Schema) -> Vec<&str> {
    schema
        .of_kind(Kind::Extension)
        .map(|(id, _)| id.name.as_str())
        .collect()
}
