//! Extensions that the files do not have while something needs them, or want elsewhere than they can be: told before a plan is written.

use super::compare::not_asked;
use super::error::{CliError, ErrorKind};
use crate::conn::Session;
use crate::introspect::leaning::{immovable, leaning};
use crate::name::Ident;
use crate::object::{Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::schema::Schema;

/// A change of an extension at which the plan would stop.
#[derive(Debug)]
pub(crate) enum Leaned {
    /// It goes, and an object that stays uses it.
    Used { extension: Ident, object: ObjectId },
    /// It gets another namespace, and cannot.
    Immovable(Ident),
}

impl Leaned {
    /// The refusal of a plan that would stop at the extension.
    pub(crate) fn refusal(&self) -> CliError {
        let refused = match self {
            Self::Used { extension, object } => CliError::new(format!(
                "{object} uses what extension {extension} brought, which the files do not have, so that the plan would drop it"
            ))
            .hint(format!(
                "add CREATE EXTENSION {extension} to the files, or take {object} out of them"
            )),
            Self::Immovable(extension) => CliError::new(format!(
                "extension {extension} cannot get another namespace: its objects are bound to the one that it was created in"
            ))
            .hint("leave it where it is, or take it out of the files in a plan of its own and create it in the other namespace by the next"),
        };
        refused.kind(ErrorKind::Schema)
    }
}

/// The first extension at which a plan between these would stop.
pub(crate) async fn ask(session: &Session, schemas: Pair<&Schema>) -> Result<Option<Leaned>, CliError> {
    let Pair { live, desired } = schemas;
    let (mut going, mut moving) = (Vec::new(), Vec::new());
    for (id, object) in live.of_kind(Kind::Extension) {
        let name = id.name.as_str();
        match (object, desired.get(id)) {
            (_, None) => going.push(name),
            (Object::Extension(before), Some(Object::Extension(after))) if before.namespace != after.namespace => {
                moving.push(name);
            }
            _ => {}
        }
    }
    let client = &session.client;
    if !moving.is_empty() {
        let mut found = immovable(client, &moving).await.map_err(not_asked)?;
        if let Some(extension) = found.pop() {
            return Ok(Some(Leaned::Immovable(extension)));
        }
    }
    if going.is_empty() {
        return Ok(None);
    }
    let found = leaning(client, &going).await.map_err(not_asked)?;
    let stays = |id: &ObjectId| live.get(id) == desired.get(id);
    Ok(found.into_iter().find_map(|one| {
        let object = one.object(live).filter(stays)?;
        Some(Leaned::Used {
            extension: one.extension,
            object,
        })
    }))
}
