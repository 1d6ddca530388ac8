//! What the plan says of each step, against what the server does: locks, rewrites, scans, builds, and whether a transaction is
//! allowed. Every scenario is walked in both directions, with `MORE` for what no scenario reaches, and each step is looked at
//! while it runs.
//!
//! The default run takes a sample; `cargo test --test suite -- --ignored locks` takes all. `PGPHASE_CASE` narrows both.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use pgphase::apply::progress::Silent;
use pgphase::apply::retry::Patience;
use pgphase::apply::{Options, Stop, run_watched};
use pgphase::conn::{Environment, Params, Target, connect, conninfo, resolve};
use pgphase::introspect::{Scope, introspect};
use pgphase::plan::file::PlanFolder;
use pgphase::plan::fold::fold;
use pgphase::plan::{Phase, Step};
use pgphase::verify::judge::{Disagreement, judge};
use pgphase::verify::observe::{Observer, Seen};
use pgphase::verify::seed::seed;

use crate::scenarios::{Case, cases};
use crate::support::database::{Database, create_role, create_tablespace, server_major};
use crate::support::pgphase::{self as program, DIFFERENCE};
use crate::support::pool;

mod kinds;
mod matrix;
mod more;

use kinds::{kind_of, planned};
use more::{CAUTION, MORE};

/// Rows per table.
const ROWS: usize = 30;
/// How long the sample may take.
const SAMPLE: Duration = Duration::from_secs(50);

/// A plan to look at while it runs.
struct Walk {
    name: String,
    before: PathBuf,
    seed: Option<PathBuf>,
    to: PathBuf,
    roles: Vec<String>,
    tablespaces: Vec<String>,
}

/// One disagreement and where it was found.
struct Found {
    walk: String,
    step: String,
    title: String,
    what: Disagreement,
}

#[derive(Default)]
struct Tally {
    walked: usize,
    steps: usize,
    kinds: BTreeSet<String>,
    found: Vec<Found>,
    not_walked: Vec<String>,
}

/// The plans that can be looked at on a major version.
fn walks(folder: &Path, major: u32) -> Vec<Walk> {
    let mut walks = Vec::new();
    let of = |case: &Case, from: &str, to: &str, name: String| Walk {
        name,
        before: case.build(from),
        seed: Some(case.file("seed.sql")).filter(|file| from == "before" && file.exists()),
        to: case.file(&format!("{to}.sql")),
        roles: case.roles().to_vec(),
        tablespaces: case.tablespaces().to_vec(),
    };
    for case in cases().iter().filter(|case| case.runs_on(major) && !case.is_same()) {
        walks.push(of(case, "before", "after", case.name.clone()));
        if case.has_reverse() {
            walks.push(of(case, "after", "before", format!("{} back", case.name)));
        }
    }
    for (name, min, before, after) in MORE {
        if major < *min {
            continue;
        }
        let write = |side: &str, text: &str| {
            let path = folder.join(format!("{}-{side}.sql", name.replace([' ', '/'], "-")));
            fs::write(&path, text).expect("a file for the schema");
            path
        };
        walks.push(Walk {
            name: format!("more/{name}"),
            before: write("before", before),
            seed: None,
            to: write("after", after),
            roles: vec!["pgphase_reader".into()],
            tablespaces: vec!["pgphase_space".into()],
        });
    }
    walks.retain(|walk| pool::wanted(&walk.name));
    walks
}

/// Spreads the walks so that a run that is cut short has seen a bit of everything.
fn shuffled(mut walks: Vec<Walk>) -> Vec<Walk> {
    walks.sort_by_key(|walk| {
        walk.name.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    });
    walks
}

#[test]
fn stated_facts_are_what_happens() {
    let folder = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    look(shuffled(walks(folder.path(), server_major())), || {
        started.elapsed() < SAMPLE
    });
}

#[test]
#[ignore = "walks every scenario in both directions; minutes"]
fn stated_facts_are_what_happens_in_every_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    look(walks(folder.path(), server_major()), || true);
}

fn look(walks: Vec<Walk>, go_on: impl Fn() -> bool + Sync) {
    let tally = Mutex::new(Tally::default());
    pool::map(&walks, |walk| {
        if !go_on() {
            return;
        }
        // Rows that a step refuses are no matter of this test.
        let result = pool::guarded(|| watch(walk, true).or_else(|_| watch(walk, false)));
        let mut tally = tally.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match result {
            Ok(steps) => {
                tally.walked += 1;
                for (step, seen) in steps {
                    tally.steps += 1;
                    tally.kinds.extend(step.operations.iter().map(kind_of));
                    let found = judge(&step, &seen).into_iter().map(|what| Found {
                        walk: walk.name.clone(),
                        step: step.id.clone(),
                        title: step.title.clone(),
                        what,
                    });
                    let found: Vec<Found> = found.collect();
                    found.iter().for_each(|found| eprint!("{}", line(found)));
                    tally.found.extend(found);
                }
            }
            Err(reason) => {
                eprintln!(
                    "  not walked: {}: {}",
                    walk.name,
                    reason.lines().next().unwrap_or_default()
                );
                tally.not_walked.push(walk.name.clone());
            }
        }
    });
    let tally = tally.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    let all = tally.walked + tally.not_walked.len() == walks.len();
    let planned = if all { planned(&walks) } else { BTreeSet::new() };
    report(&tally, walks.len(), &planned);
}

