//! `man`: manual pages.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::error::{CliError, code};
use super::{Cli, output};

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write a page for pgphase and one for each command into this folder, such as man/man1
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  pgphase man --out /usr/local/share/man/man1";

pub(crate) fn run(args: &Args) -> Result<u8, CliError> {
    let mut command = Cli::command();
    // Options of every command reach the commands.
    command.build();
    let Some(out) = &args.out else {
        output::data(&page(command)?)?;
        return Ok(code::OK);
    };
    fs::create_dir_all(out).map_err(|error| CliError::file("write", out, error))?;
    let mut written = String::new();
    for each in command.get_subcommands() {
        let name = format!("pgphase-{}", each.get_name());
        written.push_str(&write(out, &name, page(each.clone().display_name(name.clone()))?)?);
    }
    written.push_str(&write(out, "pgphase", page(command)?)?);
    output::data(&written)?;
    Ok(code::OK)
}

fn page(command: Command) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    Man::new(command)
        .render(&mut bytes)
        .map_err(|error| CliError::new(format!("cannot write a manual page: {error}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn write(out: &Path, name: &str, page: String) -> Result<String, CliError> {
    let path = out.join(format!("{name}.1"));
    fs::write(&path, page).map_err(|error| CliError::file("write", &path, error))?;
    Ok(format!("{}\n", path.display()))
}
