//! `explain`: a lint rule, a kind of hazard, or a word of the messages in full.

use super::error::{CliError, code};
use super::{output, topics};
use crate::lint::{explain, rule};
use crate::wrap::paragraph;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A rule of lint, a kind or id of a hazard, or a word such as stale, in-flight, phases
    name: String,
}

/// The width of paragraphs where no terminal says less.
const WIDTH: usize = 100;

const EXAMPLES: &str = "\
Examples:
  pgphase explain index-not-concurrent
  pgphase explain data-loss
  pgphase explain stale";

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let width = output::width().map_or(WIDTH, |width| width.clamp(40, WIDTH));
    let topic = || topics::topic(&args.name).map(|(name, text)| format!("{name}\n\n{}\n", paragraph(text, width)));
    let Some(text) = explain::explain(&args.name, width).or_else(topic) else {
        let error = CliError::usage(format!("there is no rule, hazard or topic {}", args.name));
        return Err(
            match rule::nearest(&args.name, explain::hazards().chain(topics::names())) {
                Some(near) => error.hint(format!("did you mean {near}?")),
                None => {
                    let topics: Vec<_> = topics::names().collect();
                    error.hint(format!(
                        "pgphase lint --rules lists the rules; topics are {}",
                        topics.join(", ")
                    ))
                }
            },
        );
    };
    output::data(&text)?;
    Ok(code::OK)
}
