//! `apply`: runs phases of a plan.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::error::{CliError, code};
use super::events::Events;
use super::plan::{approve, talk_unheard};
use super::{Config, Global, config, connection, load, output, permit};
use crate::apply::guard::{Force, Pass};
use crate::apply::retry::Patience;
use crate::apply::{CoolDown, Options, Stop, backfill};
use crate::nearest::nearest;
use crate::plan::Phase;
use crate::plan::file::PlanFolder;
use crate::report::count;

/// Arguments of `apply`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Plan folder
    folder: PathBuf,
    /// Phase to run: expand, backfill, validate, contract, or all
    #[arg(long, value_parser = phases)]
    phase: Phases,
    /// Do not ask before the contract phase
    #[arg(long)]
    yes: bool,
    /// Seconds for all attempts of one step to get its locks
    #[arg(long, value_name = "SECONDS", env = "PGPHASE_LOCK_BUDGET")]
    lock_budget: Option<u64>,
    /// Seconds to wait for another run to end
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    wait: u64,
    #[command(flatten)]
    backfill: Backfill,
    /// Run outside of the maintenance windows of the configuration too
    #[arg(long)]
    any_time: bool,
    /// How long contract waits since the phases before it ended, as 24h or 2d
    #[arg(long, value_name = "TIME", env = "PGPHASE_CONTRACT_AFTER", value_parser = config::duration)]
    contract_after: Option<Duration>,
    /// Run contract although this guard stands before it, and write the reason down; without a guard, whatever stands there.
    /// Guards: contract_after, writes, statements, definitions, sessions, cool_down
    #[arg(long, value_name = "[GUARD=]REASON")]
    force: Vec<Pass>,
    /// Approve a hazard by its id, a phase that the policy wants to be approved, or all, for this run; the journal keeps who did
    #[arg(long, value_name = "ID")]
    approve: Vec<String>,
    /// Take up a plan again that was abandoned
    #[arg(long)]
    reopen: bool,
    /// Write what happens as JSON lines to a file, or with - to standard output
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  pgphase apply plans/token -d \"$DATABASE_URL\" --phase expand
  pgphase apply plans/token -d \"$DATABASE_URL\" --phase backfill --jobs 2 --duty 0.5
  pgphase apply plans/token -d \"$DATABASE_URL\" --phase contract --yes --format json
  pgphase apply plans/token -d \"$DATABASE_URL\" --phase contract --approve phase:contract";

/// How hard backfills work; what is not given is taken from `backfill` in the configuration.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Backfill")]
struct Backfill {
    /// Workers of a backfill, each with a session of its own [default: 1]
    #[arg(long, value_name = "N", env = "PGPHASE_JOBS")]
    jobs: Option<u16>,
    /// Seconds that a batch should take [default: 0.3]
    #[arg(long, value_name = "SECONDS", env = "PGPHASE_BATCH_TIME")]
    batch_time: Option<f64>,
    /// Share of the time in which a worker works; it rests for the other part [default: 1]
    #[arg(long, value_name = "SHARE", env = "PGPHASE_DUTY")]
    duty: Option<f64>,
    /// Seconds that standbys and active logical slots may be behind before it rests; 0: not watched [default: 10]
    #[arg(long, value_name = "SECONDS", env = "PGPHASE_MAX_LAG")]
    max_lag: Option<f64>,
    /// Query; while its first column is true, it rests
    #[arg(long, value_name = "SQL", env = "PGPHASE_PAUSE_WHEN")]
    pause_when: Option<String>,
}

