//! The server refuses in the middle, such as for want of room, and what pgphase itself writes may be refused too.

use std::cell::Cell;
use std::time::Duration;

use pgphase::apply::progress::Silent;
use pgphase::apply::{ApplyError, Live, Stop, run};
use pgphase::introspect::IntrospectError;
use pgphase::object::namespace::Namespace;
use pgphase::plan::{Class, Phase};
use pgphase::schema::Schema;

use super::folder::{Made, backfill, concurrent, folder, sql};
use super::{Blocker, apply, apply_seeing, database, options, target};

/// From now on the journal cannot take down how the schema looks.
const FULL: &str = "create function full_disk() returns trigger language plpgsql as
        $$ begin raise 'could not extend file' using errcode = 'disk_full'; end $$;
    create trigger full_disk before update of state_steps on pgphase.plan for each row execute function full_disk()";

fn alter(phase: Phase, what: &str) -> Made {
    sql(
        &format!("{phase}-1"),
        phase,
        Class::Instant,
        &format!("alter table public.t {what}"),
    )
}

#[test]
fn a_step_that_ran_before_the_journal_was_full_does_not_run_again() {
    let database = database("create table t (a int)");
    let folder = folder(&[alter(Phase::Expand, "add b int"), alter(Phase::Contract, "drop a")]);
    let (expand, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert!(expand.is_ok(), "{expand:?}");
    database.sql(FULL).expect("a trigger");
    let (failed, _) = apply(&database, &folder, &options(&[Phase::Contract]));
    let error = failed.expect_err("it cannot be written down");
    assert_eq!(error.exit_code(), 5, "{error}");
    assert!(error.to_string().contains("could not extend file (53100)"), "{error}");
    let hint = error.hint().expect("what to do");
    assert!(hint.contains("make room, then run this again to go on"), "{hint}");
    database.sql("drop function full_disk() cascade").expect("room");
    let (again, _) = apply(&database, &folder, &options(&[Phase::Contract]));
    assert_eq!(again.expect("it is done").done, 0);
}

#[test]
fn what_stopped_a_run_is_told_though_the_journal_is_full_then() {
    let database = database("create table t (a int)");
    let folder = folder(&[
        alter(Phase::Expand, "add b int"),
        alter(Phase::Validate, "add c int"),
        alter(Phase::Contract, "drop nothing"),
    ]);
    let (expand, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert!(expand.is_ok(), "{expand:?}");
    database.sql(FULL).expect("a trigger");
    let (failed, _) = apply(&database, &folder, &options(&[Phase::Validate, Phase::Contract]));
    let error = failed.expect_err("there is no such column");
    assert_eq!(error.step(), Some("contract-1"), "{error}");
    assert_eq!(error.exit_code(), 5, "{error}");
}

#[test]
fn a_backfill_that_is_refused_after_its_first_batch_is_part_way() {
    let database = database(
        "create table t (id int, b text); insert into t select g, null from generate_series(1, 60000) g;
        create function refuse() returns trigger language plpgsql as
            $$ begin if exists (select from pgphase.range where rows > 0) then raise 'no more'; end if; return new; end $$;
        create trigger refuse before update on t for each row execute function refuse()",
    );
    let folder = folder(&[backfill("backfill-1")]);
    for _ in 0..2 {
        let (failed, _) = apply(&database, &folder, &options(&Phase::ALL));
        assert!(
            matches!(failed, Err(ApplyError::Step { part_way: true, .. })),
            "{failed:?}"
        );
    }
    database.sql("drop function refuse() cascade").expect("no trigger");
    let (done, _) = apply(&database, &folder, &options(&Phase::ALL));
    assert!(done.is_ok(), "{done:?}");
    let left = database
        .sql("select count(*) from t where b is null")
        .expect("a number");
    assert_eq!(left.trim(), "0");
}

#[test]
fn a_schema_that_cannot_be_read_at_the_end_is_told_and_the_next_run_goes_on() {
    let database = database("create table t (a int)");
    let folder = folder(&[alter(Phase::Expand, "add b int")]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let looks = Cell::new(0);
    let ended = runtime.expect("a runtime").block_on(run(
        &target(&database),
        &folder,
        &options(&[Phase::Expand]),
        &Silent,
        &Stop::never(),
        async |_: &tokio_postgres::Client| {
            looks.set(looks.get() + 1);
            let locked = IntrospectError::Locked {
                waited: Duration::from_secs(1),
                blockers: vec![],
            };
            if looks.get() == 1 {
                Ok(Live::from(Schema::new()))
            } else {
                Err(locked)
            }
        },
    ));
    let error = ended.expect_err("the state is not kept");
    assert_eq!(error.exit_code(), 75, "{error}");
    assert!(error.to_string().contains("a table is locked"), "{error}");
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("run this again to go on")),
        "{error}"
    );
    let (again, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert_eq!(again.map(|outcome| (outcome.done, outcome.left)).ok(), Some((0, 0)));
}

#[test]
fn a_state_that_cannot_be_understood_is_no_empty_schema() {
    let database = database("create table t (a int)");
    let folder = folder(&[alter(Phase::Expand, "add b int"), alter(Phase::Contract, "drop a")]);
    let (expand, _) = apply(&database, &folder, &options(&[Phase::Expand]));
    assert!(expand.is_ok(), "{expand:?}");
    database
        .sql("update pgphase.plan set state_objects = '{', state_fingerprint = 'none'")
        .expect("somebody who writes to the journal");
    let mut other = Schema::new();
    other.put(Namespace { name: "app".into() });
    let (refused, _) = apply_seeing(&database, &folder, &options(&[Phase::Contract]), &other);
    let error = refused.expect_err("the journal is broken");
    assert!(matches!(error, ApplyError::Journal(_)), "{error}");
    assert!(error.to_string().contains("state_objects"), "{error}");
    assert!(
        error.hint().is_some_and(|hint| hint.contains("pgphase abandon --keep")),
        "{error}"
    );
}

#[test]
fn a_concurrent_build_that_gives_up_is_written_down() {
    let database = database("create table t (id int, a int)");
    let folder = folder(&[concurrent("expand-1", "t_id", false)]);
    let cancel = "select pg_cancel_backend(pid) from pg_stat_activity where query like 'create index%' and pid <> pg_backend_pid()";
    let blocker = Blocker::start(
        &database,
        &format!("begin; lock table t; select pg_sleep(2.5); {cancel}; select pg_sleep(1)"),
    );
    let mut hasty = options(&[Phase::Expand]);
    hasty.patience.budget = Duration::from_millis(500);
    let (gave_up, _) = apply(&database, &folder, &hasty);
    blocker.end();
    assert!(matches!(gave_up, Err(ApplyError::GaveUp { .. })), "{gave_up:?}");
    let events = database.sql("select step, detail from pgphase.event where kind = 'gave-up'");
    assert_eq!(
        events.expect("the events").trim(),
        "expand-1|canceling statement due to user request (57014)"
    );
}
