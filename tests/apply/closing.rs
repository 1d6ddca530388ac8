//! Maintenance windows that end while a run is at work.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use pgphase::apply::{ApplyError, Options, Outcome};
use pgphase::plan::file::PlanFolder;
use pgphase::plan::{Class, Phase};

use super::backfill::{ROWS, ask, slow};
use super::folder::{backfill, concurrent, folder, sql};
use super::{Blocker, apply, database};
use crate::support::database::Database;

/// A window that ends so many seconds from now, when the clocks of its place strike noon.
fn closing_in(seconds: i64) -> (Options, Timestamp) {
    let end = Timestamp::now() + SignedDuration::from_secs(seconds);
    let of_day = i32::try_from(end.as_second().rem_euclid(86_400)).expect("seconds of a day");
    let options = Options {
        windows: vec!["daily 00:00-12:00".parse().expect("a window")],
        zone: TimeZone::fixed(Offset::from_seconds(43_200 - of_day).expect("an offset")),
        ..slow(2)
    };
    (options, Timestamp::from_second(end.as_second()).expect("a time"))
}

/// Runs until a window ends whose end `prepare` hears of. On a slow machine it may be over before the run has done anything (`begun`); then
/// the next one is longer.
fn until_the_end(
    database: &Database,
    folder: &PlanFolder,
    prepare: impl Fn(Timestamp),
    begun: &str,
) -> Result<Outcome, ApplyError> {
    let mut windows = [2, 4, 8, 16, 32].into_iter().map(|seconds| {
        let (options, end) = closing_in(seconds);
        prepare(end);
        apply(database, folder, &options).0
    });
    let ended = windows.find(|_| ask(database, begun) == "t");
    ended.expect("it begins within a window")
}

fn refused(ended: Result<Outcome, ApplyError>, step: &str) {
    let error = ended.expect_err("the window has ended");
    assert_eq!((error.exit_code(), error.step()), (75, Some(step)), "{error}");
    let told = format!("the maintenance window ended at step {step}; the next one begins at ");
    assert!(error.to_string().starts_with(&told), "{error}");
}

#[test]
fn a_backfill_ends_at_a_batch_and_goes_on_in_the_next_window() {
    let database = database(&format!(
        "{ROWS};
         create table closes (at timestamptz);
         create function wait() returns trigger language plpgsql as $$ begin
             perform pg_sleep(extract(epoch from (select at from closes) - clock_timestamp()) + 0.2);
             return new;
         end $$;
         create trigger wait before update on t for each row when (old.id = 2) execute function wait()"
    ));
    let folder = folder(&[backfill("backfill-1")]);
    let written = "select count(*) from t where b is not null";
    let ended = until_the_end(
        &database,
        &folder,
        |end| {
            ask(
                &database,
                &format!("truncate closes; insert into closes values ('{end}')"),
            );
        },
        &format!("select ({written}) > 0"),
    );
    refused(ended, "backfill-1");
    let before = ask(&database, written);
    assert_ne!(before, "60000");
    assert_eq!(ask(&database, "select sum(rows) from pgphase.range"), before);

    ask(&database, "truncate closes");
    let (done, heard) = apply(&database, &folder, &slow(2));
    assert!(done.is_ok(), "{done:?} {heard:?}");
    // What both runs wrote is the sum.
    assert_eq!(ask(&database, "select rows, status from pgphase.step"), "60000|done");
    assert_eq!(
        ask(&database, "select count(*) from t where b is distinct from 'x%' || id"),
        "0"
    );
}

#[test]
fn a_step_that_waits_for_a_lock_is_not_tried_after_the_end() {
    let database = database("create table t (a int)");
    let folder = folder(&[sql(
        "expand-1",
        Phase::Expand,
        Class::Instant,
        "alter table public.t add b int",
    )]);
    let blocker = std::cell::RefCell::new(None);
    let ended = until_the_end(
        &database,
        &folder,
        |end| {
            let time = end.duration_since(Timestamp::now()) + SignedDuration::from_secs(4);
            blocker.replace(Some(Blocker::start(
                &database,
                &format!("begin; lock table t; select pg_sleep({})", time.as_secs_f64()),
            )));
        },
        "select to_regclass('pgphase.plan') is not null",
    );
    refused(ended, "expand-1");
    blocker.take().expect("somebody who holds the lock").end();
    let (done, heard) = apply(&database, &folder, &slow(1));
    assert!(done.is_ok(), "{done:?} {heard:?}");
}

/// A build outside a transaction waits without a limit of its own. Somebody cancels it, and only after the window.
#[test]
fn a_concurrent_build_is_not_begun_anew_after_the_end() {
    let database = database("create table t (id int, a int)");
    let folder = folder(&[concurrent("expand-1", "t_id", false)]);
    let blocker = std::cell::RefCell::new(None);
    let cancel = "select pg_cancel_backend(pid) from pg_stat_activity where query like 'create index%' and pid <> pg_backend_pid()";
    let ended = until_the_end(
        &database,
        &folder,
        |end| {
            let time = end.duration_since(Timestamp::now()).as_secs_f64() + 0.5;
            let statements = format!("begin; lock table t; select pg_sleep({time}); {cancel}; select pg_sleep(3)");
            blocker.replace(Some(Blocker::start(&database, &statements)));
        },
        "select to_regclass('pgphase.plan') is not null",
    );
    refused(ended, "expand-1");
    blocker.take().expect("somebody who holds the lock").end();
    let (done, heard) = apply(&database, &folder, &slow(1));
    assert!(done.is_ok(), "{done:?} {heard:?}");
}
