//! `inspect`: the schema of a database, as files would say it.

mod update;
pub(super) mod write;

use std::path::PathBuf;

use super::error::{CliError, code};
use super::{Config, Global, compare, load, output, patterns};
use crate::files::{self, Definition, definitions};
use crate::object::{Kind, ObjectId};
use crate::schema::Schema;

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write desired files: one, where the name ends in .sql, else a folder with a file for each object
    #[arg(long, value_name = "PATH", conflicts_with = "format")]
    out: Option<PathBuf>,
    /// Write over files that are there
    #[arg(long, requires = "out")]
    force: bool,
    /// Leave out owners
    #[arg(long, conflicts_with = "format")]
    no_owner: bool,
    /// Leave out privileges and default privileges
    #[arg(long, conflicts_with = "format")]
    no_privileges: bool,
    /// Bring existing desired files up to the database; what did not change stays as it is written
    #[arg(long, value_name = "PATH", conflicts_with_all = ["out", "format"])]
    update: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  pgphase inspect -d \"$DATABASE_URL\"
  pgphase inspect -d \"$DATABASE_URL\" --out schemas/
  pgphase inspect -d \"$DATABASE_URL\" --update schemas/";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Statements that make the schema
    #[default]
    Sql,
    Json,
}

#[derive(serde::Serialize)]
struct Document<'a> {
    fingerprint: String,
    objects: &'a Schema,
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let mut live = load::live(global.connection.target()?, global, &config).await?;
    patterns::check(&config, &[&live], global.quiet).await?;
    for finding in live.findings.iter().filter(|_| !global.quiet) {
        output::talk(&format!("note: {finding}"));
    }
    if let Some(path) = &args.update {
        return update::run(path, &mut live, global, &config).await;
    }
    config.take_partitions(&mut live.schema, |_| false);
    let spoken = Spoken {
        owners: !args.no_owner,
        privileges: !args.no_privileges,
    };
    if let Some(path) = &args.out {
        let definitions = all(&live, spoken)?;
        return write::run(path, args.force, &definitions, &live, &config).await;
    }
    output::data(&match args.format {
        Format::Json => output::json(&Document {
            fingerprint: live.schema.fingerprint(),
            objects: &live.schema,
        })?,
        Format::Sql => files::text(&all(&live, spoken)?),
    })?;
    Ok(code::OK)
}

/// What files speak about beside the objects themselves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spoken {
    pub(super) owners: bool,
    pub(super) privileges: bool,
}

impl Spoken {
    fn holds(self, id: &ObjectId) -> bool {
        match id.kind {
            Kind::Owner => self.owners,
            Kind::Acl | Kind::DefaultPrivileges => self.privileges,
            _ => true,
        }
    }
}

/// The definitions of everything in a database that files speak about.
pub(super) fn all(live: &load::Loaded, spoken: Spoken) -> Result<Vec<Definition>, CliError> {
    let mut schema = live.schema.clone();
    let silent: Vec<ObjectId> = schema
        .iter()
        .map(|(id, _)| id)
        .filter(|id| !spoken.holds(id))
        .cloned()
        .collect();
    for id in silent {
        schema.remove(&id);
    }
    let plan = compare::from_nothing(&schema, live.server_version.unwrap_or(14))?;
    Ok(definitions(&schema, plan))
}
