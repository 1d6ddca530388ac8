//! The table of recipes in the guide: what the planner does for each kind of change, step by step, on every major version.
//!
//! `src/guide/recipes-table.md` is golden: `PGPHASE_BLESS=1 cargo test --test suite -- recipes` writes it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::support::pool;
use crate::support::run::run;

mod changes;

use changes::{CHANGES, Sample};

const LIMIT: Duration = Duration::from_secs(120);
const MAJORS: [u32; 5] = [14, 15, 16, 17, 18];

const HEAD: &str = "\
# What is done for each change

Made by the planner itself, from a small pair of schemas for each change (`tests/recipes/changes.rs`), for PostgreSQL 14 to 18; a
test fails when it is out of date. Every step is a transaction of its own unless it says otherwise. Locks are those on relations
that were there before the plan. *Short* blocking ends at once and is given up after a lock timeout; *while it works* lasts as long as
the table is large. *Nobody waits* also where a step has no lock, or one that lets reads and writes go on. A step marked **approve**
does not run before its hazard is approved. `rollback` walks the last column; where a step of contract cannot be undone, everything
before it can.

";

/// What the review says of the steps of a change.
fn steps(sample: &Sample, major: u32) -> Result<Vec<Value>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (name, before, after) = sample;
    let file = |side: &str, text: &str| {
        let path = folder.path().join(format!("{side}.sql"));
        fs::write(&path, text).map(|()| path).map_err(|error| error.to_string())
    };
    let (before, after) = (file("before", before)?, file("after", after)?);
    let mut command = crate::support::pgphase::command();
    command.args(["plan", "-q", "--format", "json", "--server-version", &major.to_string()]);
    let finished = run(command.arg("--from").arg(before).arg("--to").arg(after), LIMIT);
    let wrong = |reason: &str| format!("{name} on {major}: {reason}: {}", finished.said());
    let review: Value = serde_json::from_str(&finished.stdout).map_err(|error| wrong(&error.to_string()))?;
    match review["steps"].as_array() {
        Some(steps) if !steps.is_empty() => Ok(steps.clone()),
        _ => Err(wrong("no steps")),
    }
}

fn text<'a>(step: &'a Value, key: &str) -> &'a str {
    step[key].as_str().unwrap_or_default()
}

fn words(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// Inside a cell of a table of Markdown.
fn cell(text: &str) -> String {
    text.replace("public.", "").replace('|', "\\|").replace('\n', " ")
}

fn row(step: &Value) -> String {
    let mut title = text(step, "title").to_owned();
    let mut kinds: Vec<String> = words(&step["hazards"])
        .iter()
        .filter_map(|id| id.split(':').next().map(str::to_owned))
        .collect();
    kinds.dedup();
    if !kinds.is_empty() {
        title.push_str(&format!(" (**approve** {})", kinds.join(", ")));
    }
    let locks = step["locks"].as_array().into_iter().flatten();
    let locks: Vec<String> = locks
        .map(|lock| format!("{} on {}", text(lock, "mode").replace('_', " "), text(lock, "relation")))
        .collect();
    let lasts = match text(step, "duration") {
        "short" => "short",
        "batches" => "a batch",
        _ => "while it works",
    };
    let waits = match (step["blocks_reads"] == true, step["blocks_writes"] == true) {
        (true, _) => format!("reads and writes, {lasts}"),
        (false, true) => format!("writes, {lasts}"),
        (false, false) => "nobody waits".to_owned(),
    };
    let undo = &step["undo"];
    let undo = match (text(undo, "way"), text(undo, "why")) {
        ("full", _) => "yes".to_owned(),
        ("nothing", _) => "nothing to undo".to_owned(),
        ("lossy", why) => format!("in part: {why}"),
        (_, why) => format!("no: {why}"),
    };
    let cells = [text(step, "phase"), &title, &locks.join("; "), &waits, &undo].map(cell);
    cells.join(" | ")
}

/// The majors as they are named: `14 to 17`.
fn named(majors: &[u32]) -> String {
    match majors {
        [only] => only.to_string(),
        [first, .., last] => format!("{first} to {last}"),
        [] => String::new(),
    }
}

/// The rows of a change, where the majors do the same once for all of them.
fn lines(sample: &Sample) -> Result<String, String> {
    let mut forms: Vec<(Vec<u32>, Vec<String>)> = Vec::new();
    for major in MAJORS {
        let rows: Vec<String> = steps(sample, major)?.iter().map(row).collect();
        match forms.last_mut() {
            Some((majors, form)) if *form == rows => majors.push(major),
            _ => forms.push((vec![major], rows)),
        }
    }
    let mut text = String::new();
    for (majors, rows) in &forms {
        let name = match forms.len() {
            1 => sample.0.to_owned(),
            _ => format!("{} (PostgreSQL {})", sample.0, named(majors)),
        };
        for (at, row) in rows.iter().enumerate() {
            let name = if at == 0 { cell(&name) } else { String::new() };
            text.push_str(&format!("| {name} | {row} |\n"));
        }
    }
    Ok(text)
}

#[test]
fn the_table_of_recipes_is_what_the_planner_does() {
    let found = pool::map(CHANGES, lines);
    let mut table = HEAD.to_owned();
    table.push_str("| change | phase | step | locks | who waits | can be undone |\n|---|---|---|---|---|---|\n");
    for lines in found {
        table.push_str(&lines.expect("a plan for each change"));
    }
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/recipes-table.md");
    if std::env::var_os("PGPHASE_BLESS").is_some() {
        fs::write(&place, &table).expect("the table can be written");
    }
    let agreed = fs::read_to_string(&place).unwrap_or_default();
    let differs = agreed.lines().zip(table.lines()).find(|(agreed, made)| agreed != made);
    assert!(
        agreed == table,
        "src/guide/recipes-table.md is out of date (PGPHASE_BLESS=1 writes it): {differs:?}"
    );
}
