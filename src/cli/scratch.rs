//! `--scratch`: a server that decides what texts mean, where the sources bring none along or it may not be asked.

use std::convert::Infallible;
use std::str::FromStr;

use super::error::{CliError, ErrorKind};
use super::{Global, load};
use crate::schema::Schema;
use crate::settle::unify_by;
use crate::unify::{Unified, Verdicts};
use crate::verify::scratch::{Scratch, Trial, build};

/// The option, for commands that compare.
#[derive(Debug, clap::Args)]
pub(crate) struct ScratchArgs {
    /// Server that decides whether texts mean the same where files alone leave it open, and that runs migrations as they are: a
    /// throw-away cluster on this machine, or one where the user may create and drop databases
    #[arg(long, value_name = "auto|none|CONNINFO", default_value = "none")]
    pub(crate) scratch: Choice,
}

/// Which server is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    /// None beside the database that is compared.
    None,
    /// A throw-away cluster.
    Auto,
    /// The one with this connection string.
    Given(String),
}

impl FromStr for Choice {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "none" => Self::None,
            "auto" => Self::Auto,
            conninfo => Self::Given(conninfo.to_owned()),
        })
    }
}

/// The server that was chosen.
pub(super) async fn open(choice: &Choice, global: &Global) -> Result<Option<Scratch>, CliError> {
    Ok(match choice {
        Choice::None => None,
        Choice::Auto => Some(Scratch::own().await?),
        Choice::Given(text) => Some(Scratch::given(global.connection.target_of(text)?).await?),
    })
}

/// Asks the questions that are left in a database that is built like the live one and dropped again.
pub(crate) async fn settle(
    choice: &Choice,
    global: &Global,
    live: &Schema,
    unified: Unified,
    verdicts: Verdicts,
) -> Result<Unified, CliError> {
    if unified.questions.is_empty() {
        return Ok(unified);
    }
    let Some(scratch) = open(choice, global).await? else {
        return Ok(unified);
    };
    scratch.provide(live).await?;
    let trial = scratch.database().await?;
    let answer = ask(&scratch, &trial, live, unified, verdicts).await;
    scratch.drop(trial).await?;
    answer
}

async fn ask(
    scratch: &Scratch,
    trial: &Trial,
    live: &Schema,
    unified: Unified,
    verdicts: Verdicts,
) -> Result<Unified, CliError> {
    let client = &trial.session.client;
    let empty = load::schema(client).await?;
    build(client, &empty, live, scratch.server_version).await?;
    unify_by(client, live, unified.desired, verdicts)
        .await
        .map_err(|error| {
            CliError::new(format!(
                "cannot ask the scratch server what texts mean: {}",
                crate::apply::db_message(&error)
            ))
            .kind(ErrorKind::Database)
        })
}
