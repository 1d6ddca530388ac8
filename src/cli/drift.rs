//! `drift`: where a database differs from the desired schema.

use serde::Serialize;

use super::compare;
use super::error::{CliError, code};
use super::plan::desired_source;
use super::{Config, Global, load, output};
use crate::drift::{Difference, differences, text};

/// Arguments of `drift`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Desired schema: a file, a folder, git:REV:path or migrations:PATH [default: schemas of the configuration]
    #[arg(long, value_name = "SOURCE")]
    to: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line per object: `-` is missing, `+` is too much, `~` is different
    #[default]
    Text,
    Json,
}

#[derive(Serialize)]
struct Report<'a> {
    drift: bool,
    differences: &'a [Difference],
    /// What the database holds that pgphase does not manage.
    unmanaged: Vec<String>,
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::load(global.config.as_deref())?;
    let desired = load::load(desired_source(args.to.as_deref(), global, &config)?, global, &config).await?;
    load::talk_notes(&desired, global.quiet);
    let live = load::live(global.connection.target()?, global, &config).await?;
    let unmanaged = load::talk_unmanaged(&live, global.quiet);
    let compared = compare::compare(live, desired).await?;
    let differences = differences(compared.pair(), &crate::render::statements::statements);
    let drift = !differences.is_empty();
    match args.format {
        Format::Text if !drift && !global.quiet => output::data("No drift: the database is as the files want it.\n")?,
        Format::Text => output::data(&text(&differences))?,
        Format::Json => output::data(&output::json(&Report {
            drift,
            differences: &differences,
            unmanaged,
        })?)?,
    }
    Ok(if drift { code::DIFFERENCE } else { code::OK })
}
