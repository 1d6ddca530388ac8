//! `init`: a project to start from; with a database, its schema as desired files.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::{CliError, ErrorKind, code};
use super::inspect::{self, Spoken, write};
use super::load::{self, Source};
use super::scratch::Choice;
use super::{Config, Global, compare, config, output};
use crate::drift::differences;
use crate::parse::origin::{Origin, is_prefixed};

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Folder of the project
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Write the schema of the database that PG* variables name; -d, -h, -p and -U ask for that by themselves
    #[arg(long)]
    adopt: bool,
    /// Desired schema, below the folder: one file, where the name ends in .sql, else a folder with a file for each object; or
    /// migrations:PATH for migrations that are there
    #[arg(long, value_name = "PATH", default_value = "schemas")]
    schemas: PathBuf,
    /// Leave out owners
    #[arg(long)]
    no_owner: bool,
    /// Leave out privileges and default privileges
    #[arg(long)]
    no_privileges: bool,
}

const EXAMPLES: &str = "\
Examples:
  pgphase init
  pgphase init -d \"$DATABASE_URL\"
  pgphase init -d \"$DATABASE_URL\" --schemas schema.sql --no-owner
  pgphase init --schemas migrations:db/migrations";

const CONFIG: &str = "\
# Configuration of pgphase. Every key can be left out.

# The schema you want: a file or a folder of SQL or YAML, or migrations:PATH.
schemas: {schemas}

# Where plans are: `plan --out token` writes plans/token, and `apply token` runs it.
plans: plans

# Namespaces to manage; all when empty.
namespaces: []

# Objects to leave alone, by pattern: public.tmp_*, or with the kind: table public.tmp_*
ignore: []

# Databases that `pgphase drift --all` looks at: connection strings, or {env: VARIABLE}; passwords stay in the password file.
databases: {}

# Environments, chosen with --env: their databases, and what is different in their policy.
environments: {}
# production: {databases: {main: {env: PRODUCTION_URL}}, policy: {hazards: {data-loss: each}}}

# Known differences that drift hides for a while; each says why, and its last day (UTC).
drift:
  ignore: []
  # - {object: 'index public.tmp_*', reason: a trial of the search team, until: 2030-01-31}
# What lint looks for: pgphase lint --rules lists the rules and their levels (off, info, warning, error).
lint:
  # The major version of the server.
  server_version: {server_version}
  rules: {}

policy:
  # Seconds for all attempts of one step to get its locks.
  lock_budget: 300
  # online, or in-place: changes that would block or break an application are made beside what is there, or in place.
  strategy: online
  # The size up to which in-place is meant; larger tables are changed online.
  # in_place_up_to: {rows: 100000, bytes: 100MB}
  # What approval a kind of hazard needs: all (its id, or `all`), each (its id), never (such a plan is not run).
  hazards: {}  # - {data-loss: each, rewrite: never}
  # Phases that run only once phase:NAME is among the approvals of the plan.
  approve_phases: []  # - [contract]
  # Other rules for some objects; of several that fit, the first that says something.
  objects: []
  # - {of: 'public.audit_*', strategy: in-place, hazards: {data-loss: never}}
  # How long contract waits since the phases before it ended, and for how long nobody may have used an old name by then.
  contract_after: 0s  # - 24h
  quiet: 5m
  # How long contract keeps old columns behind a swap, in which it can be taken back; none: they go with it.
  # cool_down: 1d
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

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    // What is listed can be typed as it is, without `./`.
    let here = if args.folder == Path::new(".") {
        Path::new("")
    } else {
        &args.folder
    };
    let file = here.join(config::FILE);
    let schemas = here.join(&args.schemas);
    if file.exists() {
        let hint = "init never writes over files; in a project that is there, `pgphase inspect --out schemas` writes the schema of a database";
        return Err(CliError::is_there(file.as_path()).hint(hint));
    }
    let adopts = args.adopt || global.connection.is_given();
    let elsewhere = is_prefixed(&args.schemas.to_string_lossy());
    if elsewhere && adopts {
        return Err(CliError::usage(format!(
            "{} cannot be written: it is read as it is",
            args.schemas.display()
        ))
        .hint("name a folder or a file, or leave the database out"));
    }
    let (mut files, live) = if adopts {
        let (files, live) = adopted(args, &schemas, global).await?;
        (files, Some(live))
    } else {
        (BTreeMap::new(), None)
    };
    let version = live.as_ref().and_then(|live| live.server_version);
    files.insert(file.clone(), settings(&args.schemas, version)?);
    let mut folders = vec![here.join("plans")];
    if !elsewhere && !write::is_file(&schemas) {
        folders.push(schemas.clone());
    }
    for folder in folders {
        fs::create_dir_all(&folder).map_err(|error| CliError::file("write", &folder, error))?;
    }
    for (place, text) in &files {
        put_new(place, text)?;
        output::data(&format!("{}\n", place.display()))?;
    }
    if let Some(live) = live {
        say_nothing_differs(live, &schemas, &file, global).await?;
    }
    if !global.quiet {
        output::talk(&next(args, adopts, global));
    }
    Ok(code::OK)
}

