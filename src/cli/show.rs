//! `show`: a plan folder, checked and printed.

use std::path::PathBuf;

use super::error::CliError;
use super::plan::{Format, print, write_page};
use super::{Config, Global, output};
use crate::plan::file::PlanFolder;

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Plan folder
    folder: PathBuf,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the review as a page for a browser to this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  pgphase show plans/token
  pgphase show plans/token --format sql
  pgphase show plans/token --html review.html";

pub(crate) fn run(args: &Args, global: &Global) -> Result<u8, CliError> {
    let config = Config::of(global)?;
    let folder = PlanFolder::read(&config.plan_folder(&args.folder))?;
    write_page(&folder, args.html.as_deref(), global.quiet)?;
    output::data(&print(&folder, args.format))?;
    Ok(super::code::OK)
}
