//! What a terminal shows is no wider than the terminal, but for SQL and for words that cannot be broken.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::help::commands;
use crate::support::database::Database;
use crate::support::pgphase;
use crate::support::run::run;

const LIMIT: Duration = Duration::from_secs(60);
const BEFORE: &str = "CREATE TABLE people (id bigint PRIMARY KEY, name varchar(100), fax text);";
const AFTER: &str = "CREATE TABLE people (id bigint PRIMARY KEY, name varchar(200) NOT NULL, token uuid NOT NULL DEFAULT gen_random_uuid());";

/// What commands show at a terminal, as lines; both outputs go there.
fn at_terminal(folder: &Path, width: usize, script: &str) -> Vec<String> {
    let program = env!("CARGO_BIN_EXE_pgphase");
    let script = script.replace("pgphase ", &format!("'{program}' "));
    let mut command = Command::new("script");
    command
        .args(["-qc", &format!("stty rows 50 cols {width}; {script}"), "/dev/null"])
        .current_dir(folder)
        .env("NO_COLOR", "1");
    let finished = run(&mut command, LIMIT);
    let lines = finished.stdout.lines().map(|line| line.trim_end().to_owned());
    lines.collect()
}

/// Lines that are too wide though they could be broken.
fn too_wide(lines: &[String], width: usize) -> Vec<&str> {
    let is_sql = |line: &str| line.starts_with("    ") && !line.contains("why:");
    let can_break = |line: &str| line.trim_start().contains(' ');
    let wide = lines
        .iter()
        .map(String::as_str)
        .filter(|line| line.chars().count() > width);
    wide.filter(|line| !is_sql(line) && can_break(line)).collect()
}

/// Runs a script at terminals of 80 and 120 columns; its lines reach near the end, and not beyond.
fn fits(folder: &Path, script: &str) {
    for width in [80, 120] {
        let lines = at_terminal(folder, width, script);
        assert!(!lines.is_empty(), "{script} shows nothing");
        let wide = too_wide(&lines, width);
        assert!(
            wide.is_empty(),
            "{script} at {width}:\n{}\n\n{}",
            wide.join("\n"),
            lines.join("\n")
        );
    }
}

#[test]
fn help_and_rules() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut script = String::from("pgphase --help; pgphase lint --rules");
    for command in commands() {
        script.push_str(&format!("; pgphase {command} --help"));
    }
    fits(folder.path(), &script);
    let rules = at_terminal(folder.path(), 80, "pgphase lint --rules");
    assert!(
        rules.iter().any(|line| line.starts_with(&" ".repeat(41))),
        "titles go on under titles:\n{}",
        rules.join("\n")
    );
    // Where no terminal is, each rule has one line, for grep.
    let piped = run(pgphase::command().args(["lint", "--rules"]), LIMIT).stdout;
    assert!(piped.lines().all(|line| !line.starts_with(' ')), "{piped}");
}

#[test]
fn findings_and_explanations() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("a.sql"),
        "ALTER TABLE people ADD COLUMN a uuid DEFAULT gen_random_uuid() NOT NULL;\nCREATE INDEX a ON people (a);\n\
         ALTER TABLE people ADD CONSTRAINT the_name_of_it_all_is_known CHECK (name IS NOT NULL AND name <> 'nobody' AND name <> 'somebody else');\n",
    )
    .expect("a file");
    fits(
        folder.path(),
        "pgphase lint a.sql; pgphase explain stale; pgphase explain data-loss; pgphase explain volatile-default",
    );
    fits(
        folder.path(),
        "pgphase plan --to nowhere; pgphase diff a.sql; pgphase explain nothing-of-this-name; pgphase status -d 'host=/nowhere dbname=x'",
    );
}

#[test]
fn a_plan_from_its_review_to_its_end() {
    let database = Database::new();
    database.sql(BEFORE).expect("the table");
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::write(here.join("after.sql"), AFTER).expect("a file");
    let name = "a-plan-whose-name-says-what-its-author-meant-it-to-do";
    let conninfo = database.conninfo();
    let to = format!("-d '{conninfo}' --to after.sql");
    fits(here, &format!("pgphase plan {to} --out plans/{name}"));
    fits(
        here,
        &format!(
            "pgphase plan {to} --out plans/{name} --approve all; pgphase status -d '{conninfo}'; pgphase drift {to}"
        ),
    );
    let apply = format!("pgphase apply plans/{name} -d '{conninfo}' --phase");
    let lines = at_terminal(
        here,
        80,
        &format!(
            "{apply} contract --yes; {apply} expand; pgphase status -d '{conninfo}'; pgphase drift {to}; pgphase plan {to} --approve 'data-loss:x'; {apply} all --yes; pgphase status -d '{conninfo}' --all; pgphase status -d '{conninfo}' --reconcile plans/{name}"
        ),
    );
    let shown = lines.join("\n");
    let wide = too_wide(&lines, 80);
    assert!(wide.is_empty(), "{}\n\n{shown}", wide.join("\n"));
    for part in [
        "started 2",
        "expand-1 ",
        "next is backfill-1, in phase backfill",
        "warning: nothing was written",
        "every step has run",
    ] {
        assert!(shown.contains(part), "no `{part}` in\n{shown}");
    }
}

/// The review reaches as far as the terminal, and not farther than a line can be read.
#[test]
fn paragraphs_end_where_the_terminal_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/shop");
    let show = format!("pgphase show '{}'", plan.display());
    for (width, script) in [(80, show.as_str()), (120, &show), (80, "pgphase explain stale")] {
        let lines = at_terminal(folder.path(), width, script);
        // The difference of the schema is shown as it is.
        let prose = lines
            .iter()
            .filter(|line| !line.starts_with("    ") || line.contains("why:"));
        let widest = prose.map(|line| line.chars().count()).max().unwrap_or_default();
        let limit = width.min(100);
        assert!(
            (limit - 15..=limit).contains(&widest),
            "{script} at {width}: {widest}\n{}",
            lines.join("\n")
        );
    }
}
