//! The program under test, called as a user calls it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::database::Database;
use super::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(120);

/// Exit codes that tests wait for.
pub(crate) const NOTHING: i32 = 0;
/// There is a difference.
pub(crate) const DIFFERENCE: i32 = 2;
/// It goes on later.
pub(crate) const COOLING: i32 = 75;

/// The program, without settings of whoever runs the tests.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgphase"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("PG") && name != "PGPHASE_PG_BIN" {
            command.env_remove(name);
        }
    }
    command.env("NO_COLOR", "1").current_dir(std::env::temp_dir());
    command
}

/// `diff FILE DATABASE`: whether the file and the database say the same.
pub(crate) fn diff(file: &Path, database: &Database) -> Finished {
    run(
        command().arg("diff").arg(file).arg(url(database)).arg("--exit-code"),
        LIMIT,
    )
}

/// `plan`: from the database to the file, written to a folder.
pub(crate) fn plan(database: &Database, to: &Path, out: &Path) -> Finished {
    plan_with(database, to, out, &[])
}

/// The same, with more arguments.
pub(crate) fn plan_with(database: &Database, to: &Path, out: &Path, more: &[&str]) -> Finished {
    run(
        command()
            .args([
                "plan",
                "-d",
                &database.conninfo(),
                "--approve",
                "all",
                "--exit-code",
                "--to",
            ])
            .arg(to)
            .arg("--replace")
            .arg("--out")
            .arg(out)
            .args(more),
        LIMIT,
    )
}

/// `apply`: one phase, or all.
pub(crate) fn apply(database: &Database, plan: &Path, phase: &str) -> Finished {
    run(
        command()
            .arg("apply")
            .arg(plan)
            .args(["-d", &database.conninfo(), "--phase", phase, "--yes"]),
        LIMIT,
    )
}

/// The same, whatever is seen of an old application: for tests that use the old names until right before contract.
pub(crate) fn apply_forced(database: &Database, plan: &Path, phase: &str) -> Finished {
    run(
        command()
            .arg("apply")
            .arg(plan)
            .args(["-d", &database.conninfo(), "--phase", phase, "--yes"])
            .args(["--force", "the old application of the test is gone"]),
        LIMIT,
    )
}

/// `rollback`: the whole plan is undone.
pub(crate) fn rollback(database: &Database, plan: &Path) -> Finished {
    rollback_to(database, plan, "start")
}

/// `rollback`: what is behind a phase is undone.
pub(crate) fn rollback_to(database: &Database, plan: &Path, phase: &str) -> Finished {
    run(
        command()
            .arg("rollback")
            .arg(plan)
            .args(["-d", &database.conninfo(), "--to", phase, "--yes"]),
        LIMIT,
    )
}

/// `drift`: whether the database is as the file wants it.
pub(crate) fn drift(database: &Database, to: &Path) -> Finished {
    run(
        command().args(["drift", "-d", &database.conninfo(), "--to"]).arg(to),
        LIMIT,
    )
}

/// The connection as a URL: the socket's directory goes into a parameter.
pub(crate) fn url(database: &Database) -> String {
    let directory = super::database::cluster().directory().display().to_string();
    format!(
        "postgres:///{}?host={}&user=postgres",
        database.name(),
        directory.replace('/', "%2F")
    )
}
