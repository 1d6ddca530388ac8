//! `diff`: what differs between two sources, without a plan.

use serde::Serialize;

use super::compare;
use super::error::{CliError, code};
use super::load::{self, Source};
use super::{Config, Global, output, patterns, pending, scratch};
use crate::drift::{Difference, difference_text};

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A file, a folder, git:REV:path, migrations:PATH, or a database (URL or connection string)
    from: String,
    /// The same
    to: String,
    #[command(flatten)]
    scratch: scratch::ScratchArgs,
    /// Exit with 2 when there is a difference
    #[arg(long)]
    exit_code: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  pgphase diff before.sql after.sql
  pgphase diff \"$DATABASE_URL\" schemas/ --exit-code
  pgphase diff git:main:schemas schemas/ --scratch auto --format json";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line per object: `+` only in TO, `-` only in FROM, `~` different
    #[default]
    Text,
    Json,
}

#[derive(Serialize)]
struct Report<'a> {
    differences: &'a [Difference],
}

pub(crate) async fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let scratch = &args.scratch.scratch;
    let from = load::load(Source::parse(&args.from, global)?, global, &config, scratch).await?;
    let to = load::load(Source::parse(&args.to, global)?, global, &config, scratch).await?;
    patterns::check(&config, &[&from, &to], global.quiet).await?;
    load::talk_notes(&from, global.quiet);
    load::talk_notes(&to, global.quiet);
    load::talk_unmanaged(&from, global.quiet);
    load::talk_unmanaged(&to, global.quiet);
    for side in [&from, &to] {
        for note in pending::told(side).await.iter().filter(|_| !global.quiet) {
            output::talk(&format!("note: {note}"));
        }
    }
    // Files are silent about some things that a database always says, so a database is taken as the live side.
    let swapped = from.server_version.is_none() && to.server_version.is_some();
    let compared = if swapped {
        compare::compare(to, from, scratch, global, &config).await?
    } else {
        compare::compare(from, to, scratch, global, &config).await?
    };
    compared.talk_unasked(global);
    compared.talk_reordered(global);
    compared.talk_left(global);
    for note in compared.unknown.notes().filter(|_| !global.quiet) {
        output::talk(&format!("note: {note}"));
    }
    let differences = compared.differences(swapped);
    output::data(&match args.format {
        Format::Text => difference_text(&differences),
        Format::Json => output::json(&Report {
            differences: &differences,
        })?,
    })?;
    Ok(if args.exit_code && !differences.is_empty() {
        code::DIFFERENCE
    } else {
        code::OK
    })
}
