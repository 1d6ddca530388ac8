//! Migrations as a source, run as they are on the scratch server.

use super::error::CliError;
use super::load::{self, Loaded};
use super::scratch::{self, Choice};
use super::{Config, Global};
use crate::object::{Kind, Object, ObjectId};
use crate::parse::origin::Texts;
use crate::schema::Schema;
use crate::verify::VerifyError;
use crate::verify::play::play;
use crate::verify::scratch::{Scratch, Trial};

/// The schema that migrations lead to, in a database that is dropped again.
pub(super) async fn load(texts: &Texts, choice: &Choice, global: &Global, config: &Config) -> Result<Loaded, CliError> {
    let Some(scratch) = scratch::open(choice, global).await? else {
        return Err(CliError::usage("no scratch server is named to run the migrations on"));
    };
    let trial = scratch.database().await?;
    let loaded = read(&scratch, &trial, texts, config).await;
    scratch.drop(trial).await?;
    loaded
}

async fn read(scratch: &Scratch, trial: &Trial, texts: &Texts, config: &Config) -> Result<Loaded, CliError> {
    let client = &trial.session.client;
    let left_out = play(scratch, client, &texts.files).await?;
    let (found, kept) = load::read(client, config)
        .await
        .map_err(|error| VerifyError::Inspect(error.to_string()))?;
    let mut schema = found.schema;
    leave_out_owner(&mut schema, &trial.target.user);
    let wishes = config.wishes(&schema);
    Ok(Loaded {
        schema,
        kept,
        server_version: None,
        findings: found.findings,
        renames: vec![],
        follows: false,
        wishes,
        session: None,
        notes: load::told(&[texts.notices.as_slice(), &left_out].concat()),
        unknown_types: vec![],
        says_nothing: false,
        migrations: true,
    })
}

/// Whoever runs migrations owns what they make: they say of an owner only what they say of another one.
fn leave_out_owner(schema: &mut Schema, user: &str) {
    let own: Vec<ObjectId> = schema
        .of_kind(Kind::Owner)
        .filter(|(_, object)| matches!(object, Object::Owner(owner) if owner.role.as_str() == user))
        .map(|(id, _)| id.clone())
        .collect();
    for id in own {
        schema.remove(&id);
    }
}
