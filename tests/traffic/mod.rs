//! An old and a new application write and read throughout all phases of a plan: no error, no lost or diverging value, and no
//! statement that waits longer than the lock timeout and a batch.
//!
//! When the new application starts and how long the old one stays is what the review says of them: they run in every phase for which it
//! says that they work, and where it says that they do not, one of their statements fails. Each client owns a range of ids and
//! remembers what it has written; one row is shared, and everybody counts in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::support::database::Database;
use crate::support::journey::PHASES;
use crate::support::pgphase::{self, COOLING, DIFFERENCE, NOTHING};
use crate::support::run::run;

mod moved;
mod partitioned;
mod plain;
mod rebuilt;
mod shape;
mod tied;
mod twin;

/// The lock timeout of a step, and a batch.
const LONGEST: Duration = Duration::from_millis(2_600);

/// The statements of a client, at least.
const ENOUGH: usize = 100;

/// The statements of one version of an application; `{id}` and `{value}` are filled in.
#[derive(Clone, Copy)]
struct App {
    insert: &'static str,
    update: &'static str,
    upsert: &'static str,
    delete: &'static str,
    read: &'static str,
    count: &'static str,
}

/// A migration under traffic.
struct Case {
    before: &'static str,
    after: &'static str,
    /// Rows that are there before.
    seed: &'static str,
    old: App,
    new: App,
    /// Gives `id` and value of every row in the end, and the shared count.
    rows: &'static str,
    count: &'static str,
}

#[derive(Default)]
struct Report {
    errors: Vec<String>,
    statements: usize,
    longest: Duration,
    wanted: BTreeMap<i64, String>,
    counted: i64,
}

struct Client {
    handle: JoinHandle<Report>,
    stop: Arc<AtomicBool>,
}

impl Client {
    fn start(database: &Database, app: App, base: i64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, conninfo) = (Arc::clone(&stop), database.conninfo());
        let handle = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(work(&conninfo, app, base, &flag))
        });
        Self { handle, stop }
    }

    fn finish(self) -> Report {
        self.stop.store(true, Ordering::Relaxed);
        self.handle.join().expect("the client ends")
    }
}

