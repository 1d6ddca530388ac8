//! A large database is read over two sessions, and nothing depends on the second one.

use std::io::{Read, Write, copy};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::spawn;
use std::time::Duration;

use pgphase::conn::{Endpoint, Environment, Params, Session, Target, connect, conninfo, resolve};
use pgphase::introspect::{Introspection, Patience, Scope, introspect, introspect_over};

use super::run;
use crate::support::database::{Database, create_role, sql};

/// Each table has some ten dependencies. Printing the default of `held` waits for whoever has locked it.
const LARGE: &str = "do $$ begin
    for i in 1..200 loop
        execute format('create table t%s (id int primary key, a text default lower(''X''), b int check (b > 0))', i);
    end loop;
end $$;
create table held (a int default abs(1));
create view v as select a, b from t1;
create function f() returns int language sql as 'select 1';
create table partitioned (a int not null default abs(2)) partition by list (a);
create table part partition of partitioned for values in (1);
comment on table held is 'locked'";

/// How often it is tried to see a second session: on a busy machine the server may be slow, as one far away is.
const TRIES: usize = 40;

fn large() -> Database {
    let database = Database::new();
    database.sql(LARGE).unwrap_or_else(|error| panic!("{error}"));
    database
}

fn target(database: &Database, user: &str) -> Target {
    let given = conninfo::parse(&format!("{} {user}", database.conninfo())).expect("conninfo");
    resolve(&Params::new(), &given, &Environment::default()).expect("target")
}

async fn open(target: &Target) -> Session {
    connect(target).await.expect("connection")
}

/// What was read, down to the order of objects.
fn all(found: &Introspection) -> Vec<String> {
    let objects = found
        .schema
        .iter()
        .map(|(id, object)| format!("{id}: {}", serde_json::to_string(object).expect("JSON")));
    objects.chain(found.findings.iter().map(ToString::to_string)).collect()
}

/// Reads while a table is locked, until a session that is not the first one has been seen to wait. That one may be ended.
async fn read_with_a_second(target: &Target, ends: bool) -> Introspection {
    let (holder, observer) = (open(target).await, open(target).await);
    for _ in 0..TRIES {
        let first = open(target).await;
        let pid = first
            .client
            .query_one("select pg_backend_pid()", &[])
            .await
            .expect("pid");
        let pid: i32 = pid.get(0);
        holder
            .client
            .batch_execute("begin; lock table held in access exclusive mode")
            .await
            .expect("a lock");
        let patience = Patience::default();
        let scope = Scope::default();
        let reading = introspect_over(&first, target, &scope, &patience);
        let watching = async {
            let waits = "select pid from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'";
            let waiter: i32 = loop {
                if let Some(row) = observer.client.query_opt(waits, &[]).await.expect("waiters") {
                    break row.get(0);
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            };
            if ends && waiter != pid {
                let end = "select pg_terminate_backend($1)";
                observer.client.query_one(end, &[&waiter]).await.expect("its end");
            }
            holder.client.batch_execute("rollback").await.expect("unlocked");
            waiter != pid
        };
        let (found, is_second) = tokio::join!(reading, watching);
        let found = found.unwrap_or_else(|error| panic!("{error}"));
        if is_second {
            return found;
        }
    }
    panic!("no second session was seen in {TRIES} readings");
}

#[test]
fn both_sessions_see_what_one_sees() {
    let database = large();
    let target = target(&database, "");
    run(async {
        let alone = introspect(&open(&target).await.client, &Scope::default()).await;
        let alone = alone.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(all(&read_with_a_second(&target, false).await), all(&alone));
    });
}

#[test]
fn the_first_session_reads_all_where_the_second_is_lost() {
    let database = large();
    let target = target(&database, "");
    run(async {
        let alone = introspect(&open(&target).await.client, &Scope::default()).await;
        let alone = alone.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(all(&read_with_a_second(&target, true).await), all(&alone));
    });
}

#[test]
fn the_first_session_reads_all_where_no_second_can_be_had() {
    let database = large();
    create_role("has_one_connection");
    sql("postgres", "alter role has_one_connection login connection limit 1").expect("a role");
    let target = target(&database, "user=has_one_connection");
    run(async {
        let session = open(&target).await;
        assert!(connect(&target).await.is_err());
        let (scope, patience) = (Scope::default(), Patience::default());
        let alone = introspect(&session.client, &scope)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        for _ in 0..5 {
            let found = introspect_over(&session, &target, &scope, &patience).await;
            assert_eq!(all(&found.unwrap_or_else(|error| panic!("{error}"))), all(&alone));
        }
    });
}

/// A door to the server that lets one session through and keeps all others waiting, as a pooler without a free connection does.
/// Its port, and how many have knocked.
fn door_for_one(database: &Database) -> (u16, Arc<AtomicUsize>) {
    let Endpoint { host, port, .. } = target(database, "").endpoints.remove(0);
    let socket = format!("{host}/.s.PGSQL.{port}");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let knocks = Arc::new(AtomicUsize::new(0));
    let counted = knocks.clone();
    spawn(move || {
        let mut waiting = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            if counted.fetch_add(1, Ordering::Relaxed) > 0 {
                waiting.push(stream);
                continue;
            }
            stream.set_nodelay(true).expect("an option");
            let mut server = UnixStream::connect(&socket).expect("the server");
            let (mut there, mut back) = (stream.try_clone().expect("a copy"), server.try_clone().expect("a copy"));
            spawn(move || pass(&mut there, &mut server));
            spawn(move || pass(&mut back, &mut stream));
        }
    });
    (port, knocks)
}

/// Passes on what is said, until one of them is gone.
fn pass(from: &mut impl Read, to: &mut impl Write) {
    let _ = copy(from, to);
}

#[test]
fn the_first_session_does_not_wait_for_a_second() {
    let database = large();
    let name = database.name();
    run(async {
        for _ in 0..TRIES {
            let (port, knocks) = door_for_one(&database);
            let way = format!("host=127.0.0.1 port={port} dbname={name} sslmode=disable user=postgres");
            let given = conninfo::parse(&way).expect("conninfo");
            let target = resolve(&Params::new(), &given, &Environment::default()).expect("target");
            let session = open(&target).await;
            let (scope, patience) = (Scope::default(), Patience::default());
            let found = introspect_over(&session, &target, &scope, &patience).await;
            let found = found.unwrap_or_else(|error| panic!("{error}"));
            assert!(found.schema.iter().count() > 1000);
            if knocks.load(Ordering::Relaxed) > 1 {
                return;
            }
        }
        panic!("no second session was asked for in {TRIES} readings");
    });
}
