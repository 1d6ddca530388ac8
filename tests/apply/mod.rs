//! Running plans against a real server: order, resumption, locks, signals, two runs at once.
//!
//! The plans here are made by hand, so that each test says exactly what runs.

mod backfill;
mod closing;
mod faults;
mod folder;
mod hidden;
mod lag;
mod locked;
mod meanwhile;
mod operate;
mod pooler;
mod reconciled;
mod unwritten;

use std::cell::RefCell;
use std::time::Duration;

use pgphase::apply::progress::{Event, Progress};
use pgphase::apply::retry::Patience;
use pgphase::apply::{ApplyError, Options, Outcome, Stop, run};
use pgphase::conn::{Environment, Params, Target, conninfo, resolve};
use pgphase::name::QualifiedName;
use pgphase::plan::file::PlanFolder;
use pgphase::plan::{Class, LockMode, Phase};
use pgphase::schema::Schema;

use crate::support::database::Database;
use folder::{backfill, concurrent, folder, sql};

/// Keeps what it hears, as words.
#[derive(Default)]
struct Heard(RefCell<Vec<String>>);

impl Progress for Heard {
    fn event(&self, event: Event<'_>) {
        let text = match event {
            Event::Done { step, rows, .. } => format!("done {} {}", step.id, rows.unwrap_or(-1)),
            Event::Found(step) => format!("found {}", step.id),
            Event::Blocked { step, blockers } => format!("blocked {}: {}", step.id, blockers[0]),
            Event::Gated { step, blockers } => format!("gated {}: {}", step.id, blockers[0]),
            Event::Outwaits { step, blockers } => format!("outwaits {}: {}", step.id, blockers[0]),
            Event::Throttled { step, reason } => format!("rests {}: {reason}", step.id),
            Event::Held { step, by } => format!("held {}: {}", step.id, by.join("; ")),
            Event::Notice(text) => format!("notice {text}"),
            Event::Retry { step, reason, .. } => format!("retry {}: {reason}", step.id),
            _ => return,
        };
        self.0.borrow_mut().push(text);
    }
}

fn target(database: &Database) -> Target {
    target_of(&database.conninfo())
}

fn target_of(connection: &str) -> Target {
    let given = conninfo::parse(connection).expect("a connection string");
    resolve(&Params::new(), &given, &Environment::default()).expect("a target")
}

fn options(phases: &[Phase]) -> Options {
    Options {
        phases: phases.to_vec(),
        patience: Patience {
            budget: Duration::from_secs(5),
            first: Duration::from_millis(100),
            longest: Duration::from_secs(1),
        },
        wait_for_run: Duration::ZERO,
        backfill: Default::default(),
        windows: vec![],
        zone: jiff::tz::TimeZone::UTC,
        guard: None,
        cool_down: pgphase::apply::CoolDown::Wait,
        free_space: None,
        reopen: false,
        approved: vec![],
    }
}

/// Runs a plan in a runtime of its own; the schema is always read as empty.
fn apply(database: &Database, folder: &PlanFolder, options: &Options) -> (Result<Outcome, ApplyError>, Vec<String>) {
    apply_seeing(database, folder, options, &Schema::new())
}

fn apply_at(target: &Target, folder: &PlanFolder, options: &Options) -> (Result<Outcome, ApplyError>, Vec<String>) {
    apply_seeing_at(target, folder, options, &Schema::new())
}

fn apply_seeing(
    database: &Database,
    folder: &PlanFolder,
    options: &Options,
    live: &Schema,
) -> (Result<Outcome, ApplyError>, Vec<String>) {
    apply_seeing_at(&target(database), folder, options, live)
}

fn apply_seeing_at(
    target: &Target,
    folder: &PlanFolder,
    options: &Options,
    live: &Schema,
) -> (Result<Outcome, ApplyError>, Vec<String>) {
    let heard = Heard::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let result = runtime.block_on(run(
        target,
        folder,
        options,
        &heard,
        &Stop::never(),
        async |_: &tokio_postgres::Client| Ok(live.clone().into()),
    ));
    (result, heard.0.into_inner())
}

fn database(setup: &str) -> Database {
    let database = Database::new();
    database.sql(setup).expect("the setup");
    database
}

