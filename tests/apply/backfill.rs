//! Backfills: every row once, whatever happens to the table meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use pgphase::apply::{Options, backfill::Settings};
use pgphase::cluster::Cluster;
use pgphase::plan::Phase;

use super::folder::{backfill, folder};
use super::lag::psql;
use super::{apply, apply_at, database, options, target_of};
use crate::support::database::{Database, sql};

pub(super) const ROWS: &str = "create table t (id int, b text);
    insert into t select g, null from generate_series(1, 60000) g";

/// Batches short and workers idle half of the time, so that there is time for something to happen.
pub(super) fn slow(jobs: u16) -> Options {
    Options {
        backfill: Settings {
            jobs,
            batch_time: 0.01,
            duty: 0.3,
            ..Settings::default()
        },
        ..options(&Phase::ALL)
    }
}

/// Somebody who does the same again and again.
struct Meanwhile {
    ended: Arc<AtomicBool>,
    thread: JoinHandle<u32>,
}

impl Meanwhile {
    fn start(database: &Database, statement: &str, pause: Duration) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let (name, statement, told) = (database.name().to_owned(), statement.to_owned(), ended.clone());
        let thread = std::thread::spawn(move || {
            let mut times = 0;
            while !told.load(Ordering::Relaxed) {
                times += u32::from(sql(&name, &statement).is_ok());
                std::thread::sleep(pause);
            }
            times
        });
        Self { ended, thread }
    }

    /// How often it was done.
    fn end(self) -> u32 {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.join().expect("it ends")
    }
}

pub(super) fn ask(database: &Database, query: &str) -> String {
    database.sql(query).expect("an answer").trim().to_owned()
}

#[test]
fn rows_moved_by_vacuum_full_are_found_again() {
    moved_by("vacuum full t");
}

#[test]
fn rows_moved_by_cluster_are_found_again() {
    moved_by("cluster t using backwards");
}

/// In the middle of the table a batch waits until the statement that moves the rows is the next in the queue.
fn moved_by(statement: &str) {
    let database = database(&format!(
        "{ROWS}; create index backwards on t (id desc);
         create function wait() returns trigger language plpgsql as $$ begin
             perform pg_advisory_xact_lock(20000);
             for attempt in 1 .. 1000 loop
                 exit when exists (select from pg_locks where relation = tg_relid
                                    and mode = 'AccessExclusiveLock' and not granted);
                 perform pg_sleep(0.02);
             end loop;
             return new;
         end $$;
         create trigger wait before update on t for each row when (old.id = 20000) execute function wait()"
    ));
    let file = "select pg_relation_filenode('t')";
    let before = ask(&database, file);
    let mut patient = slow(2);
    patient.patience.budget = Duration::from_secs(60);
    let (done, heard) = std::thread::scope(|scope| {
        scope.spawn(|| {
            // Another test may hold one of the same number in its database.
            let waits = "select exists (select from pg_locks l join pg_database d on d.oid = l.database
                                         where locktype = 'advisory' and objid = 20000 and datname = current_database())";
            let waited = (0..500).any(|_| {
                std::thread::sleep(Duration::from_millis(20));
                ask(&database, waits) == "t"
            });
            if waited {
                database.sql(statement).expect("the rows are moved");
            }
        });
        apply(&database, &folder(&[backfill("backfill-1")]), &patient)
    });
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert_ne!(ask(&database, file), before);
    assert!(heard.iter().any(|line| line.contains("have moved")), "{heard:?}");
    assert_eq!(
        ask(&database, "select count(*) from t where b is distinct from 'x%' || id"),
        "0"
    );
    // Each row was written once: what a batch wrote is counted in its transaction.
    assert_eq!(ask(&database, "select rows from pgphase.step"), "60000");
    assert_eq!(ask(&database, "select count(*) from pgphase.range"), "0");
}

#[test]
fn triggers_find_the_names_that_they_find_for_the_application() {
    let database = database(&format!(
        "{ROWS}; create table seen (id int);
         create function see() returns trigger language plpgsql as
             $$ begin insert into seen values (new.id); return new; end $$;
         create trigger see before update on t for each row when (old.id = 7) execute function see()"
    ));
    let (done, heard) = apply(&database, &folder(&[backfill("backfill-1")]), &options(&Phase::ALL));
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert_eq!(ask(&database, "select * from seen"), "7");
}

#[test]
fn rows_that_the_application_moves_behind_the_sweep_are_filled() {
    let database = database(ROWS);
    // No trigger fills the column: the new version of a row may lie on a page that is done.
    let meanwhile = Meanwhile::start(
        &database,
        "update t set id = id where id > 59000 and b is null and id % 7 = (random() * 7)::int",
        Duration::ZERO,
    );
    let (done, heard) = apply(&database, &folder(&[backfill("backfill-1")]), &slow(1));
    assert!(meanwhile.end() > 0);
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert_eq!(ask(&database, "select count(*) from t where b is null"), "0");
}

