//! What stands between a plan and its contract phase, which takes away what the old application needs: time, and signs that it is
//! still there. `--force` passes one of them or all, with a reason that is written down.

mod cool;
mod force;
mod signs;
mod soak;
mod statements;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_postgres::{Client, Error};

use super::error::ApplyError;
use super::journal::{self, Times};
use super::progress::{Event, Progress};
use crate::plan::old_names::{Old, old_names};
use crate::plan::{Phase, Plan};

pub(super) use cool::cool;
pub use cool::{Cooling, cooling};
pub(super) use force::words as force_words;
pub use force::{Force, Guard, Held, Pass};
pub(crate) use soak::words;

/// For how long nothing of the old application must have been seen, where nothing else is said.
pub const QUIET: Duration = Duration::from_secs(300);

/// Names of applications that are looked over where nothing else is said: people and backups, not what is deployed.
pub const TOOLS: [&str; 5] = ["psql", "pg_dump", "pgAdmin*", "DBeaver*", "DataGrip*"];

/// What contract waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The time since the phases before it ended.
    pub contract_after: Duration,
    /// The time in which nobody may have written or asked for an old name.
    pub quiet: Duration,
    /// Names of applications (`*` stands for any text) whose sessions say nothing about the old application.
    pub tools: Vec<String>,
    /// Why it is run all the same.
    pub force: Force,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contract_after: Duration::ZERO,
            quiet: QUIET,
            tools: TOOLS.map(str::to_owned).to_vec(),
            force: Force::default(),
        }
    }
}

/// Everything before contract has run: from here its time counts, and what is called from here is new. Says so once.
pub(super) async fn ready(client: &Client, id: &str, plan: &Plan) -> Result<(), ApplyError> {
    if plan.phase(Phase::Contract).next().is_none() {
        return Ok(());
    }
    let write = || ApplyError::database("cannot write the journal");
    if journal::mark_ready(client, id).await.map_err(write())? {
        remember(client, id, &old_names(&plan.steps)).await.map_err(write())?;
    }
    Ok(())
}

/// Refuses contract while its time has not come, or where something of the old application is seen.
pub(super) async fn check(
    client: &Client,
    id: &str,
    plan: &Plan,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<(), ApplyError> {
    ready(client, id, plan).await?;
    let look = || ApplyError::database("cannot look for signs of the old application");
    let times = journal::times(client, id).await.map_err(look())?;
    let names = old_names(&plan.steps);
    let mut held = of(Guard::ContractAfter, soak::left(settings.contract_after, &times));
    let seen = seen(client, id, plan, &names, settings, &times, progress).await;
    held.extend(seen.map_err(look())?);
    if held.is_empty() {
        return Ok(());
    }
    let write = || ApplyError::database("cannot write the journal");
    let mut passed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut standing = Vec::new();
    for held in held {
        match settings.force.reason(held.guard) {
            Some(reason) => passed.entry(reason).or_default().push(held.what),
            None => standing.push(held),
        }
    }
    if !standing.is_empty() {
        // What has been called until now is no news the next time, once the quiet time is over.
        remember(client, id, &names).await.map_err(write())?;
        return Err(ApplyError::Guarded { held: standing });
    }
    for (reason, passed) in passed {
        pass(client, id, &reason, &passed, progress).await?;
    }
    Ok(())
}

/// Tells what is passed, and writes down why.
async fn pass(
    client: &Client,
    id: &str,
    reason: &str,
    passed: &[String],
    progress: &dyn Progress,
) -> Result<(), ApplyError> {
    for passed in passed {
        progress.event(Event::Notice(format!("passed by --force: {passed}")));
    }
    let detail = format!("{reason}; passed: {}", passed.join("; "));
    journal::event(client, id, None, journal::FORCED, &detail)
        .await
        .map_err(ApplyError::database("cannot write the journal"))
}

fn of(guard: Guard, seen: impl IntoIterator<Item = String>) -> Vec<Held> {
    seen.into_iter().map(|what| Held { guard, what }).collect()
}

async fn seen(
    client: &Client,
    id: &str,
    plan: &Plan,
    names: &[Old],
    settings: &Settings,
    times: &Times,
    progress: &dyn Progress,
) -> Result<Vec<Held>, Error> {
    let mut seen = of(Guard::Writes, signs::writes(client, plan, settings.quiet).await?);
    if names.is_empty() {
        return Ok(seen);
    }
    if let Some(now) = statements::look(client, names).await {
        let before = journal::snapshot(client, id, settings.quiet).await?;
        let before = before.and_then(|text| serde_json::from_str(&text).ok());
        seen.extend(of(
            Guard::Statements,
            statements::news(&before.unwrap_or_default(), &now),
        ));
    }
    seen.extend(of(Guard::Definitions, signs::dependants(client, plan, names).await?));
    seen.extend(of(Guard::Definitions, signs::bodies(client, plan, names).await?));
    let sessions = signs::sessions(client, times, &settings.tools).await?;
    if sessions.hidden > 0 {
        let text = format!(
            "{} sessions of other roles do not show how old they are to this one; membership in pg_read_all_stats would",
            sessions.hidden
        );
        progress.event(Event::Notice(text));
    }
    seen.extend(of(Guard::Sessions, sessions.old));
    Ok(seen)
}

async fn remember(client: &Client, id: &str, names: &[Old]) -> Result<(), Error> {
    match statements::look(client, names).await {
        Some(calls) => {
            let text = serde_json::to_string(&statements::counts(&calls)).unwrap_or_default();
            journal::event(client, id, None, journal::STATEMENTS, &text).await
        }
        None => Ok(()),
    }
}
