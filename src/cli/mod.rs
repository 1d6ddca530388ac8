//! The command line: one file per command. Data goes to standard output, talk to standard error.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand};

mod abandon;
mod apply;
mod compare;
mod completions;
mod config;
mod connection;
mod diff;
mod drift;
mod error;
mod events;
mod explain;
mod export;
mod init;
mod inspect;
mod json_schema;
mod leaning;
mod lint;
mod load;
mod man;
mod output;
mod patterns;
mod pending;
mod permit;
mod plan;
mod played;
mod progress;
mod reconcile;
mod rollback;
mod scratch;
mod show;
mod status;
mod topics;
#[cfg(feature = "otel")]
mod traces;
mod unknown;
mod verify;

pub use config::{Config, Policy};
pub use error::{CliError, ErrorDocument, ErrorKind, ErrorPlace, code};

/// Phased, reviewable schema changes for PostgreSQL.
#[derive(Debug, Parser)]
#[command(
    name = "pgphase",
    version,
    disable_help_flag = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = AFTER_HELP
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// Options of every command.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Global {
    #[command(flatten)]
    pub(crate) connection: connection::Connection,
    /// Configuration file [default: pgphase.yaml, where there is one]
    #[arg(short = 'c', long, global = true, value_name = "FILE", env = "PGPHASE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Environment of the configuration: its databases and its policy
    #[arg(long, global = true, value_name = "NAME", env = "PGPHASE_ENV")]
    pub(crate) env: Option<String>,
    /// What to do with definitions of kinds that pgphase does not manage: refuse, or leave them alone with a note [default: error]
    #[arg(long, global = true, value_name = "error|ignore", env = "PGPHASE_UNMANAGED")]
    pub(crate) unmanaged: Option<config::Unmanaged>,
    /// Leave out notes and progress: only results, and what is wrong
    #[arg(short = 'q', long, global = true)]
    pub(crate) quiet: bool,
    /// How errors are told on standard error: text, or json for one object on the last line [default: json with --format json]
    #[arg(long, global = true, value_name = "text|json", value_enum, env = output::ERROR_FORMAT, hide_possible_values = true)]
    pub(crate) error_format: Option<output::ErrorFormat>,
    /// How errors are told, all things considered.
    #[arg(skip)]
    pub(crate) errors: output::ErrorFormat,
    /// Print help
    #[arg(long, short = '?', global = true, action = ArgAction::Help)]
    pub(crate) help: Option<bool>,
}

const AFTER_HELP: &str = "\
Examples:
  pgphase init -d \"$DATABASE_URL\"
  pgphase plan -d \"$DATABASE_URL\" --to schemas/ --out plans/token
  pgphase apply plans/token -d \"$DATABASE_URL\" --phase expand

Each command has more: pgphase plan --help

Exit codes:
  0    nothing to do, or done
  1    error
  2    there is a difference or finding (drift, lint; plan, diff and status with --exit-code)
  3    refused: a hazard is not approved, contract is held up, the plan was abandoned, or there is no way back
  4    the plan is stale
  5    stopped part-way, run again to go on
  64   usage
  75   temporary, safe to retry
  130  stopped by a signal; 143 likewise";

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a project: a configuration file, and the schema of a database as desired files
    Init(init::Args),
    /// Print the schema of a database
    Inspect(inspect::Args),
    /// List what differs between two sources
    Diff(diff::Args),
    /// Plan the way from a database to the desired schema
    Plan(plan::Args),
    /// Print a plan folder
    Show(show::Args),
    /// Try a plan on a scratch server, there and back, and compare what it does with what it says
    Verify(verify::Args),
    /// Run phases of a plan
    Apply(apply::Args),
    /// Undo steps of a plan that have run, last step first
    Rollback(rollback::Args),
    /// Give a plan up: undo what it has done, or leave it
    Abandon(abandon::Args),
    /// Say how far the plans of a database are
    Status(status::Args),
    /// Say where a database differs from the desired schema
    Drift(drift::Args),
    /// Write a plan as migrations of an existing runner
    Export(export::Args),
    /// Print the JSON Schema of a document that pgphase prints
    JsonSchema(json_schema::Args),
    /// Say what is dangerous in migrations and desired files
    Lint(lint::Args),
    /// Explain a rule of lint or a hazard of a plan
    Explain(explain::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Print the manual page, or write one for each command
    Man(man::Args),
}

/// Runs the command line of this process and returns its exit code.
pub fn main() -> u8 {
    run_with(std::env::args_os())
}

/// Runs a command line, whose first word is the program, and returns its exit code.
pub fn run_with(args: impl Iterator<Item = OsString>) -> u8 {
    let args = bare_h_is_help(args);
    let errors = output::ErrorFormat::wanted(&args, std::env::var(output::ERROR_FORMAT).ok().as_deref());
    let mut cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && errors == output::ErrorFormat::Json => {
            output::fail(&error.into(), None, errors);
            return code::USAGE;
        }
        Err(error) => {
            // Standard output or error may be closed; the code still tells.
            let _ = error.print();
            return if error.use_stderr() { code::USAGE } else { code::OK };
        }
    };
    cli.global.errors = errors;
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::fail(&CliError::new(format!("cannot start: {error}")), None, errors);
            return code::ERROR;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            output::fail(&error, None, errors);
            error.code
        }
    }
}

async fn run(cli: Cli) -> Result<u8, CliError> {
    let Cli { command, mut global } = cli;
    let asks_nobody = matches!(
        command,
        Command::Init(_) | Command::Explain(_) | Command::JsonSchema(_) | Command::Completions(_) | Command::Man(_)
    );
    if let Some(name) = global.env.clone().filter(|_| !asks_nobody) {
        Config::of(&global)?.connect_in(&name, &mut global.connection)?;
    }
    match command {
        Command::Init(args) => init::run(&args, &global).await,
        Command::Inspect(args) => inspect::run(&args, &global).await,
        Command::Diff(args) => diff::run(&args, &global).await,
        Command::Plan(args) => plan::run(&args, &global).await,
        Command::Show(args) => show::run(&args, &global),
        Command::Verify(args) => verify::run(&args, &global).await,
        Command::Apply(args) => apply::run(&args, &global).await,
        Command::Rollback(args) => rollback::run(&args, &global).await,
        Command::Abandon(args) => abandon::run(&args, &global).await,
        Command::Status(args) => status::run(&args, &global).await,
        Command::Drift(args) => drift::run(&args, &global).await,
        Command::Export(args) => export::run(&args, &global),
        Command::JsonSchema(args) => json_schema::run(&args),
        Command::Lint(args) => lint::run(&args, &global).await,
        Command::Explain(args) => explain::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}

/// `-h` names the host, as in `psql`; without a value it asks for help, as everywhere else.
fn bare_h_is_help(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    for i in 0..args.len() {
        let next_is_value = args
            .get(i + 1)
            .and_then(|next| next.to_str())
            .is_some_and(|next| !next.starts_with('-'));
        if args[i] == "-h" && !next_is_value {
            args[i] = "--help".into();
        }
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn h_is_host_or_help() {
        let read = |words: &[&str]| bare_h_is_help(words.iter().map(OsString::from));
        assert_eq!(read(&["pgphase", "-h"])[1], "--help");
        assert_eq!(read(&["pgphase", "plan", "-h", "--to"])[2], "--help");
        assert_eq!(read(&["pgphase", "plan", "-h", "db"])[2], "-h");
    }
}
