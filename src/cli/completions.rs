//! `completions`: a script for a shell.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::error::CliError;
use super::{Cli, output};

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "pgphase", &mut script);
    output::data(&String::from_utf8_lossy(&script))?;
    Ok(super::code::OK)
}