#[test]
fn phases_run_in_order_and_once() {
    let database = database("create table t (a int)");
    let folder = folder(&[
        sql(
            "expand-1",
            Phase::Expand,
            Class::Instant,
            "alter table public.t add b int",
        ),
        sql(
            "contract-1",
            Phase::Contract,
            Class::Instant,
            "alter table public.t drop a",
        ),
    ]);
    let (early, _) = apply(&database, &folder, &options(&[Phase::Contract]));
    assert!(
        matches!(early, Err(ApplyError::PhaseOrder { left: 1, .. })),
        "{early:?}"
    );
    let (first, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert_eq!(first.map(|o| (o.done, o.before, o.left)).ok(), Some((1, 0, 1)));
    let (again, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert_eq!(again.map(|o| (o.done, o.before, o.left)).ok(), Some((0, 1, 1)));
    let (rest, _) = apply(&database, &folder, &options(&Phase::ALL));
    assert_eq!(rest.map(|o| (o.done, o.before, o.left)).ok(), Some((1, 1, 0)));
    let columns = database.sql("select string_agg(attname, ',') from pg_attribute where attrelid = 't'::regclass and attnum > 0 and not attisdropped");
    assert_eq!(columns.map(|text| text.trim().to_owned()), Ok("b".into()));
    let finished = database.sql("select count(*) from pgphase.plan where finished is not null");
    assert_eq!(finished.map(|text| text.trim().to_owned()), Ok("1".into()));
}

#[test]
fn a_failed_step_leaves_nothing_and_can_be_run_again() {
    let database = database("create table t (a int); insert into t values (null)");
    let mut second = sql(
        "expand-2",
        Phase::Expand,
        Class::Instant,
        "alter table public.t add c int; alter table public.t alter a set not null",
    );
    second
        .0
        .facts
        .lock(&QualifiedName::new("public", "t"), LockMode::AccessExclusive);
    let folder = folder(&[
        sql(
            "expand-1",
            Phase::Expand,
            Class::Instant,
            "alter table public.t add b int",
        ),
        second,
    ]);
    let (failed, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    let error = failed.expect_err("a null");
    assert_eq!(error.exit_code(), 5, "{error}");
    assert!(error.to_string().contains("contains null values"), "{error}");
    let there = database.sql("select count(*) from pg_attribute where attrelid = 't'::regclass and attname = 'c'");
    assert_eq!(there.map(|text| text.trim().to_owned()), Ok("0".into()));
    let state = database.sql("select string_agg(step || ' ' || status, ',' order by step) from pgphase.step");
    assert_eq!(
        state.map(|text| text.trim().to_owned()),
        Ok("expand-1 done,expand-2 failed".into())
    );
    let record = database.sql("select tables, took_ms >= 0 from pgphase.step where status = 'failed'");
    assert_eq!(record.map(|text| text.trim().to_owned()), Ok("{public.t}|t".into()));
    database.sql("delete from t").expect("the cure");
    let (cured, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert_eq!(cured.map(|o| o.done).ok(), Some(1));
}

#[test]
fn blockers_are_named_and_the_lock_is_taken_when_they_end() {
    let database = database("create table t (a int)");
    let mut step = sql(
        "expand-1",
        Phase::Expand,
        Class::Instant,
        "alter table public.t add b int",
    );
    step.0
        .facts
        .lock(&QualifiedName::new("public", "t"), LockMode::AccessExclusive);
    let folder = folder(&[step]);
    let blocker = Blocker::start(&database, "begin; select * from t; select pg_sleep(11); commit");
    let mut patient = options(&[Phase::Expand]);
    patient.patience.budget = Duration::from_secs(30);
    let (done, heard) = apply(&database, &folder, &patient);
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(
        heard
            .iter()
            .any(|line| line.starts_with("gated expand-1: pid ") && line.contains("pg_sleep(11)")),
        "{heard:?}"
    );
    blocker.end();
}

#[test]
fn a_spent_budget_names_who_stands_in_the_way() {
    let database = database("create table t (a int)");
    let folder = folder(&[sql(
        "expand-1",
        Phase::Expand,
        Class::Instant,
        "alter table public.t add b int",
    )]);
    let blocker = Blocker::start(&database, "begin; select * from t; select pg_sleep(8); commit");
    let (gave_up, heard) = apply(&database, &folder, &options(&[Phase::Expand]));
    let error = gave_up.expect_err("the table is locked");
    assert_eq!(error.exit_code(), 75);
    let text = error.to_string();
    assert!(
        text.contains("blocked by pid ") && text.contains("pg_sleep(8)"),
        "{text}"
    );
    assert!(heard.iter().any(|line| line.starts_with("retry expand-1")), "{heard:?}");
    blocker.end();
}

#[test]
fn a_second_run_is_told_who_runs() {
    let database = database("create table t (a int)");
    let folder = folder(&[sql(
        "expand-1",
        Phase::Expand,
        Class::Instant,
        "alter table public.t add b int",
    )]);
    let other = Blocker::start(
        &database,
        &format!(
            "set application_name = 'the other'; select pg_advisory_lock({}); select pg_sleep(3)",
            pgphase::apply::advisory::KEY
        ),
    );
    std::thread::sleep(Duration::from_millis(500));
    let (busy, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    let error = busy.expect_err("another run");
    assert!(error.to_string().contains("the other"), "{error}");
    assert_eq!(error.exit_code(), 75);
    let mut waiting = options(&[Phase::Expand]);
    waiting.wait_for_run = Duration::from_secs(20);
    let (done, _) = apply(&database, &folder, &waiting);
    assert!(done.is_ok(), "{done:?}");
    other.end();
}

#[test]
fn a_stale_plan_is_refused() {
    let database = database("create table t (a int)");
    let folder = folder(&[
        sql(
            "expand-1",
            Phase::Expand,
            Class::Instant,
            "alter table public.t add b int",
        ),
        sql(
            "contract-1",
            Phase::Contract,
            Class::Instant,
            "alter table public.t drop a",
        ),
    ]);
    let mut other = Schema::new();
    other.put(pgphase::object::namespace::Namespace { name: "app".into() });
    let (stale, _) = apply_seeing(&database, &folder, &options(&[Phase::Expand]), &other);
    assert!(
        matches!(stale, Err(ApplyError::Stale { started: false, .. })),
        "{stale:?}"
    );
    let (expand, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert!(expand.is_ok(), "{expand:?}");
    let (stale, _) = apply_seeing(&database, &folder, &options(&[Phase::Contract]), &other);
    let error = stale.expect_err("something came in between");
    assert_eq!(error.exit_code(), 4);
    assert!(error.to_string().contains("namespace app is new"), "{error}");
}

#[test]
fn what_a_broken_build_left_is_cleaned_up() {
    let database = database("create table t (a int); insert into t values (1), (1)");
    let folder = folder(&[concurrent("expand-1", "t_a", true)]);
    let (failed, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert!(
        matches!(failed, Err(ApplyError::Step { part_way: false, .. })),
        "{failed:?}"
    );
    let left = database.sql("select count(*) from pg_class where relname = 't_a'");
    assert_eq!(left.map(|text| text.trim().to_owned()), Ok("0".into()));
    // As after a crash in the middle: an invalid index, and a step that was started.
    let _ = database.sql("create unique index concurrently t_a on t (a)");
    let invalid = "select count(*) from pg_index where not indisvalid and indexrelid = 't_a'::regclass";
    assert_eq!(database.sql(invalid).map(|text| text.trim().to_owned()), Ok("1".into()));
    database
        .sql("update pgphase.step set status = 'running'; delete from t")
        .expect("the cure");
    let (done, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(database.sql(invalid).map(|text| text.trim().to_owned()), Ok("0".into()));
    // As after a crash between the build and its journal row.
    database
        .sql("update pgphase.step set status = 'running'; update pgphase.plan set finished = null")
        .expect("the crash");
    let (found, heard) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert!(found.is_ok(), "{found:?}");
    assert!(heard.contains(&"found expand-1".to_owned()), "{heard:?}");
}

#[test]
fn a_backfill_fills_every_row_once() {
    let database = database(
        "create table t (id int, b text) partition by range (id);
         create table t1 partition of t for values from (0) to (30000);
         create table t2 partition of t for values from (30000) to (100000);
         insert into t select g, null from generate_series(1, 60000) g;
         update t set b = 'kept' where id % 10 = 0",
    );
    let folder = folder(&[backfill("backfill-1")]);
    let (done, heard) = apply(&database, &folder, &options(&Phase::ALL));
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(heard, ["done backfill-1 54000"]);
    let counts = database
        .sql("select count(*) filter (where b = 'kept'), count(*) filter (where b = 'x%' || id), count(*) from t");
    assert_eq!(counts.map(|text| text.trim().to_owned()), Ok("6000|54000|60000".into()));
}

#[test]
fn scripts_run_with_plain_psql() {
    let database =
        database("create table t (id int, b text); insert into t select g, null from generate_series(1, 30000) g");
    let folder = folder(&[
        sql(
            "expand-1",
            Phase::Expand,
            Class::Instant,
            "alter table public.t add c int",
        ),
        concurrent("expand-2", "t_id", false),
        backfill("backfill-1"),
    ]);
    let place = tempfile::tempdir().expect("a folder");
    folder.write(place.path()).expect("the plan");
    for phase in Phase::ALL {
        let file = place.path().join(pgphase::render::script::file_name(phase));
        database
            .script(&file)
            .unwrap_or_else(|error| panic!("{phase}: {error}"));
    }
    let left = database.sql("select count(*) from t where b is distinct from 'x%' || id");
    assert_eq!(left.map(|text| text.trim().to_owned()), Ok("0".into()));
}

/// A session of somebody else that does something slow.
struct Blocker(std::thread::JoinHandle<()>);

impl Blocker {
    fn start(database: &Database, statements: &str) -> Self {
        let (name, statements) = (database.name().to_owned(), statements.to_owned());
        let (sender, receiver) = std::sync::mpsc::channel();
        let handle = std::thread::spawn(move || {
            let _ = sender.send(());
            let _ = crate::support::database::sql(&name, &statements);
        });
        let _ = receiver.recv();
        std::thread::sleep(Duration::from_millis(500));
        Self(handle)
    }

    fn end(self) {
        let _ = self.0.join();
    }
}
