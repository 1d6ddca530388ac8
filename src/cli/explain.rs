//! `explain`: a lint rule or a kind of hazard in full.

use super::error::{CliError, code};
use super::output;
use crate::lint::{explain, rule};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A rule of lint, or a kind or id of a hazard
    name: String,
}

const EXAMPLES: &str = "\
Examples:
  pgphase explain index-not-concurrent
  pgphase explain data-loss";

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let Some(text) = explain::explain(&args.name) else {
        let error = CliError::usage(format!("there is no rule or hazard {}", args.name));
        return Err(match rule::nearest(&args.name, explain::hazards()) {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None => error.hint("pgphase lint --rules lists the rules"),
        });
    };
    output::data(&text)?;
    Ok(code::OK)
}
