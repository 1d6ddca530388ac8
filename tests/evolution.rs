//! Histories of real projects, where the corpus is on this machine (`../shared/corpus`, or `PGPHASE_CORPUS`): an earlier version
//! -> plan -> all phases -> the dump of a later version -> an empty second plan; and from the later version back to the earlier
//! one. Steps are as small as one release and as large as years. A sample by default; all of them with
//! `cargo test --test suite -- --ignored evolution --nocapture`. `PGPHASE_CORPUS_OUT=file` gets one line per case.

use std::fs;
use std::path::{Path, PathBuf};

use crate::corpus::corpus;
use crate::support::database::Database;
use crate::support::dump::Shown;
use crate::support::journey::{Route, Verdict};
use crate::support::{pool, tally};

/// The largest file of a pair in the sample.
const SMALL: u64 = 40_000;

/// Said of a pair that is no case for pgphase.
const UNLOADABLE: &str = "psql does not load the dumps of this pair";

/// One of how many small pairs is in the sample.
const SAMPLE: usize = 13;

#[derive(Debug)]
struct Pace {
    project: String,
    /// The number of the pair, with `-` where it goes from the later version to the earlier one.
    name: String,
    from: PathBuf,
    to: PathBuf,
}

impl Pace {
    fn is_small(&self) -> bool {
        [&self.from, &self.to]
            .iter()
            .all(|file| fs::metadata(file).is_ok_and(|data| data.len() <= SMALL))
    }
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(parent)
        .map(|entries| entries.filter_map(Result::ok).map(|entry| entry.path()).collect())
        .unwrap_or_default();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    folders
}

fn last_name(path: &Path) -> String {
    path.file_name()
        .map_or(String::new(), |name| name.to_string_lossy().into_owned())
}

fn paces(corpus: &Path) -> Vec<Pace> {
    let mut paces = Vec::new();
    for project in folders(&corpus.join("evolution")) {
        for folder in folders(&project) {
            let (from, to) = (folder.join("from.sql"), folder.join("to.sql"));
            if !from.exists() || !to.exists() {
                continue;
            }
            for (sign, from, to) in [("", &from, &to), ("-", &to, &from)] {
                paces.push(Pace {
                    project: last_name(&project),
                    name: format!("{}{sign}", last_name(&folder)),
                    from: from.clone(),
                    to: to.clone(),
                });
            }
        }
    }
    paces.retain(|pace| pool::wanted(&format!("{}/{}", pace.project, pace.name)));
    paces
}

fn walk(pace: &Pace) -> Result<Verdict, String> {
    // A dump may hold a function whose body PostgreSQL cannot read under the empty search path of dumps.
    let (Ok(live), Ok(wanted)) = (Database::from_script(&pace.from), Database::from_script(&pace.to)) else {
        return Ok(Verdict::Refused(UNLOADABLE.to_owned()));
    };
    let work = tempfile::tempdir().map_err(|error| error.to_string())?;
    Ok(Route {
        live: &live,
        wanted: &wanted,
        to: &pace.to,
        out: &work.path().join("plan"),
        shown: Shown { privileges: false },
        keep_rows: false,
        cool_down: false,
        by_phase: false,
        back: false,
    }
    .walk())
}

fn judge(paces: &[Pace]) {
    let verdicts = tally::judge(
        paces,
        |pace| (pace.project.clone(), format!("{}/{}", pace.project, pace.name)),
        walk,
    );
    let others: Vec<String> = paces
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| **verdict != Verdict::Converged && verdict.reason() != UNLOADABLE)
        .map(|(pace, verdict)| {
            format!(
                "{}/{}: {} {}",
                pace.project,
                pace.name,
                verdict.word(),
                verdict.reason()
            )
        })
        .collect();
    assert!(others.is_empty(), "{}", others.join("\n\n"));
}

#[test]
fn a_sample_of_real_histories_converges() {
    let Some(corpus) = corpus() else { return };
    let sample: Vec<Pace> = paces(&corpus)
        .into_iter()
        .filter(Pace::is_small)
        .step_by(SAMPLE)
        .collect();
    judge(&sample);
}

#[test]
#[ignore = "takes minutes: run it with --ignored"]
fn real_histories_converge() {
    let Some(corpus) = corpus() else { return };
    judge(&paces(&corpus));
}
