//! Schema pairs from public test suites, where the corpus is on this machine (`../shared/corpus`, or `PGPHASE_CORPUS`): from ->
//! plan -> all phases -> the dump of to -> an empty second plan. A sample by default; all of them with
//! `cargo test --test suite -- --ignored corpus --nocapture`. `PGPHASE_CORPUS_OUT=file` gets one line per case.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::database::{Database, create_role, sql};
use crate::support::dump::Shown;
use crate::support::journey::{Route, Verdict};
use crate::support::{pool, tally};

/// One of how many pairs is in the sample.
const SAMPLE: usize = 20;

#[derive(Debug)]
struct Pair {
    suite: String,
    case: String,
    folder: PathBuf,
    roles: Vec<String>,
    cluster_objects: bool,
}

pub(crate) fn corpus() -> Option<PathBuf> {
    let place = std::env::var_os("PGPHASE_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    if place.join("pairs/INDEX.csv").exists() {
        return Some(place);
    }
    eprintln!("skipped: no corpus at {}", place.display());
    None
}

fn pairs(corpus: &Path) -> Vec<Pair> {
    let index = fs::read_to_string(corpus.join("pairs/INDEX.csv")).expect("the index of the pairs");
    let mut pairs: Vec<Pair> = index
        .lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let [suite, case, _, roles, cluster, ..] = fields[..] else {
                return None;
            };
            Some(Pair {
                suite: suite.to_owned(),
                case: case.to_owned(),
                folder: corpus.join("pairs").join(suite).join(case),
                roles: roles.split_whitespace().map(str::to_owned).collect(),
                cluster_objects: cluster == "1",
            })
        })
        .filter(|pair| pool::wanted(&format!("{}/{}", pair.suite, pair.case)))
        .collect();
    pairs.sort_by(|one, other| (&one.suite, &one.case).cmp(&(&other.suite, &other.case)));
    pairs
}

#[test]
fn a_sample_of_the_corpus_is_never_silently_wrong() {
    let Some(corpus) = corpus() else { return };
    let sample: Vec<Pair> = pairs(&corpus).into_iter().step_by(SAMPLE).collect();
    judge(&sample);
}

#[test]
#[ignore = "takes minutes: run it with --ignored"]
fn the_whole_corpus_is_never_silently_wrong() {
    let Some(corpus) = corpus() else { return };
    judge(&pairs(&corpus));
}

fn judge(pairs: &[Pair]) {
    tally::judge(
        pairs,
        |pair| (pair.suite.clone(), format!("{}/{}", pair.suite, pair.case)),
        walk,
    );
}

fn walk(pair: &Pair) -> Result<Verdict, String> {
    pair.roles.iter().for_each(|role| create_role(role));
    let work = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (from, to) = (work.path().join("from.sql"), work.path().join("to.sql"));
    for (name, place) in [("from.sql", &from), ("to.sql", &to)] {
        let text = fs::read_to_string(pair.folder.join(name)).map_err(|error| error.to_string())?;
        let text = if pair.cluster_objects {
            without_roles(&text)
        } else {
            text
        };
        fs::write(place, text).map_err(|error| error.to_string())?;
    }
    let live = Database::from_script(&from).map_err(|error| format!("from.sql does not load: {error}"))?;
    let wanted = Database::from_script(&to).map_err(|error| format!("to.sql does not load: {error}"))?;
    let mut seeds: Vec<PathBuf> = fs::read_dir(&pair.folder)
        .map_err(|error| error.to_string())?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("seed"))
        })
        .collect();
    seeds.sort();
    for seed in &seeds {
        live.script(seed)
            .map_err(|error| format!("the seed does not load: {error}"))?;
    }
    let out = work.path().join("plan");
    let shown = Shown { privileges: false };
    Ok(Route {
        live: &live,
        wanted: &wanted,
        to: &to,
        out: &out,
        shown,
        keep_rows: false,
        cool_down: false,
        by_phase: false,
        back: false,
    }
    .walk())
}

/// Roles live in the cluster, not in the database: they are created beforehand, and the files go without them.
fn without_roles(text: &str) -> String {
    let mut kept = String::new();
    let mut statement = String::new();
    let mut in_block = false;
    for line in text.lines() {
        statement.push_str(line);
        statement.push('\n');
        let quotes = line.matches("$$").count();
        in_block ^= quotes % 2 == 1;
        if in_block || !line.trim_end().ends_with(';') {
            continue;
        }
        let words = statement
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect::<Vec<_>>()
            .join(" ")
            .to_uppercase();
        let about_roles = [
            "CREATE ROLE",
            "CREATE USER",
            "ALTER ROLE",
            "DROP ROLE",
            "COMMENT ON ROLE",
        ]
        .iter()
        .any(|start| {
            words.trim_start().starts_with(start) || (words.trim_start().starts_with("DO ") && words.contains(start))
        });
        let membership = words.trim_start().starts_with("GRANT ") && !words.contains(" ON ");
        if about_roles || membership {
            // The role may be there from another pair.
            let _ = sql("postgres", &statement);
        } else {
            kept.push_str(&statement);
        }
        statement.clear();
    }
    kept + &statement
}