/// The desired files that say what a database is.
async fn adopted(
    args: &Args,
    schemas: &Path,
    global: &Global,
) -> Result<(BTreeMap<PathBuf, String>, load::Loaded), CliError> {
    if !write::is_file(schemas) && schemas.exists() {
        let there = Origin::Path(schemas.to_owned()).read()?.files;
        if let Some(first) = there.first() {
            return Err(CliError::is_there(Path::new(&*first.name))
                .hint("without a database init takes the files that are there; --schemas names another place"));
        }
    }
    let config = Config::default();
    let live = load::live(global.connection.target()?, global, &config).await?;
    for finding in live.findings.iter().filter(|_| !global.quiet) {
        output::talk(&format!("note: {finding}"));
    }
    let spoken = Spoken {
        owners: !args.no_owner,
        privileges: !args.no_privileges,
    };
    let texts = write::texts(schemas, &inspect::all(&live, spoken)?);
    if let Some(there) = texts.keys().find(|place| place.exists()) {
        return Err(CliError::is_there(there.as_path()).hint("--schemas names another place"));
    }
    write::say_the_same(&texts, &live, &config).await?;
    Ok((texts, live))
}

/// The configuration, with the place of the desired schema and the major version of the server; the oldest where none is known.
fn settings(schemas: &Path, server_version: Option<u32>) -> Result<String, CliError> {
    let place = serde_yaml::to_string(&schemas.display().to_string())
        .map_err(|error| CliError::new(format!("the configuration cannot be written: {error}")))?;
    let version = server_version.unwrap_or(crate::lint::OLDEST).to_string();
    Ok(CONFIG
        .replace("{schemas}", place.trim_end())
        .replace("{server_version}", &version))
}

/// Writes a file that is not there yet.
fn put_new(place: &Path, text: &str) -> Result<(), CliError> {
    if let Some(folder) = place.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| CliError::file("write", folder, error))?;
    }
    fs::File::create_new(place)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => CliError::is_there(place),
            _ => CliError::file("write", place, error),
        })
}

/// The files, as they are on disk now, against the database: the proof that nothing was lost on the way.
async fn say_nothing_differs(live: load::Loaded, schemas: &Path, file: &Path, global: &Global) -> Result<(), CliError> {
    let config = Config::load(Some(file))?;
    let desired = load::load(
        Source::Files(Origin::Path(schemas.to_owned())),
        global,
        &config,
        &Choice::None,
    )
    .await?;
    let compared = compare::compare(live, desired, &Choice::None, global, &config).await?;
    let differences = differences(compared.pair(), &crate::render::statements::statements);
    match differences.first() {
        None if global.quiet => {}
        None => output::talk(&format!(
            "nothing differs between the database and {}",
            schemas.display()
        )),
        Some(first) => {
            let message = format!("{} is not in the files as it is in the database", first.object);
            return Err(CliError::new(message)
                .kind(ErrorKind::Schema)
                .hint("this is a mistake in pgphase: report it with the definition of the object"));
        }
    }
    Ok(())
}

/// What somebody would do now.
fn next(args: &Args, adopted: bool, global: &Global) -> String {
    let schemas = args.schemas.display();
    let connection = match global.connection.typed() {
        typed if typed.is_empty() && !args.adopt => " -d \"$DATABASE_URL\"".to_owned(),
        typed => typed,
    };
    let mut lines = vec!["next:".to_owned()];
    if args.folder != Path::new(".") {
        lines.push(format!("  cd {}", args.folder.display()));
    }
    if adopted {
        lines.push(format!("  git add {} {schemas}", config::FILE));
        lines.push(format!("  # change the definitions in {schemas}, then"));
    } else if !is_prefixed(&args.schemas.to_string_lossy()) {
        lines.push(format!("  # write CREATE statements into {schemas}, then"));
    }
    lines.push(format!("  pgphase plan{connection} --out plans/first"));
    lines.push("  pgphase show plans/first".into());
    lines.push(format!("  pgphase apply plans/first{connection} --phase expand"));
    lines.join("\n")
}
