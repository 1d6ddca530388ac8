//! `inspect`: the schema of a database, as files would say it.

use super::error::{CliError, code};
use super::{Config, Global, compare, load, output};
use crate::plan::file::PlanFolder;
use crate::schema::Schema;

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

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
    let config = Config::load(global.config.as_deref())?;
    let live = load::live(global.connection.target()?, global, &config).await?;
    for finding in live.findings.iter().filter(|_| !global.quiet) {
        output::talk(&format!("note: {finding}"));
    }
    output::data(&match args.format {
        Format::Json => output::json(&Document {
            fingerprint: live.schema.fingerprint(),
            objects: &live.schema,
        })?,
        Format::Sql => sql(&live.schema, live.server_version.unwrap_or(14))?,
    })?;
    Ok(code::OK)
}

/// The statements of a plan from nothing to the schema.
fn sql(schema: &Schema, server_version: u32) -> Result<String, CliError> {
    let nothing = Schema::new();
    let plan = compare::from_nothing(schema, server_version)?;
    let folder = PlanFolder::new(plan, &nothing, &crate::render::statements::statements);
    let mut text = String::new();
    for step in &folder.plan.steps {
        text.push_str(folder.statements(step));
        text.push('\n');
    }
    Ok(text)
}
