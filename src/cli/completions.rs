//! `completions`: a script for a shell.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::error::CliError;
use super::{Cli, output};

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  pgphase completions bash > /etc/bash_completion.d/pgphase
  pgphase completions zsh > \"$HOME/.zfunc/_pgphase\"";

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "pgphase", &mut script);
    output::data(&String::from_utf8_lossy(&script))?;
    Ok(super::code::OK)
}
