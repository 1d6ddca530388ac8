//! `tests/scenarios/KIND/CASE/`: `before.sql`, `after.sql`, and where needed
//!
//! - `seed.sql`: rows for the database built from `before.sql`; they must survive.
//! - `use.sql`: what the new application does in the end; it must work.
//! - `before.build.sql`, `after.build.sql`: the same schema in an order that a server loads, where the file has another.
//! - `plan/`: the phase files expected on PostgreSQL 15; `PGPHASE_BLESS=1` writes them.
//! - `case.yaml`: see [`Options`].
//!
//! `PGPHASE_CASE=substring` runs some, `PGPHASE_JOBS=n` sets the workers.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::support::database::{Database, create_role, create_tablespace, has_icu, server_major};
use crate::support::dump::Shown;
use crate::support::journey::{Route, Verdict, alive};
use crate::support::pgphase::{self, NOTHING};
use crate::support::pool;

/// The major version that the expected plans are written for.
const GOLDEN_MAJOR: u32 = 15;

/// What `case.yaml` may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    /// The oldest major version that loads the files.
    min: Option<u32>,
    /// The newest one.
    max: Option<u32>,
    /// The server must have been built with ICU.
    icu: bool,
    /// Roles that must be there.
    roles: Vec<String>,
    /// Tablespaces that must be there.
    tablespaces: Vec<String>,
    /// The files speak of owners and privileges, so the dumps are compared with them.
    privileges: bool,
    /// Both files mean the same: the plan must be empty.
    same: bool,
    /// Why the reverse direction is not walked.
    reverse: Option<String>,
    /// `changed`: the migration changes values by its nature.
    rows: Option<String>,
    /// Contract keeps old shapes for a while, and can be taken back.
    cool_down: bool,
    /// The plan is refused with a text that contains this.
    refuse: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    folder: PathBuf,
    options: Options,
}

impl Case {
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The file that a server loads: the desired file itself, unless its order needs another.
    pub(crate) fn build(&self, side: &str) -> PathBuf {
        let build = self.file(&format!("{side}.build.sql"));
        if build.exists() {
            build
        } else {
            self.file(&format!("{side}.sql"))
        }
    }

    /// Makes what the files need and do not make themselves.
    pub(crate) fn prepare(&self) {
        self.options.roles.iter().for_each(|role| create_role(role));
        self.options.tablespaces.iter().for_each(|name| create_tablespace(name));
    }

    /// Whether it walks with a cool-down.
    pub(crate) fn cools_down(&self) -> bool {
        self.options.cool_down
    }

    pub(crate) fn roles(&self) -> &[String] {
        &self.options.roles
    }

    pub(crate) fn tablespaces(&self) -> &[String] {
        &self.options.tablespaces
    }

    /// Whether the way from the second file to the first is walked too.
    pub(crate) fn has_reverse(&self) -> bool {
        self.options.reverse.is_none()
    }

    /// Whether both files mean the same.
    pub(crate) fn is_same(&self) -> bool {
        self.options.same
    }

    /// Whether its difference is one that is not managed, and refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.options.refuse.is_some()
    }

    pub(crate) fn runs_on(&self, major: u32) -> bool {
        if self.options.icu && !has_icu() {
            eprintln!("skipped: {} needs a server built with ICU", self.name);
            return false;
        }
        self.options.min.is_none_or(|min| major >= min) && self.options.max.is_none_or(|max| major <= max)
    }
}

/// Every scenario there is.
pub(crate) fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut cases = Vec::new();
    for kind in folders(&root) {
        for folder in folders(&kind) {
            let name = folder
                .strip_prefix(&root)
                .expect("below the root")
                .display()
                .to_string();
            let text = fs::read_to_string(folder.join("case.yaml")).unwrap_or_default();
            let options = if text.trim().is_empty() {
                Options::default()
            } else {
                serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}/case.yaml: {error}"))
            };
            cases.push(Case { name, folder, options });
        }
    }
    cases
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let mut folders: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.retain(|path| path.file_name().is_some_and(|name| name != "plan"));
    folders.sort();
    folders
}

#[test]
fn every_scenario_arrives_and_returns() {
    let major = server_major();
    let cases: Vec<Case> = cases()
        .into_iter()
        .filter(|case| case.runs_on(major) && pool::wanted(&case.name))
        .collect();
    let results = pool::map(&cases, |case| {
        let result = pool::guarded(|| check(case));
        if result.is_err() {
            eprintln!("{} fails", case.name);
        }
        result
    });
    let failures: Vec<String> = cases
        .iter()
        .zip(&results)
        .filter_map(|(case, result)| result.as_ref().err().map(|reason| format!("{}: {reason}", case.name)))
        .collect();
    eprintln!(
        "scenarios on PostgreSQL {major}: {} of {} hold",
        cases.len() - failures.len(),
        cases.len()
    );
    assert!(
        failures.is_empty(),
        "{} scenarios fail:\n\n{}\n",
        failures.len(),
        failures.join("\n\n")
    );
}

