//! `json-schema`: what the JSON documents look like, for programs that read them.

use super::error::CliError;
use super::output;
use crate::drift::DriftReport;
use crate::report::Report;

/// Arguments of `json-schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which document
    #[arg(value_enum)]
    document: Document,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Document {
    /// `plan --format json` and `show --format json`
    Review,
    /// `drift --format json`
    Drift,
}

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let schema = match args.document {
        Document::Review => Report::json_schema(),
        Document::Drift => DriftReport::json_schema(),
    };
    output::data(&format!("{schema:#}\n"))?;
    Ok(super::code::OK)
}
