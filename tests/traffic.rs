//! An old and a new application write and read throughout all phases of a plan: no error, no lost or diverging value, and no
//! statement that waits longer than the lock timeout and a batch.
//!
//! Each client owns a range of ids and remembers what it has written; one row is shared, and everybody counts in it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::support::database::Database;
use crate::support::journey::PHASES;
use crate::support::pgphase::{self, DIFFERENCE, NOTHING};

/// The lock timeout of a step, and a batch.
const LONGEST: Duration = Duration::from_millis(2_600);

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
    /// Whether the old application still works after contract.
    old_stays: bool,
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
    while !stop.load(Ordering::Relaxed) {
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

fn travel(case: &Case) {
    let folder = tempfile::tempdir().expect("a folder");
    let (to, out) = (folder.path().join("after.sql"), folder.path().join("plan"));
    std::fs::write(&to, case.after).expect("the desired file");
    let database = Database::new();
    database.sql(case.before).expect("the schema before");
    database.sql(case.seed).expect("the rows before");
    let planned = pgphase::plan(&database, &to, &out);
    assert_eq!(planned.code(), Some(DIFFERENCE), "{}", planned.said());

    let mut old = vec![
        Client::start(&database, case.old, 1_000_000),
        Client::start(&database, case.old, 2_000_000),
    ];
    let mut new = Vec::new();
    let mut reports = Vec::new();
    std::thread::sleep(Duration::from_millis(300));
    for phase in PHASES {
        if phase == "contract" && !case.old_stays {
            // The last write under the old name is a moment old.
            let refused = pgphase::apply(&database, &out, phase);
            assert_eq!(refused.code(), Some(3), "{}", refused.said());
            assert!(refused.said().contains("wrote under an old name"), "{}", refused.said());
            reports.extend(old.drain(..).map(Client::finish));
        }
        let applied = pgphase::apply_forced(&database, &out, phase);
        assert_eq!(applied.code(), Some(NOTHING), "apply {phase}: {}", applied.said());
        if phase == "expand" {
            new.push(Client::start(&database, case.new, 3_000_000));
            new.push(Client::start(&database, case.new, 4_000_000));
        }
        std::thread::sleep(Duration::from_millis(400));
    }
    reports.extend(old.into_iter().chain(new).map(Client::finish));

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
        assert!(report.statements > 100, "only {} statements", report.statements);
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

#[test]
fn a_column_is_renamed_under_traffic() {
    travel(&Case {
        before: "create table accounts (id bigint primary key, name text not null constraint accounts_name_key unique, score integer default 0 not null);
                 create index accounts_score on accounts (score)",
        after: "create table accounts (
                    id bigint primary key,
                    -- @renamed_from name
                    full_name text not null constraint accounts_name_key unique,
                    -- @renamed_from score
                    points integer default 0 not null
                );
                create index accounts_score on accounts (points);",
        seed: "insert into accounts select i, 'seed' || i, i from generate_series(1, 20000) i; insert into accounts values (0, 'shared', 0)",
        old: App {
            insert: "insert into accounts (id, name) values ({id}, '{value}')",
            update: "update accounts set name = '{value}' where id = {id}",
            upsert: "insert into accounts (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name, score = accounts.score + 1",
            delete: "delete from accounts where id = {id}",
            read: "select name from accounts where id = {id}",
            count: "update accounts set score = score + 1 where id = 0",
        },
        new: App {
            insert: "insert into accounts (id, full_name, points) values ({id}, '{value}', 7) on conflict (full_name) do nothing",
            update: "update accounts set full_name = '{value}', points = 0 where id = {id}",
            upsert: "insert into accounts (id, full_name) values ({id}, '{value}') on conflict (id) do update set full_name = excluded.full_name, points = accounts.points + 1",
            delete: "delete from accounts where id = {id}",
            read: "select full_name from accounts where id = {id}",
            // Rows from before have no value under the new name until they are copied.
            count: "update accounts set points = points + 1 where id = 0 and points is not null",
        },
        old_stays: false,
        rows: "select id, full_name from accounts",
        count: "select points from accounts where id = 0",
    });
}

/// Both applications know the column by one name; the type is another one from contract on.
const READINGS: App = App {
    insert: "insert into readings (id, code) values ({id}, '{value}')",
    update: "update readings set code = '{value}', amount = amount * 1.5 where id = {id}",
    upsert: "insert into readings (id, code) values ({id}, '{value}') on conflict (id) do update set code = excluded.code",
    delete: "delete from readings where id = {id}",
    read: "select rtrim(code) from readings where id = {id}",
    count: "update readings set amount = amount + 1 where id = 0",
};

#[test]
fn a_type_changes_under_traffic() {
    travel(&Case {
        before: "create table readings (id bigint primary key, code char(12) not null, amount numeric(12,2) default 2 not null check (amount >= 0));
                 create index readings_code on readings (code)",
        after: "create table readings (id bigint primary key, code text not null, amount numeric(16,4) default 2 not null check (amount >= 0));
                create index readings_code on readings (code);",
        seed: "insert into readings select i, 'seed' || i, i from generate_series(1, 20000) i; insert into readings values (0, 'shared', 0)",
        old: READINGS,
        new: READINGS,
        old_stays: true,
        rows: "select id, code from readings",
        count: "select trunc(amount) from readings where id = 0",
    });
}

/// The tables of a key that others reference, of one type or the other.
macro_rules! people {
    ($type:literal) => {
        concat!(
            "create sequence people_id_seq as ", $type, ";
             create table people (id ", $type, " default nextval('people_id_seq'::regclass) not null, name text, boss ", $type, ", visits bigint default 0 not null);
             alter sequence people_id_seq owned by people.id;
             alter table people add constraint people_pkey primary key (id);
             alter table people add constraint people_boss_fkey foreign key (boss) references people (id) on delete set null;
             create table letters (writer ", $type, " not null references people (id) on delete cascade, place ", $type, " not null, body text, primary key (writer, place));"
        )
    };
}

const PEOPLE: App = App {
    insert: "with p as (insert into people (id, name, boss) values ({id}, '{value}', 0) returning id) select from p; insert into letters (writer, place, body) values ({id}, 1, 'hello')",
    update: "update people set name = '{value}', boss = {id} where id = {id}",
    upsert: "insert into people (id, name) values ({id}, '{value}') on conflict (id) do update set name = excluded.name",
    delete: "delete from people where id = {id}",
    read: "select p.name from people p left join letters l on l.writer = p.id where p.id = {id}",
    count: "update people set visits = visits + 1 where id = 0",
};

#[test]
fn a_referenced_key_becomes_bigint_under_traffic() {
    travel(&Case {
        before: people!("integer"),
        after: people!("bigint"),
        seed: "insert into people select i, 'seed' || i, nullif(i % 100, 0) from generate_series(0, 20000) i; insert into letters select i, 1, 'x' from generate_series(1, 20000) i",
        old: PEOPLE,
        new: PEOPLE,
        old_stays: true,
        rows: "select id, name from people",
        count: "select visits from people where id = 0",
    });
}
