//! The server refuses in the middle, such as for want of room, and what pgphase itself writes may be refused too.

use pgphase::apply::ApplyError;
use pgphase::plan::{Class, Phase};

use super::folder::{Made, backfill, folder, sql};
use super::{apply, database, options};

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