#[test]
fn workers_share_tables_of_all_sizes_without_keys() {
    let database = database(
        "create table t (id int, b text) partition by list (id);
         create table t1 partition of t for values in (1);
         create table t2 partition of t for values in (2);
         create table t3 partition of t for values in (3) partition by hash (b);
         create table t31 partition of t3 for values with (modulus 1, remainder 0);
         create table \"T 4\" partition of t default;
         insert into t select 1, null from generate_series(1, 90000);
         insert into t select 2, null;
         insert into t select 3, null from generate_series(1, 500);
         insert into t select 9, repeat('kept', 10) from generate_series(1, 5000)",
    );
    let kept = ask(
        &database,
        "select md5(string_agg(xmin::text || ctid, ',')) from t where id = 9",
    );
    let mut three = options(&Phase::ALL);
    three.backfill.jobs = 3;
    three.backfill.batch_time = 0.05;
    let (done, heard) = apply(&database, &folder(&[backfill("backfill-1")]), &three);
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert_eq!(heard, ["done backfill-1 90501"]);
    assert_eq!(ask(&database, "select count(*) from t where b = 'x%' || id"), "90501");
    // What is right already is not written again.
    let same = ask(
        &database,
        "select md5(string_agg(xmin::text || ctid, ',')) from t where id = 9",
    );
    assert_eq!(same, kept);
}

#[test]
fn most_versions_stay_on_their_page() {
    // A server of its own: what transactions of other databases may still see is not used again.
    let cluster = Cluster::start().expect("a server");
    psql(
        &cluster,
        "create table t (id int primary key, a int, note text, b text) with (autovacuum_enabled = off);
         insert into t select g, g, repeat('x', 80) from generate_series(1, 60000) g; create index on t (a);
         create table u (like t including all) with (autovacuum_enabled = off); insert into u select * from t",
    );
    let grown = |table: &str, update: &dyn Fn()| -> i64 {
        let size = format!("select pg_indexes_size('{table}')");
        let number = || psql(&cluster, &size).parse::<i64>().expect("a size");
        let before = number();
        update();
        number() - before
    };
    let at_once = grown("u", &|| {
        psql(&cluster, "update u set b = 'x%' || id");
    });
    let swept = grown("t", &|| {
        let target = target_of(&cluster.conninfo("postgres"));
        let (done, _) = apply_at(&target, &folder(&[backfill("backfill-1")]), &options(&Phase::ALL));
        assert!(done.is_ok(), "{done:?}");
    });
    // A version that leaves its page needs a new entry in every index.
    assert!(swept * 4 < at_once * 3, "{swept} {at_once}");
}

#[test]
fn it_rests_while_the_query_of_the_user_says_so() {
    let database = database(ROWS);
    ask(
        &database,
        "create table busy (yes bool); insert into busy values (true)",
    );
    let mut careful = options(&Phase::ALL);
    careful.backfill.pause_when = Some("select yes from busy;".into());
    let name = database.name().to_owned();
    let relief = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(2));
        let filled = sql(&name, "select count(b) from t").expect("an answer");
        sql(&name, "update busy set yes = false").expect("the relief");
        filled.trim().to_owned()
    });
    let (done, heard) = apply(&database, &folder(&[backfill("backfill-1")]), &careful);
    assert_eq!(relief.join().expect("it ends"), "0");
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(
        heard[0].starts_with("rests backfill-1: the query of pause_when"),
        "{heard:?}"
    );
    assert_eq!(ask(&database, "select count(*) from t where b is null"), "0");
    careful.backfill.pause_when = Some("select from nowhere".into());
    ask(&database, "drop schema pgphase cascade; update t set b = null");
    let (refused, _) = apply(&database, &folder(&[backfill("backfill-1")]), &careful);
    let error = refused.expect_err("no such table");
    assert!(error.to_string().contains("pause_when failed"), "{error}");
}

/// A batch that takes its time waits until it is seen to be waited for.
#[test]
fn who_waits_for_rows_of_a_batch_is_spared() {
    let database = database(&format!(
        "{ROWS};
         create function wait() returns trigger language plpgsql as $$ begin
             perform pg_advisory_xact_lock(30000);
             for attempt in 1 .. 1000 loop
                 exit when exists (select from pg_locks where relation = tg_relid and mode = 'ShareLock' and not granted);
                 perform pg_sleep(0.02);
             end loop;
             perform pg_sleep(1);
             return new;
         end $$;
         create trigger wait before update on t for each row when (old.id = 30000) execute function wait()"
    ));
    let (done, heard) = std::thread::scope(|scope| {
        scope.spawn(|| {
            let waits = "select exists (select from pg_locks where locktype = 'advisory' and objid = 30000)";
            let there = (0..500).any(|_| {
                std::thread::sleep(Duration::from_millis(20));
                ask(&database, waits) == "t"
            });
            if there {
                ask(&database, "begin; lock table t in share mode; commit");
            }
        });
        apply(&database, &folder(&[backfill("backfill-1")]), &slow(1))
    });
    assert!(done.is_ok(), "{done:?} {heard:?}");
    let told = "notice step backfill-1: sessions wait for rows of a batch; batches get shorter";
    assert!(heard.iter().any(|line| line == told), "{heard:?}");
    assert_eq!(ask(&database, "select count(*) from t where b is null"), "0");
}

