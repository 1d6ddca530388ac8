//! A table that is partitioned through a shadow: what transactions do that are open while rows are copied.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::{Client, NoTls};

use crate::support::database::Database;
use crate::support::pgphase::{self, DIFFERENCE, NOTHING};

const BEFORE: &str = "create table t (id int primary key, d int not null, v text);";
const AFTER: &str = "create table t (id int, d int not null, v text, primary key (id, d)) partition by list (d);
    create table t_1 partition of t for values in (1);
    create table t_2 partition of t for values in (2);";

/// A database in which expand has run.
fn expanded() -> (Database, tempfile::TempDir, PathBuf) {
    let rows = "insert into t select n, 1, 'a' from generate_series(1, 100) n";
    let (database, folder, out) = planned(&format!("{BEFORE} {rows}"), AFTER);
    apply(&database, &out, "expand");
    (database, folder, out)
}

/// A database with rows, and a plan for it.
fn planned(before: &str, after: &str) -> (Database, tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let (to, out) = (folder.path().join("after.sql"), folder.path().join("plan"));
    fs::write(&to, after).expect("the desired file");
    let database = Database::new();
    database.sql(before).expect("the schema before");
    let planned = pgphase::plan(&database, &to, &out);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());
    (database, folder, out)
}

fn apply(database: &Database, out: &std::path::Path, phase: &str) {
    let applied = pgphase::apply(database, out, phase);
    assert_eq!(applied.code(), Some(NOTHING), "apply {phase}: {}", applied.said());
}

/// A session of its own, driven only while it is asked.
pub(crate) struct Session {
    runtime: tokio::runtime::Runtime,
    client: Client,
}

impl Session {
    pub(crate) fn open(database: &Database) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let client = runtime.block_on(async {
            let connected = tokio_postgres::connect(&database.conninfo(), NoTls).await;
            let (client, connection) = connected.expect("a connection");
            tokio::spawn(connection);
            client
        });
        Self { runtime, client }
    }

    pub(crate) fn run(&self, statements: &str) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(self.client.batch_execute(statements))
    }
}

/// The copy waits for the row, and then takes it as it has become.
#[test]
fn a_key_that_is_being_changed_is_not_copied_twice() {
    let (database, _folder, out) = expanded();
    let session = Session::open(&database);
    session
        .run("begin; update t set d = 2 where id = 7")
        .expect("an open transaction");
    let committed = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        session.run("commit")
    });
    apply(&database, &out, "backfill");
    committed.join().expect("it ends").expect("it commits");
    apply(&database, &out, "validate");
    apply(&database, &out, "contract");
    assert_eq!(
        database.sql("select count(*), sum(d) from t").expect("rows").trim(),
        "100|101"
    );
}

/// A snapshot that does not see the copies must not leave one behind.
#[test]
fn what_an_old_snapshot_deletes_does_not_come_back() {
    let (database, _folder, out) = expanded();
    let session = Session::open(&database);
    session
        .run("begin isolation level repeatable read; select from t")
        .expect("an open transaction");
    apply(&database, &out, "backfill");
    for statement in ["delete from t where id = 7", "update t set d = 2 where id = 7"] {
        session.run("savepoint s").expect("a savepoint");
        let refused = session.run(statement).expect_err("its copy is not seen");
        let code = refused.code().map(|code| code.code().to_owned());
        assert_eq!(code.as_deref(), Some("40001"), "{statement}: {refused}");
        session.run("rollback to s").expect("back");
    }
    session.run("rollback").expect("it ends");
    session
        .run("begin isolation level repeatable read; delete from t where id = 7; commit")
        .expect("a new snapshot sees them");
    session
        .run("truncate t; insert into t values (1, 2, 'new')")
        .expect("a row");
    apply(&database, &out, "validate");
    apply(&database, &out, "contract");
    assert_eq!(database.sql("select * from t").expect("rows").trim(), "1|2|new");
}

/// A row that no partition takes is written all the same, and told before contract; nothing of it is lost.
#[test]
fn a_row_without_a_partition_is_told_and_kept() {
    let (database, _folder, out) = expanded();
    database
        .sql("insert into t values (1000, 9, 'no partition')")
        .expect("it is written");
    apply(&database, &out, "backfill");
    let refused = pgphase::apply(&database, &out, "validate");
    assert!(
        refused.said().contains("no other partition to go to"),
        "{}",
        refused.said()
    );
    database.sql("update t set d = 2 where id = 1000").expect("it gets one");
    apply(&database, &out, "validate");
    apply(&database, &out, "contract");
    assert_eq!(database.sql("select count(*) from t_2").expect("rows").trim(), "1");
}

/// Without a shadow the table goes with its rows, which is approved; but not while rows of another table refer to them.
#[test]
fn rows_that_refer_to_a_table_that_goes_are_told_before() {
    let (database, _folder, out) = planned(
        "create table t (id int primary key); create table y (id int primary key, t int references t);
         insert into t values (1); insert into y values (1, 1)",
        "create table t (id int primary key, more int) partition by range (id);
         create table t_1 partition of t for values from (0) to (1000);
         create table y (id int primary key, t int references t);",
    );
    let refused = pgphase::apply(&database, &out, "all");
    assert!(
        refused
            .said()
            .contains("refer to rows of public.t, which is made anew without them"),
        "{}",
        refused.said()
    );
    assert_eq!(database.sql("select count(*) from t").expect("rows").trim(), "1");
    database.sql("update y set t = null").expect("it is let go of");
    apply(&database, &out, "all");
    assert_eq!(database.sql("select count(*) from t_1").expect("rows").trim(), "0");
}
