//! The whole story on a throw-away cluster: `cargo run --example story`.
//!
//! A small shop runs with rows in it (`shop/before.sql`). The files want another schema (`../schemas/shop.sql`). pgphase plans the
//! way, the plan is read and approved, its four phases are applied, and nothing differs any more. Each command is shown as it
//! would be typed.

#![allow(clippy::print_stdout)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use pgphase::cluster::{Cluster, ClusterError, find_binaries};

type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    match story() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn story() -> Result<()> {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shop");
    let after = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schemas/shop.sql")
        .display()
        .to_string();
    let plan = std::env::temp_dir().join(format!("pgphase-story-{}", std::process::id()));
    let plan = plan.display().to_string();

    say("A throw-away PostgreSQL, and in it the shop as it runs today");
    let cluster = cluster()?;
    psql(&cluster, "postgres", &["-c", "CREATE DATABASE shop"])?;
    psql(
        &cluster,
        "shop",
        &["-f", &shop.join("before.sql").display().to_string()],
    )?;
    psql(&cluster, "shop", &["-f", &shop.join("rows.sql").display().to_string()])?;
    let database = cluster.conninfo("shop");

    say("What differs");
    pgphase(&["drift", "-d", &database, "--to", &after], 2)?;

    say("The plan: four phases of plain SQL, to be read in a pull request");
    pgphase(&["plan", "-d", &database, "--to", &after, "--out", &plan], 0)?;

    say("Without an approval nothing is lost");
    pgphase(&["apply", &plan, "-d", &database, "--phase", "all", "--yes"], 3)?;

    say("Read and approved");
    pgphase(
        &[
            "plan",
            "-d",
            &database,
            "--to",
            &after,
            "--out",
            &plan,
            "--approve",
            "all",
            "--quiet",
            "--format",
            "sql",
        ],
        0,
    )?;

    for phase in ["expand", "backfill", "validate", "contract"] {
        say(&format!("Phase {phase}"));
        pgphase(&["apply", &plan, "-d", &database, "--phase", phase, "--yes"], 0)?;
    }

    say("Nothing differs any more");
    pgphase(&["drift", "-d", &database, "--to", &after], 0)?;
    psql(&cluster, "shop", &["-c", r"\d customers"])?;

    say(&format!("Done. The plan can still be read in {plan}"));
    Ok(())
}

/// Where there are no server programs, the helper of this repository gets them from a package registry.
fn cluster() -> Result<Cluster> {
    match find_binaries() {
        Err(ClusterError::NoBinaries) => {}
        found => return Cluster::start_with(&found.map_err(text)?, &[]).map_err(text),
    }
    say("No PostgreSQL here: getting one");
    let helper = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/postgres");
    let output = Command::new(helper)
        .arg("15")
        .stderr(Stdio::inherit())
        .output()
        .map_err(text)?;
    if !output.status.success() {
        return Err(ClusterError::NoBinaries.to_string());
    }
    let bin = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Cluster::start_with(&bin, &[]).map_err(text)
}

fn psql(cluster: &Cluster, database: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(cluster.program("psql"))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &cluster.conninfo(database)])
        .args(arguments)
        .status()
        .map_err(|error| format!("cannot run psql: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err("psql failed".to_owned())
    }
}

/// Runs a command of pgphase in this process and expects its exit code.
fn pgphase(arguments: &[&str], expected: u8) -> Result<()> {
    let shown: Vec<String> = arguments
        .iter()
        .map(|argument| {
            if argument.contains([' ', '\'']) {
                format!("\"{argument}\"")
            } else {
                (*argument).to_owned()
            }
        })
        .collect();
    println!("$ pgphase {}\n", shown.join(" "));
    let arguments = std::iter::once("pgphase")
        .chain(arguments.iter().copied())
        .map(OsString::from);
    let code = pgphase::cli::run_with(arguments);
    if code == expected {
        Ok(())
    } else {
        Err(format!("exit code {code}, expected {expected}"))
    }
}

fn say(text: &str) {
    println!("\n== {text}\n");
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
