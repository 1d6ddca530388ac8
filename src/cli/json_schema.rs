//! `json-schema`: what the JSON documents look like, for programs that read them.

use super::error::{CliError, ErrorDocument};
use super::output;
use crate::drift::DriftReport;
use crate::report::Report;

/// Arguments of `json-schema`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Which document
    #[arg(value_enum)]
    document: Document,
}

const EXAMPLES: &str = "\
Examples:
  pgphase json-schema review
  pgphase json-schema error > error.schema.json";

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Document {
    /// `plan --format json` and `show --format json`
    Review,
    /// `drift --format json`
    Drift,
    /// What is wrong, as `--format json` and `--error-format json` tell it on standard error
    Error,
}

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let schema = match args.document {
        Document::Review => Report::json_schema(),
        Document::Drift => DriftReport::json_schema(),
        Document::Error => ErrorDocument::json_schema(),
    };
    output::data(&format!("{schema:#}\n"))?;
    Ok(super::code::OK)
}