fn line(found: &Found) -> String {
    let title = found.title.lines().next().unwrap_or_default();
    format!("  {} {} ({title}): {}\n", found.walk, found.step, found.what)
}

/// `planned` are the kinds of operations that were to be seen.
fn report(tally: &Tally, of: usize, planned: &BTreeSet<String>) {
    let major = server_major();
    let known = |found: &&Found| {
        !found.what.is_weaker()
            && CAUTION
                .iter()
                .any(|(title, what, _)| found.title.contains(title) && found.what.to_string().contains(what))
    };
    let lines = |list: &[&Found]| list.iter().map(|found| line(found)).collect::<String>();
    let (accepted, open): (Vec<&Found>, Vec<&Found>) = tally.found.iter().partition(known);
    eprintln!(
        "facts on PostgreSQL {major}: {} of {of} plans, {} steps, {} kinds of operations; {} disagreements, {} of them known caution; {} plans not made or not run",
        tally.walked,
        tally.steps,
        tally.kinds.len(),
        tally.found.len(),
        accepted.len(),
        tally.not_walked.len(),
    );
    let never: Vec<&str> = planned.difference(&tally.kinds).map(String::as_str).collect();
    assert!(
        never.is_empty(),
        "kinds of operations that were planned and not seen: {}",
        never.join("; ")
    );
    let (weaker, stronger): (Vec<&Found>, Vec<&Found>) = open.iter().partition(|found| found.what.is_weaker());
    assert!(
        open.is_empty(),
        "on PostgreSQL {major} the plan says less than what happens {} times:\n{}and more than that {} times:\n{}",
        weaker.len(),
        lines(&weaker),
        stronger.len(),
        lines(&stronger),
    );
    assert!(tally.walked > 0, "nothing was walked");
}

fn target(database: &Database) -> Target {
    let given = conninfo::parse(&database.conninfo()).expect("a connection string");
    resolve(&Params::new(), &given, &Environment::default()).expect("a target")
}

/// Runs a plan and returns its steps with what was seen of each; nothing for plans that are empty or refused.
fn watch(walk: &Walk, fill: bool) -> Result<Vec<(Step, Seen)>, String> {
    walk.roles.iter().for_each(|role| create_role(role));
    walk.tablespaces.iter().for_each(|name| create_tablespace(name));
    let database = Database::from_script(&walk.before)?;
    if let Some(seed) = &walk.seed {
        database.script(seed)?;
    }
    let out = tempfile::tempdir().map_err(|error| error.to_string())?;
    let planned = program::plan(&database, &walk.to, out.path());
    if planned.code() != Some(DIFFERENCE) {
        return if planned.code() == Some(0) {
            Ok(vec![])
        } else {
            Err(planned.said())
        };
    }
    let folder = PlanFolder::read(out.path()).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let target = target(&database);
    let options = Options {
        phases: Phase::ALL.to_vec(),
        patience: Patience {
            budget: Duration::from_secs(10),
            ..Patience::default()
        },
        wait_for_run: Duration::from_secs(5),
        backfill: pgphase::apply::backfill::Settings::default(),
        windows: Vec::new(),
        zone: jiff::tz::TimeZone::UTC,
        guard: None,
        cool_down: pgphase::apply::CoolDown::Skip,
        free_space: None,
        reopen: false,
        approved: vec![],
    };
    let inspect = async |client: &tokio_postgres::Client| {
        let found = introspect(client, &Scope::default()).await;
        found.map(|found| found.schema.into())
    };
    let (seen, problems, result) = runtime.block_on(async {
        if fill {
            fill_tables(&target, &folder).await?;
        }
        let observer = Observer::open(&target).await.map_err(|error| error.to_string())?;
        let stop = Stop::never();
        let result = run_watched(&target, &folder, &options, &Silent, &stop, &observer, inspect).await;
        Ok::<_, String>((observer.seen(), observer.problems(), result))
    })?;
    result.map_err(|error| error.to_string())?;
    if let Some(problem) = problems.first() {
        return Err(format!("could not look: {problem}"));
    }
    let steps = folder.plan.steps.into_iter();
    Ok(steps
        .map(|step| {
            let seen = seen.get(&step.id).cloned().unwrap_or_default();
            (step, seen)
        })
        .collect())
}

/// Some rows, so that the server reads tables as it reads them in life.
async fn fill_tables(target: &Target, folder: &PlanFolder) -> Result<(), String> {
    let session = connect(target).await.map_err(|error| error.to_string())?;
    let found = introspect(&session.client, &Scope::default()).await;
    let start = found.map_err(|error| error.to_string())?.schema;
    let end = fold(&start, &folder.plan.steps).map_err(|error| error.to_string())?;
    let seeded = seed(&session.client, &start, &end, ROWS).await;
    seeded.map(|_| ()).map_err(|error| error.to_string())
}
