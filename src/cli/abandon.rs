//! `abandon`: gives a plan up.

use std::path::PathBuf;
use std::time::Duration;

use super::error::{CliError, code};
use super::progress::Lines;
use super::{Config, Global, connection, load, output};
use crate::apply::retry::Patience;
use crate::apply::{ApplyError, Back, Stop, db_message, journal};
use crate::plan::file::PlanFolder;

/// Arguments of `abandon`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Plan folder
    folder: PathBuf,
    /// Leave in the database what the plan has done, and only note that it will not be finished
    #[arg(long)]
    keep: bool,
    /// Do not ask first
    #[arg(long)]
    yes: bool,
    /// Seconds for all attempts of one step to get its locks
    #[arg(long, value_name = "SECONDS", env = "PGPHASE_LOCK_BUDGET")]
    lock_budget: Option<u64>,
    /// Seconds to wait for another run to end
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    wait: u64,
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::load(global.config.as_deref())?;
    let folder = PlanFolder::read(&args.folder)?;
    let mut target = global.connection.target()?;
    if args.keep {
        return keep(&folder, global).await;
    }
    let stop = Stop::listen().map_err(|error| CliError::new(format!("cannot listen for signals: {error}")))?;
    if connection::can_ask() {
        target = global.connection.open(target).await?.1;
    }
    if !args.yes {
        super::apply::confirm(
            &target.dbname,
            "Abandoning a plan removes what it has made.",
            "abandon asks before it runs, and there is no terminal",
        )?;
    }
    let back = Back {
        to: None,
        patience: Patience {
            budget: Duration::from_secs(args.lock_budget.unwrap_or(config.policy.lock_budget)),
            ..Patience::default()
        },
        wait_for_run: Duration::from_secs(args.wait),
        abandon: true,
    };
    let progress = Lines::new(global.quiet);
    let inspect = async |client: &tokio_postgres::Client| load::inspect(client, &config).await;
    let undone = match crate::apply::rollback(&target, &folder, &back, &progress, &stop, inspect).await {
        Err(error @ ApplyError::NoWayBack { .. }) => {
            let hint = "--keep leaves what it has done and lets other plans go on; \
                        then plan from the database as it is to where you want to be";
            return Err(CliError::from(error).hint(hint));
        }
        result => result?,
    };
    output::data(&format!("{undone} steps undone; the plan is abandoned\n"))?;
    Ok(code::OK)
}

async fn keep(folder: &PlanFolder, global: &Global) -> Result<u8, CliError> {
    let (session, _) = global.connection.open(global.connection.target()?).await?;
    let client = &session.client;
    let failed = |error: tokio_postgres::Error| CliError::from(ApplyError::Journal(db_message(&error)));
    let known = journal::version(client).await.map_err(failed)? == Some(journal::VERSION)
        && journal::abandon_plan(client, &folder.id()).await.map_err(failed)?;
    if !known {
        return Err(CliError::new("this plan has not been applied here"));
    }
    output::data("the plan is abandoned; what it has done stays\n")?;
    Ok(code::OK)
}
