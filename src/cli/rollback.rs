//! `rollback`: undoes steps of a plan.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::error::{CliError, code};
use super::events::Events;
use super::{Config, Global, connection, load, output};
use crate::apply::retry::Patience;
use crate::apply::{ApplyError, Back, Stop, Undone};
use crate::plan::Phase;
use crate::plan::file::PlanFolder;
use crate::report::count;

/// Arguments of `rollback`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Plan folder
    folder: PathBuf,
    /// Phase whose steps stay, with those before it: expand, backfill, validate; or start, to undo the whole plan
    #[arg(long, value_name = "PHASE", value_parser = phase)]
    to: To,
    #[command(flatten)]
    undoing: Undoing,
}

const EXAMPLES: &str = "\
Examples:
  pgphase rollback plans/token -d \"$DATABASE_URL\" --to expand
  pgphase rollback plans/token -d \"$DATABASE_URL\" --to start --yes";

/// How steps are undone.
#[derive(Debug, clap::Args)]
pub(super) struct Undoing {
    /// Do not ask first
    #[arg(long)]
    yes: bool,
    /// Seconds for all attempts of one step to get its locks
    #[arg(long, value_name = "SECONDS", env = "PGPHASE_LOCK_BUDGET")]
    lock_budget: Option<u64>,
    /// Seconds to wait for another run to end
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    wait: u64,
    /// Write what happens as JSON lines to a file, or with - to standard output
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy)]
struct To(Option<Phase>);

fn phase(text: &str) -> Result<To, String> {
    match text {
        "start" => Ok(To(None)),
        "contract" => Err("contract is the last phase: there is nothing behind it to undo".into()),
        _ => Phase::from_str(text).map(|phase| To(Some(phase))),
    }
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let folder = PlanFolder::read(&Config::of(global)?.plan_folder(&args.folder))?;
    let question = Question {
        warning: "Rolling back removes what the new application needs.",
        nobody: "rollback asks before it runs, and there is no terminal",
    };
    let undone = undo(&folder, args.to.0, false, &args.undoing, &question, global).await??;
    output::prose(&match undone {
        Undone { steps: 0, stay: 0 } => "nothing to undo: no step behind that phase has run\n".to_owned(),
        undone => format!("{}\n", told(undone)),
    })?;
    Ok(code::OK)
}

/// How many steps are undone, and how many cannot be.
pub(super) fn told(undone: Undone) -> String {
    let steps = format!("{} undone", count(undone.steps, "step"));
    match undone.stay {
        0 => steps,
        1 => format!("{steps}; what 1 step did stays, as nothing takes it away"),
        stay => format!("{steps}; what {stay} steps did stays, as nothing takes it away"),
    }
}

/// What is asked before anything is undone.
pub(super) struct Question {
    pub(super) warning: &'static str,
    /// Said where there is nobody to ask.
    pub(super) nobody: &'static str,
}

/// Undoes the steps that have run behind a phase, or all of them. The outer error comes before anything is
/// undone.
pub(super) async fn undo(
    folder: &PlanFolder,
    to: Option<Phase>,
    abandon: bool,
    how: &Undoing,
    question: &Question,
    global: &Global,
) -> Result<Result<Undone, ApplyError>, CliError> {
    let mut config = Config::of(global)?;
    if let Some(budget) = how.lock_budget {
        config.policy.lock_budget = budget;
    }
    let stop = Stop::listen().map_err(|error| CliError::new(format!("cannot listen for signals: {error}")))?;
    let mut target = global.connection.target()?;
    if connection::can_ask() {
        target = global.connection.open(target).await?.1;
    }
    if !how.yes {
        super::apply::confirm(&target.dbname, question.warning, question.nobody)?;
    }
    let back = Back {
        to,
        patience: Patience {
            budget: Duration::from_secs(config.policy.lock_budget),
            ..Patience::default()
        },
        wait_for_run: Duration::from_secs(how.wait),
        abandon,
    };
    let what = if abandon { "abandon" } else { "rollback" };
    let progress = Events::open(how.events.as_deref(), global.quiet)?.traced(what, &folder.plan, &target.dbname)?;
    let inspect = async |client: &tokio_postgres::Client| load::inspect(client, &config, &folder.plan).await;
    let done = crate::apply::rollback(&target, folder, &back, &progress, &stop, inspect).await;
    Ok(progress.end(done))
}
