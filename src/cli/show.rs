//! `show`: a plan folder, checked and printed.

use std::path::PathBuf;

use super::error::CliError;
use super::output;
use super::plan::{Format, print};
use crate::plan::file::PlanFolder;

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Plan folder
    folder: PathBuf,
    /// Form of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let folder = PlanFolder::read(&args.folder)?;
    output::data(&print(&folder, args.format)?)?;
    Ok(super::code::OK)
}
