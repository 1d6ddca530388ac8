//! Extensions that the files do not have, and what stays and needs them: told before a plan is written.

use super::compare::not_asked;
use super::error::{CliError, ErrorKind};
use crate::conn::Session;
use crate::introspect::leaning::leaning;
use crate::name::Ident;
use crate::object::{Kind, ObjectId};
use crate::pair::Pair;
use crate::schema::Schema;

/// An extension that the plan would drop, and an object that would keep it from that.
#[derive(Debug)]
pub(crate) struct Leaned {
    extension: Ident,
    object: ObjectId,
}

impl Leaned {
    /// The refusal of a plan that would stop at the extension.
    pub(crate) fn refusal(&self) -> CliError {
        let Self { extension, object } = self;
        CliError::new(format!(
            "{object} uses what extension {extension} brought, which the files do not have, so that the plan would drop it"
        ))
        .hint(format!(
            "add CREATE EXTENSION {extension} to the files, or take {object} out of them"
        ))
        .kind(ErrorKind::Schema)
    }
}

/// The first object that stays as it is and uses an extension that goes.
pub(crate) async fn ask(session: &Session, schemas: Pair<&Schema>) -> Result<Option<Leaned>, CliError> {
    let Pair { live, desired } = schemas;
    let going: Vec<&str> = live
        .of_kind(Kind::Extension)
        .filter(|(id, _)| !desired.contains(id))
        .map(|(id, _)| id.name.as_str())
        .collect();
    if going.is_empty() {
        return Ok(None);
    }
    let found = leaning(&session.client, &going).await.map_err(not_asked)?;
    let stays = |id: &ObjectId| live.get(id) == desired.get(id);
    Ok(found.into_iter().find_map(|one| {
        let object = one.object(live).filter(stays)?;
        Some(Leaned {
            extension: one.extension,
            object,
        })
    }))
}
