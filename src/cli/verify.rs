//! `verify`: a plan is tried on a scratch server, and what it does is compared with what it says.

use std::fs;
use std::path::PathBuf;

use super::error::{CliError, ErrorKind, code};
use super::load::{self, Source};
use super::scratch::Choice;
use super::{Config, Global, output};
use crate::plan::file::PlanFolder;
use crate::verify::report::write_evidence;
use crate::verify::scratch::Scratch;
use crate::verify::{Options, VerifyError, verify};

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Plan folder
    folder: PathBuf,
    /// Schema that the plan starts from: a file, a folder, git:REV:path, migrations:PATH or a database [default: the database]
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// Desired schema, to compare the end with [default: what the steps of the plan add up to]
    #[arg(long, value_name = "SOURCE")]
    to: Option<String>,
    /// Server to try it on, where the user may create and drop databases [default: a throw-away cluster on this machine]
    #[arg(long, value_name = "CONNINFO")]
    scratch: Option<String>,
    /// Generated rows per table
    #[arg(long, default_value_t = 200)]
    rows: usize,
    /// SQL that adds rows of one's own after the generated ones
    #[arg(long, value_name = "FILE")]
    seed_sql: Option<PathBuf>,
    /// Leave REVIEW.md as it is
    #[arg(long)]
    no_evidence: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  pgphase verify plans/token -d \"$DATABASE_URL\"
  pgphase verify plans/token --from git:main:schemas --rows 1000 --seed-sql tests/rows.sql";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    /// What is written into REVIEW.md
    Markdown,
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let place = config.plan_folder(&args.folder);
    let folder = PlanFolder::read(&place)?;
    let seed_sql = match &args.seed_sql {
        Some(path) => Some(fs::read_to_string(path).map_err(|error| CliError::file("read", path, error))?),
        None => None,
    };
    let desired = match &args.to {
        Some(text) => Some(
            load::load(Source::parse(text, global)?, global, &config, &Choice::None)
                .await?
                .schema,
        ),
        None => None,
    };
    let from = match &args.from {
        Some(text) => Source::parse(text, global)?,
        None => Source::Live(global.connection.target()?),
    };
    // The session to a database ends here: it has been read, and that is all.
    let start = load::load(from, global, &config, &Choice::None).await?;
    let start_is_live = start.server_version.is_some();
    let start = load::for_plan(start.schema, &start.kept, &config, &folder.plan).schema;
    let scratch = match &args.scratch {
        Some(text) => Scratch::given(global.connection.target_of(text)?).await?,
        None => Scratch::own().await?,
    };
    let options = Options {
        rows: args.rows,
        seed_sql,
        start_is_live,
        desired,
    };
    let inspect = async |client: &tokio_postgres::Client| load::inspect(client, &config, &folder.plan).await;
    let verdict = verify(&scratch, &folder, &start, &options, inspect).await?;
    if !args.no_evidence {
        write_evidence(&place, &verdict)?;
    }
    match args.format {
        Format::Text => output::prose(&verdict.text())?,
        Format::Json => output::data(&output::json(&verdict)?)?,
        Format::Markdown => output::data(&verdict.markdown())?,
    }
    Ok(if verdict.holds { code::OK } else { code::ERROR })
}

impl From<VerifyError> for CliError {
    fn from(error: VerifyError) -> Self {
        let hint = error.hint();
        match error {
            VerifyError::Connect(error) => error.into(),
            VerifyError::Read(error) => error.into(),
            error => Self {
                hint,
                ..match error {
                    VerifyError::Stale { .. } => Self {
                        code: code::STALE,
                        ..Self::new(error.to_string()).kind(ErrorKind::Stale)
                    },
                    error => Self::new(error.to_string()),
                }
            },
        }
    }
}