impl Backfill {
    fn settings(&self, config: &Config) -> Result<backfill::Settings, CliError> {
        let from = config.backfill.clone();
        let settings = backfill::Settings {
            jobs: self.jobs.unwrap_or(from.jobs),
            batch_time: self.batch_time.unwrap_or(from.batch_time),
            duty: self.duty.unwrap_or(from.duty),
            max_lag: self.max_lag.unwrap_or(from.max_lag),
            pause_when: self.pause_when.clone().or(from.pause_when),
        };
        match settings.problem() {
            Some(problem) => Err(CliError::usage(problem)),
            None => Ok(settings),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone)]
pub(super) struct Phases(pub(super) Vec<Phase>);

pub(super) fn phases(text: &str) -> Result<Phases, String> {
    if text == "all" {
        return Ok(Phases(Phase::ALL.to_vec()));
    }
    let phase = Phase::from_str(text).map_err(|_| {
        let words: Vec<&str> = Phase::ALL.iter().map(|phase| phase.word()).chain(["all"]).collect();
        let meant = nearest(text, words.iter().copied());
        let meant = meant.map_or_else(String::new, |word| format!(" (did you mean `{word}`?)"));
        format!("`{text}` is no phase{meant}; phases are {}", words.join(", "))
    })?;
    Ok(Phases(vec![phase]))
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let mut config = Config::of(global)?;
    let mut folder = PlanFolder::read(&config.plan_folder(&args.folder))?;
    if config.journal == config::Journal::None {
        let hint = "run the phase files with psql, then `pgphase status --reconcile PLAN` says what was done";
        return Err(CliError::refused(
            "the configuration says `journal: none`: pgphase changes nothing in this database",
        )
        .hint(hint));
    }
    let before = folder.plan.approvals.clone();
    approve(&mut folder.plan, &args.approve);
    let wanted = folder.plan.approvals.clone();
    let permitted = permit::permit(&config.policy, &mut folder, &args.phase.0);
    if !args.approve.is_empty() {
        talk_unheard(&wanted, &folder.plan);
    }
    permitted?;
    let approvals = folder.plan.approvals.iter();
    let approved: Vec<String> = approvals.filter(|id| !before.contains(id)).cloned().collect();
    let stop = Stop::listen().map_err(|error| CliError::new(format!("cannot listen for signals: {error}")))?;
    let mut target = global.connection.target()?;
    if connection::can_ask() {
        // A run connects on its own and asks nobody, so a password is asked for here.
        target = global.connection.open(target).await?.1;
    }
    let phases = &args.phase.0;
    if phases.contains(&Phase::Contract) && folder.plan.phase(Phase::Contract).next().is_some() && !args.yes {
        confirm(
            &target.dbname,
            "Contract removes what the old application needed.",
            "the contract phase asks before it runs, and there is no terminal",
        )?;
    }
    if let Some(budget) = args.lock_budget {
        config.policy.lock_budget = budget;
    }
    let options = Options {
        phases: phases.clone(),
        patience: Patience {
            budget: Duration::from_secs(config.policy.lock_budget),
            ..Patience::default()
        },
        wait_for_run: Duration::from_secs(args.wait),
        backfill: args.backfill.settings(&config)?,
        windows: if args.any_time { vec![] } else { config.windows()? },
        zone: config.zone()?,
        guard: Some(
            config
                .policy
                .guard(args.contract_after, Force::new(args.force.clone()))?,
        ),
        cool_down: CoolDown::Wait,
        free_space: config.policy.free_space.clone(),
        reopen: args.reopen,
        approved,
    };
    let progress = Events::open(args.events.as_deref(), global.quiet)?.traced("apply", &folder.plan, &target.dbname)?;
    let inspect = async |client: &tokio_postgres::Client| load::inspect(client, &config, &folder.plan).await;
    let outcome = crate::apply::run(&target, &folder, &options, &progress, &stop, inspect).await;
    let outcome = progress.end(outcome)?;
    output::data(&match args.format {
        Format::Json => output::json(&outcome)?,
        Format::Text if outcome.done + outcome.before == 0 => {
            "nothing to do: the plan has no steps in this phase\n".into()
        }
        Format::Text if outcome.done == 0 => {
            format!("nothing to do: {} had run before\n", count(outcome.before, "step"))
        }
        Format::Text if outcome.left == 0 => format!("{} done; the plan is finished\n", count(outcome.done, "step")),
        Format::Text => format!(
            "{} done; {} of the plan to go\n",
            count(outcome.done, "step"),
            count(outcome.left, "step")
        ),
    })?;
    if outcome.left > 0 && !global.quiet {
        for note in still_wanted(&folder, phases) {
            output::talk(&note);
        }
    }
    Ok(code::OK)
}

/// The phases behind those that have run whose hazards wait for an approval.
fn still_wanted(folder: &PlanFolder, run: &[Phase]) -> Vec<String> {
    let later = Phase::ALL
        .into_iter()
        .filter(|phase| run.iter().all(|done| done < phase));
    later
        .filter_map(|phase| {
            let unapproved = folder.plan.unapproved().filter(|(step, _)| step.phase == phase);
            let ids: BTreeSet<String> = unapproved.map(|(_, hazard)| hazard.id()).collect();
            let wanted = count(ids.len(), "approval");
            (!ids.is_empty())
                .then(|| format!("note: {phase} still wants {wanted}, given with --approve ID or in plan.yaml"))
        })
        .collect()
}

/// Before things are taken away, somebody at a terminal types the name of the database.
pub(super) fn confirm(dbname: &str, danger: &str, no_terminal: &str) -> Result<(), CliError> {
    if !connection::can_ask() {
        return Err(CliError::usage(no_terminal).hint("--yes says that it may run"));
    }
    let failed = |error: std::io::Error| CliError::new(format!("cannot ask: {error}"));
    let mut err = std::io::stderr().lock();
    write!(err, "{danger} Type the name of the database to go on: ").map_err(failed)?;
    err.flush().map_err(failed)?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    if answer.trim() == dbname {
        Ok(())
    } else {
        Err(CliError::refused("not confirmed; nothing was run"))
    }
}
