//! `abandon`: gives a plan up.

use std::path::PathBuf;

use super::error::{CliError, ErrorKind, code};
use super::rollback::{Question, Undoing, told, undo};
use super::{Config, Global, output};
use crate::apply::{ApplyError, db_message, journal};
use crate::plan::file::PlanFolder;

/// Arguments of `abandon`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Plan folder
    folder: PathBuf,
    /// Leave in the database what the plan has done, and only note that it will not be finished
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    undoing: Undoing,
}

const EXAMPLES: &str = "\
Examples:
  pgphase abandon plans/token -d \"$DATABASE_URL\"
  pgphase abandon plans/token -d \"$DATABASE_URL\" --keep";

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let folder = PlanFolder::read(&Config::of(global)?.plan_folder(&args.folder))?;
    if args.keep {
        return keep(&folder, global).await;
    }
    let question = Question {
        warning: "Abandoning a plan removes what it has made.",
        nobody: "abandon asks before it runs, and there is no terminal",
    };
    let undone = match undo(&folder, None, true, &args.undoing, &question, global).await? {
        Err(error @ ApplyError::NoWayBack { .. }) => {
            let hint = "--keep leaves what it has done and lets other plans go on; \
                        then plan from the database as it is to where you want to be";
            return Err(CliError::from(error).hint(hint));
        }
        result => result?,
    };
    output::prose(&format!("{}; the plan is abandoned\n", told(undone)))?;
    Ok(code::OK)
}

async fn keep(folder: &PlanFolder, global: &Global) -> Result<u8, CliError> {
    let (session, _) = global.connection.open(global.connection.target()?).await?;
    let client = &session.client;
    let failed = |error: tokio_postgres::Error| CliError::from(ApplyError::Journal(db_message(&error)));
    let known = journal::version(client).await.map_err(failed)? == Some(journal::VERSION)
        && journal::abandon_plan(client, &folder.id()).await.map_err(failed)?;
    if !known {
        return Err(CliError::new("this plan has not been applied here").kind(ErrorKind::Journal));
    }
    output::prose("the plan is abandoned; what it has done stays\n")?;
    Ok(code::OK)
}