async fn work(conninfo: &str, app: App, base: i64, stop: &AtomicBool) -> Report {
    let (client, connection) = tokio_postgres::connect(conninfo, tokio_postgres::NoTls)
        .await
        .expect("a connection");
    tokio::spawn(connection);
    let mut report = Report::default();
    let mut next = base;
    let mut round = 0u64;
    // On a slow machine a client goes on until it has done enough to say something.
    while !stop.load(Ordering::Relaxed) || report.statements < ENOUGH {
        round += 1;
        let known = report
            .wanted
            .keys()
            .nth(round as usize * 7 % report.wanted.len().max(1))
            .copied();
        let id = known.unwrap_or(next);
        let value = (base + i64::try_from(round).unwrap_or(0)).to_string();
        let (template, id) = match round % 6 {
            0 | 3 => (app.insert, next),
            1 if known.is_some() => (app.update, id),
            2 => (app.upsert, if round.is_multiple_of(4) { next } else { id }),
            4 if known.is_some() && round.is_multiple_of(5) => (app.delete, id),
            5 => (app.count, id),
            _ if known.is_some() => (app.read, id),
            _ => (app.insert, next),
        };
        let statement = template.replace("{id}", &id.to_string()).replace("{value}", &value);
        let started = Instant::now();
        let answer = client.simple_query(&statement).await;
        report.longest = report.longest.max(started.elapsed());
        report.statements += 1;
        match answer {
            Err(error) => {
                let what = error
                    .as_db_error()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                report.errors.push(format!("{statement}: {what}"));
                if report.errors.len() > 5 {
                    return report;
                }
            }
            Ok(messages) if template == app.read => {
                let read = messages.iter().find_map(|message| match message {
                    tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                    _ => None,
                });
                if read.as_ref() != report.wanted.get(&id) {
                    let wanted = report.wanted.get(&id);
                    report
                        .errors
                        .push(format!("{statement}: read {read:?}, wrote {wanted:?}"));
                }
            }
            Ok(_) if template == app.delete => {
                report.wanted.remove(&id);
            }
            Ok(messages) if template == app.count => {
                report.counted += messages.iter().fold(0, |sum, message| match message {
                    tokio_postgres::SimpleQueryMessage::CommandComplete(rows) => {
                        sum + i64::try_from(*rows).unwrap_or(0)
                    }
                    _ => sum,
                });
            }
            Ok(_) => {
                report.wanted.insert(id, value);
            }
        }
        if id == next {
            next += 1;
        }
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
    report
}

/// Whether the old and the new application work after each phase, according to the review; nothing where the phase has no steps.
fn promised(plan: &Path) -> Vec<Option<(bool, bool)>> {
    let shown = run(
        pgphase::command().args(["show", "--format", "json"]).arg(plan),
        Duration::from_secs(60),
    );
    let review: serde_json::Value = serde_json::from_str(&shown.stdout).expect("a review");
    let phases = review["phases"].as_array().expect("the phases");
    let works = |report: &serde_json::Value| {
        let works = |key: &str| report[key]["works"] == true;
        (works("old_application"), works("new_application"))
    };
    let after = |phase| phases.iter().find(|report| report["phase"] == phase).map(works);
    PHASES.into_iter().map(after).collect()
}

/// The statements of an application that the database refuses.
fn refused(database: &Database, app: App) -> Vec<String> {
    let templates = [app.insert, app.update, app.upsert, app.delete, app.read, app.count];
    let statements = templates.map(|template| template.replace("{id}", "9000000").replace("{value}", "9000000"));
    let tried = statements.into_iter().filter_map(|statement| {
        let answer = database.sql(&format!("begin; {statement}; rollback"));
        answer.err().map(|error| format!("{statement}: {error}"))
    });
    tried.collect()
}

fn travel(case: &Case) {
    travel_beside(case, &[]);
}

/// `beside` are applications that the plan takes nothing from: they run from the beginning to the end, also where a phase parts the old
/// from the new one.
fn travel_beside(case: &Case, beside: &[App]) {
    let folder = tempfile::tempdir().expect("a folder");
    let (to, out) = (folder.path().join("after.sql"), folder.path().join("plan"));
    std::fs::write(&to, case.after).expect("the desired file");
    let database = Database::new();
    database.sql(case.before).expect("the schema before");
    database.sql(case.seed).expect("the rows before");
    let planned = pgphase::plan(&database, &to, &out);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
    let promised = promised(&out);

    let mut old = vec![
        Client::start(&database, case.old, 1_000_000),
        Client::start(&database, case.old, 2_000_000),
    ];
    let beside: Vec<Client> = beside
        .iter()
        .zip([5_000_000, 6_000_000])
        .map(|(app, base)| Client::start(&database, *app, base))
        .collect();
    let mut new = Vec::new();
    let mut reports = Vec::new();
    std::thread::sleep(Duration::from_millis(300));
    for (phase, promise) in PHASES.into_iter().zip(promised) {
        let (old_works, new_works) = promise.unwrap_or((true, false));
        if !old_works {
            reports.extend(old.drain(..).map(Client::finish));
        }
        let applied = pgphase::apply_forced(&database, &out, phase);
        assert_eq!(applied.code(), Some(NOTHING), "apply {phase}: {}", applied.said());
        for (works, app) in [(old_works, case.old), (new_works, case.new)] {
            let refused = refused(&database, app);
            let wrong = promise.is_some() && refused.is_empty() != works;
            assert!(!wrong, "after {phase} the review says otherwise: {refused:#?}");
        }
        if new_works && new.is_empty() {
            new.push(Client::start(&database, case.new, 3_000_000));
            new.push(Client::start(&database, case.new, 4_000_000));
        }
        std::thread::sleep(Duration::from_millis(400));
    }
    assert_eq!(new.len(), 2, "the review never says that the new application works");
    reports.extend(old.into_iter().chain(new).chain(beside).map(Client::finish));

    let got: BTreeMap<i64, String> = database
        .sql(case.rows)
        .expect("the rows in the end")
        .lines()
        .filter_map(|line| line.split_once('|'))
        .map(|(id, value)| (id.parse().expect("an id"), value.to_owned()))
        .collect();
    let counted = database.sql(case.count).expect("the count");
    for report in &reports {
        assert!(report.errors.is_empty(), "{:#?}", report.errors);
        assert!(report.longest < LONGEST, "one statement took {:?}", report.longest);
        for (id, value) in &report.wanted {
            assert_eq!(got.get(id), Some(value), "row {id}");
        }
    }
    let wanted: usize = reports.iter().map(|report| report.wanted.len()).sum();
    assert_eq!(
        got.keys().filter(|id| **id >= 1_000_000).count(),
        wanted,
        "rows too many"
    );
    let total: i64 = reports.iter().map(|report| report.counted).sum();
    assert_eq!(counted.trim(), total.to_string(), "counts are lost");
    eprintln!(
        "{} statements, the longest {:?}",
        reports.iter().map(|report| report.statements).sum::<usize>(),
        reports.iter().map(|report| report.longest).max().unwrap_or_default()
    );
    let drift = pgphase::drift(&database, &to);
    assert_eq!(drift.code(), Some(NOTHING), "{}", drift.said());
}

/// The new application writes while contract cools down; then the old shape comes back, with every row; then it is swapped for good.
/// `old_rows` gives `id` and value of every row in the old shape.
fn there_and_back(case: &Case, old_rows: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let (to, out) = (folder.path().join("after.sql"), folder.path().join("plan"));
    std::fs::write(&to, case.after).expect("the desired file");
    let database = Database::new();
    database.sql(case.before).expect("the schema before");
    database.sql(case.seed).expect("the rows before");
    let planned = pgphase::plan_with(&database, &to, &out, &["--cool-down", "1d"]);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
    let apply = |phase: &str, code: i32| {
        let applied = pgphase::apply_forced(&database, &out, phase);
        assert_eq!(applied.code(), Some(code), "apply {phase}: {}", applied.said());
    };
    let rows = |query: &str| -> BTreeMap<i64, String> {
        let rows = database.sql(query).expect("the rows");
        let pairs = rows.lines().filter_map(|line| line.split_once('|'));
        pairs
            .map(|(id, value)| (id.parse().expect("an id"), value.to_owned()))
            .collect()
    };
    let holds = |query: &str, reports: &[Report]| {
        let got = rows(query);
        for report in reports {
            assert!(report.errors.is_empty(), "{:#?}", report.errors);
            assert!(report.longest < LONGEST, "one statement took {:?}", report.longest);
            for (id, value) in &report.wanted {
                assert_eq!(got.get(id), Some(value), "row {id}");
            }
        }
        let wanted: usize = reports.iter().map(|report| report.wanted.len()).sum();
        assert_eq!(got.keys().filter(|id| **id >= 1_000_000).count(), wanted);
    };
    let pause = || std::thread::sleep(Duration::from_millis(400));
    apply("expand", NOTHING);
    apply("backfill", NOTHING);
    let old = Client::start(&database, case.old, 1_000_000);
    let first = Client::start(&database, case.new, 2_000_000);
    apply("validate", NOTHING);
    let mut reports = vec![old.finish()];
    apply("contract", COOLING);
    let second = Client::start(&database, case.new, 3_000_000);
    pause();
    reports.extend([first, second].map(Client::finish));
    let back = pgphase::rollback_to(&database, &out, "validate");
    assert_eq!(back.code(), Some(NOTHING), "{}", back.said());
    holds(old_rows, &reports);
    // Both applications again, and a way back while the new one writes.
    let both = [(case.old, 4_000_000), (case.new, 5_000_000)].map(|(app, base)| Client::start(&database, app, base));
    apply("validate", NOTHING);
    let [old, new] = both;
    reports.push(old.finish());
    apply("contract", COOLING);
    pause();
    let back = pgphase::rollback_to(&database, &out, "validate");
    assert_eq!(back.code(), Some(NOTHING), "{}", back.said());
    apply("validate", NOTHING);
    apply("contract", COOLING);
    pause();
    apply("contract", NOTHING);
    reports.push(new.finish());
    holds(case.rows, &reports);
    let total: i64 = reports.iter().map(|report| report.counted).sum();
    let counted = database.sql(case.count).expect("the count");
    assert_eq!(counted.trim(), total.to_string(), "counts are lost");
    let drift = pgphase::drift(&database, &to);
    assert_eq!(drift.code(), Some(NOTHING), "{}", drift.said());
}

/// The same clients against the plain statement. Their reports, and how long the statement took.
fn naive(before: &str, seed: &str, app: App, statement: &str) -> (Vec<Report>, Duration) {
    let database = Database::new();
    database.sql(before).expect("the schema before");
    database.sql(seed).expect("the rows before");
    let clients = [1_000_000, 2_000_000].map(|base| Client::start(&database, app, base));
    std::thread::sleep(Duration::from_millis(300));
    let started = Instant::now();
    database.sql(statement).expect("the plain statement");
    let took = started.elapsed();
    std::thread::sleep(Duration::from_millis(200));
    (clients.into_iter().map(Client::finish).collect(), took)
}