#[test]
fn a_row_that_is_locked_is_waited_for() {
    let database = database(ROWS);
    let blocker = super::Blocker::start(
        &database,
        "begin; update t set id = id where id = 30000; select pg_sleep(3); commit",
    );
    let mut patient = options(&Phase::ALL);
    patient.patience.budget = Duration::from_secs(30);
    let (done, heard) = apply(&database, &folder(&[backfill("backfill-1")]), &patient);
    blocker.end();
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(
        heard.iter().any(|line| line.starts_with("blocked backfill-1: pid ")),
        "{heard:?}"
    );
    assert_eq!(ask(&database, "select count(*) from t where b is null"), "0");
}

/// Tables of another access method have no pages to go by: their keys serve, in the transaction of each batch.
#[test]
fn other_access_methods_are_filled_by_key() {
    let database = database(
        "create access method other type table handler heap_tableam_handler;
         create table t (id int not null, part text not null, b text, writes int not null default 0, primary key (part, id)) using other;
         create table stop (id int);
         create function tally() returns trigger language plpgsql as $$ begin
             if exists (select from stop where stop.id = new.id) then raise exception 'stopped'; end if;
             new.writes := old.writes + 1; return new; end $$;
         insert into t (id, part) select g, case when g % 2 = 0 then 'it''s' else 'B' end from generate_series(1, 30000) g;
         insert into stop values (29000);
         create trigger count before update on t for each row execute function tally()",
    );
    let plan = folder(&[backfill("backfill-1")]);
    let (stopped, heard) = apply(&database, &plan, &slow(2));
    assert!(stopped.is_err(), "{stopped:?} {heard:?}");
    let filled: u32 = ask(&database, "select count(b) from t").parse().expect("a number");
    assert!((1000..30000).contains(&filled), "{filled}");
    let key = "select key::jsonb ->> 0 = 'it''s' and rows = (select count(b) from t) from pgphase.range";
    assert_eq!(ask(&database, key), "t");
    ask(&database, "delete from stop");
    let (done, heard) = apply(&database, &plan, &slow(2));
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert_eq!(
        ask(&database, "select count(b), count(*) filter (where writes <> 1) from t"),
        "30000|0"
    );
    assert_eq!(ask(&database, "select rows from pgphase.step"), "30000");
    let batches = "select count(distinct xmin::text) > 20 from t";
    assert_eq!(ask(&database, batches), "t");
}

/// Of ten parts of the time it works in one.
#[test]
fn a_worker_rests_for_the_share_that_it_is_told() {
    let database = database(
        "create table t (id int, b text); insert into t select g, null from generate_series(1, 100) g;
         create function wait() returns trigger language plpgsql as $$ begin perform pg_sleep(0.2); return new; end $$;
         create trigger wait before update on t for each row when (old.id = 50) execute function wait()",
    );
    let mut rare = options(&Phase::ALL);
    rare.backfill.duty = 0.1;
    let started = std::time::Instant::now();
    let (done, heard) = apply(&database, &folder(&[backfill("backfill-1")]), &rare);
    assert!(done.is_ok(), "{done:?} {heard:?}");
    assert!(started.elapsed() > Duration::from_secs(2), "{:?}", started.elapsed());
}

/// Nobody here knows a page or a key of a foreign table: it is filled by one statement, and that is told.
#[test]
fn foreign_partitions_are_filled_in_one_statement() {
    let there =
        database("create table far (id int, b text); insert into far select g, null from generate_series(1, 3000) g");
    let host = crate::support::database::cluster().directory().display().to_string();
    let database = Database::new();
    if let Err(error) = database.sql("create extension postgres_fdw") {
        eprintln!("skipped: this server has no postgres_fdw: {error}");
        return;
    }
    let setup = format!(
        "create server far foreign data wrapper postgres_fdw options (host '{host}', dbname '{}');
         create user mapping for postgres server far options (user 'postgres');
         create table t (id int, b text) partition by range (id);
         create foreign table t_far partition of t for values from (0) to (10000) server far options (table_name 'far');
         create table t_near partition of t for values from (10000) to (20000);
         insert into t select g, null from generate_series(10000, 12000) g",
        there.name()
    );
    database.sql(&setup).expect("the setup");
    let (done, heard) = apply(&database, &folder(&[backfill("backfill-1")]), &slow(2));
    assert!(done.is_ok(), "{done:?} {heard:?}");
    let told =
        "notice step backfill-1: public.t_far is filled in one statement, as there are no pages and no key to go by";
    assert!(heard.iter().any(|line| line == told), "{heard:?}");
    assert_eq!(
        ask(
            &database,
            "select count(*), count(*) filter (where b <> 'x%' || id) from t where b is not null"
        ),
        "5001|0"
    );
    assert_eq!(ask(&there, "select count(distinct xmin::text) from far"), "1");
    assert_eq!(ask(&database, "select rows from pgphase.step"), "5001");
}