fn check(case: &Case) -> Result<(), String> {
    case.prepare();
    let built = |side: &str| {
        Database::from_script(&case.build(side)).map_err(|error| format!("{side}.sql does not load: {error}"))
    };
    let (before, after) = (built("before")?, built("after")?);
    let plans = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut problems = Vec::new();
    agree(case, "before", &before, &mut problems);
    agree(case, "after", &after, &mut problems);

    let seed = case.file("seed.sql");
    let seeded = seed.exists();
    if seeded {
        before
            .script(&seed)
            .map_err(|error| format!("seed.sql does not load: {error}"))?;
    }
    let route = |live, wanted, side: &str, out, keep_rows| -> Verdict {
        let shown = Shown {
            privileges: case.options.privileges,
        };
        let to = case.file(&format!("{side}.sql"));
        Route {
            live,
            wanted,
            to: &to,
            out,
            shown,
            keep_rows,
            cool_down: case.options.cool_down,
            by_phase: true,
            back: side == "after",
        }
        .walk()
    };
    if case.options.same {
        same(case, "after", &before, &mut problems);
        if case.options.reverse.is_none() {
            same(case, "before", &after, &mut problems);
        }
        return verdict(problems);
    }
    // Each direction starts from a database that the other has not touched.
    let untouched = Database::from_script(&case.build("before"))?;
    let keep_rows = seeded && case.options.rows.is_none();
    let forward = plans.path().join("forward");
    let outcome = route(&before, &after, "after", &forward, keep_rows);
    match (&case.options.refuse, &outcome) {
        (None, Verdict::Converged) => golden(case, &forward, &mut problems),
        (Some(text), Verdict::Refused(reason)) if reason.contains(text) => {}
        (Some(text), _) => problems.push(format!(
            "expected a refusal with {text:?}, but it {} {}",
            outcome.word(),
            outcome.reason()
        )),
        (None, _) => problems.push(format!("forward {}: {}", outcome.word(), outcome.reason())),
    }
    let used = case.file("use.sql");
    if used.exists() && outcome == Verdict::Converged {
        let done = before.script(&used);
        problems.extend(done.err().map(|error| format!("use.sql fails in the end: {error}")));
    }
    if case.options.reverse.is_none() {
        let outcome = route(&after, &untouched, "before", &plans.path().join("reverse"), false);
        if outcome != Verdict::Converged {
            problems.push(format!("reverse {}: {}", outcome.word(), outcome.reason()));
        }
    }
    verdict(problems)
}

fn verdict(problems: Vec<String>) -> Result<(), String> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n"))
    }
}

/// Parsing a file and reading a database built from it give the same.
fn agree(case: &Case, side: &str, database: &Database, problems: &mut Vec<String>) {
    match alive("diff", pgphase::diff(&case.file(&format!("{side}.sql")), database)) {
        Ok(finished) if finished.code() == Some(NOTHING) => {}
        Ok(finished) => problems.push(format!(
            "{side}.sql and the database built from it disagree: {}",
            finished.said()
        )),
        Err(verdict) => problems.push(format!("{side}.sql: {}", verdict.reason())),
    }
}

fn same(case: &Case, side: &str, database: &Database, problems: &mut Vec<String>) {
    let drift = pgphase::drift(database, &case.file(&format!("{side}.sql")));
    if drift.code() != Some(NOTHING) {
        problems.push(format!("a false difference against {side}.sql: {}", drift.said()));
    }
}

/// The phase files against the expected ones.
fn golden(case: &Case, plan: &Path, problems: &mut Vec<String>) {
    let expected = case.folder.join("plan");
    let bless = std::env::var_os("PGPHASE_BLESS").is_some();
    if server_major() != GOLDEN_MAJOR || !(bless || expected.exists()) {
        return;
    }
    if bless {
        // An old file may be one that the plan has no more.
        let _ = fs::remove_dir_all(&expected);
        fs::create_dir_all(&expected).expect("a folder for the plan");
    }
    for name in phase_files(plan).into_iter().chain(phase_files(&expected)) {
        let got = fs::read_to_string(plan.join(&name)).unwrap_or_default();
        if bless {
            fs::write(expected.join(&name), got).expect("the plan can be written");
        } else if fs::read_to_string(expected.join(&name)).unwrap_or_default() != got {
            problems.push(format!(
                "{name} is not as expected (PGPHASE_BLESS=1 accepts it):\n{got}"
            ));
            return;
        }
    }
}

fn phase_files(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.retain(|name| name.ends_with(".sql"));
    names.sort();
    names
}
