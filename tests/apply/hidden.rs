//! Transactions that a role may see in part only: of other roles without `pg_read_all_stats`, and prepared ones, which have no session.

use std::process::Command;
use std::time::{Duration, Instant};

use pgphase::apply::{ApplyError, Outcome};
use pgphase::cluster::{Cluster, find_binaries};
use pgphase::conn::Target;
use pgphase::name::QualifiedName;
use pgphase::plan::file::PlanFolder;
use pgphase::plan::{Class, LockMode, Phase};

use super::folder::{concurrent, folder, sql};
use super::lag::psql;
use super::{Blocker, apply_at, database, options, target_of};
use crate::support::database::{self, Database, cluster};

/// A role that owns table `t` and may not see what others do.
const ROLE: &str = "sees_little";

fn scene() -> (Database, Target) {
    // Another worker may be creating it too.
    let _ = database::sql("postgres", &format!("create role {ROLE} login"));
    let database = database(&format!(
        "create table t (id int, a int); alter table t owner to {ROLE};
         grant create on schema public to {ROLE}"
    ));
    let grant = format!("grant create on database {} to {ROLE}", database.name());
    database.sql(&grant).expect("a right");
    let connection = cluster()
        .conninfo(database.name())
        .replace("user=postgres", &format!("user={ROLE}"));
    (database, target_of(&connection))
}

fn strong() -> PlanFolder {
    let mut step = sql(
        "expand-1",
        Phase::Expand,
        Class::Instant,
        "alter table public.t add b int",
    );
    let facts = &mut step.0.facts;
    facts.lock(&QualifiedName::new("public", "t"), LockMode::AccessExclusive);
    folder(&[step])
}

fn patiently(target: &Target, folder: &PlanFolder) -> (Result<Outcome, ApplyError>, Vec<String>) {
    let mut patient = options(&[Phase::Expand]);
    patient.patience.budget = Duration::from_secs(30);
    apply_at(target, folder, &patient)
}

/// It waited outside of the queue: nobody was stalled behind it, and no attempt was in vain.
fn waited_outside(heard: &[String], whom: &str) {
    let gated = format!("gated expand-1: {whom}");
    assert!(heard.iter().any(|line| line.starts_with(&gated)), "{heard:?}");
    let queued = |line: &&String| line.starts_with("blocked") || line.starts_with("retry");
    assert_eq!(heard.iter().find(queued), None, "{heard:?}");
}

#[test]
fn a_transaction_whose_age_is_hidden_is_waited_for_outside_of_the_queue() {
    let (database, target) = scene();
    let blocker = Blocker::start(&database, "begin; select * from t; select pg_sleep(4); commit");
    let (done, heard) = patiently(&target, &strong());
    assert!(done.is_ok(), "{done:?} {heard:?}");
    waited_outside(&heard, "pid ");
    let told = heard.iter().filter(|line| line.contains("pg_read_all_stats"));
    assert_eq!(told.count(), 1, "{heard:?}");
    blocker.end();
}

/// Transactions whose age is hidden, each short and one always there, keep nobody waiting.
#[test]
fn short_transactions_whose_age_is_hidden_are_not_waited_for() {
    let (database, target) = scene();
    database
        .sql(&format!(
            "create procedure busy() language plpgsql as $$ begin
                 for i in 1 .. 400 loop perform from t; perform pg_sleep(0.008); commit; end loop; end $$;
             grant select on t to {ROLE}"
        ))
        .expect("a procedure");
    let busy: Vec<Blocker> = (0..2).map(|_| Blocker::start(&database, "call busy()")).collect();
    let started = Instant::now();
    let (done, heard) = patiently(&target, &strong());
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(started.elapsed() < Duration::from_secs(3), "{heard:?}");
    assert!(!heard.iter().any(|line| line.starts_with("gated")), "{heard:?}");
    busy.into_iter().for_each(Blocker::end);
}

#[test]
fn who_sees_everything_is_told_nothing_about_it() {
    let (database, _) = scene();
    let (done, heard) = patiently(&target_of(&database.conninfo()), &strong());
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(heard, ["done expand-1 -1"]);
}

#[test]
fn a_hidden_transaction_that_stalls_a_build_is_named_before_it_begins() {
    let (database, target) = scene();
    let old = Blocker::start(
        &database,
        "begin isolation level repeatable read; select 1; select pg_sleep(9); commit",
    );
    let folder = folder(&[concurrent("expand-1", "t_id", false)]);
    let (done, heard) = patiently(&target, &folder);
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(
        heard.iter().any(|line| line.starts_with("outwaits expand-1: pid ")),
        "{heard:?}"
    );
    old.end();
}

#[test]
fn a_prepared_transaction_is_waited_for_outside_of_the_queue() {
    let bin = find_binaries().expect("server programs");
    let cluster = Cluster::start_with(&bin, &["max_prepared_transactions=2"]).expect("a cluster");
    psql(&cluster, "create table t (a int)");
    let prepare = ["begin", "insert into t values (1)", "prepare transaction 'forgotten'"];
    let mut command = Command::new(cluster.program("psql"));
    command.args(["-Xq", "-d", &cluster.conninfo("postgres")]);
    let prepared = command.args(prepare.iter().flat_map(|text| ["-c", text])).output();
    assert!(prepared.expect("psql").status.success());
    let (done, heard) = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(4));
            psql(&cluster, "rollback prepared 'forgotten'");
        });
        patiently(&target_of(&cluster.conninfo("postgres")), &strong())
    });
    assert!(done.is_ok(), "{done:?} {heard:?}");
    waited_outside(&heard, "a prepared transaction ('forgotten' of postgres");
}
