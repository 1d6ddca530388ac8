//! `init`: a configuration to start from.

use std::path::PathBuf;

use super::error::CliError;
use super::{config, output};

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder of the project
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Replace a configuration that is there
    #[arg(long)]
    force: bool,
}

const CONFIG: &str = "\
# Configuration of pgphase. Every key can be left out.

# The schema you want: a file or a folder of SQL or YAML.
schemas: schemas

# Where plans go.
plans: plans

# Namespaces to manage; all when empty.
namespaces: []

# Objects to leave alone, by pattern: public.tmp_*, or with the kind: table public.tmp_*
ignore: []

# Databases that `pgphase drift --all` looks at: connection strings, or {env: VARIABLE}; passwords stay in the password file.
databases: {}

# Known differences that drift hides for a while; each says why, and its last day (UTC).
drift:
  ignore: []
  # - {object: 'index public.tmp_*', reason: a trial of the search team, until: 2030-01-31}
# What lint looks for: pgphase lint --rules lists the rules and their levels (off, info, warning, error).
lint:
  # The major version of the server.
  server_version: 14
  rules: {}

policy:
  # Seconds for all attempts of one step to get its locks.
  lock_budget: 300
  # online, or in-place: changes that would block or break an application are made beside what is there, or in place.
  strategy: online
  # How long contract waits since the phases before it ended, and for how long nobody may have used an old name by then.
  contract_after: 0s  # - 24h
  quiet: 5m
  # A query for the bytes that are free on the disk of the server, which PostgreSQL does not tell by itself.
  # free_space: SELECT free FROM monitoring.disk

# How hard backfills work: workers, seconds per batch, share of the time, seconds that standbys may be behind, and a query
# that makes them rest while it is true.
backfill:
  jobs: 1
  batch_time: 0.3
  duty: 1.0
  max_lag: 10
  # pause_when: SELECT count(*) > 50 FROM pg_stat_activity WHERE state = 'active'

# When apply may run, in a time zone; any time when empty.
windows: []  # - mon-fri 22:00-04:00
timezone: UTC

# database: what has run is remembered there, in namespace pgphase; none: phase files are run with psql.
journal: database
";

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let file = args.folder.join(config::FILE);
    if file.exists() && !args.force {
        return Err(CliError::new(format!("{} is there already", file.display())).hint("--force replaces it"));
    }
    let failed = |what: &std::path::Path, error: std::io::Error| {
        CliError::new(format!("cannot write {}: {error}", what.display()))
    };
    for folder in ["schemas", "plans"] {
        let folder = args.folder.join(folder);
        std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
    }
    std::fs::write(&file, CONFIG).map_err(|error| failed(&file, error))?;
    output::data(&format!("{}\n", file.display()))?;
    Ok(super::code::OK)
}
