//! What comes in the middle of a run, while a concurrent build waits for somebody's writes.

use super::beside::{ok, until};
use super::place::Place;
use crate::support::run::Finished;

const TABLES: &str = "create table events (id int, kind text, day date not null) partition by range (day);
create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');
create table events_2 partition of events for values from ('2026-02-01') to ('2026-03-01');
create table plain (id int, kind text);";
const NEXT: &str = "create table events_3 partition of events for values from ('2026-03-01') to ('2026-04-01');";
const ROWS: &str =
    "insert into events select g, 'kind ' || g, date '2026-01-01' + g % 59 from generate_series(1, 2000) g;
insert into plain select id, kind from events;";

/// Who writes into both tables, and takes some time to commit.
const WRITER: &str = "set application_name = 'writer'; begin; insert into plain values (5000, 'slow');
    insert into events_1 values (5000, 'slow', '2026-01-05'); select pg_sleep(4); commit";
const WRITING: &str = "select exists (select from pg_stat_activity where application_name = 'writer' and wait_event = 'PgSleep' \
    and datname = current_database())";

struct Midway(Place);

impl Midway {
    fn new(database: &'static str, change: &str) -> Self {
        let own = Self(Place::new(database, &format!("{TABLES} {ROWS}")));
        own.desire(change);
        ok(&own.0.plan("after.sql"));
        own
    }

    fn desire(&self, change: &str) {
        self.0.write("after.sql", &format!("{TABLES}\n{change}\n"));
    }

    /// Runs a phase beside the slow writer, and something else while a build waits for it.
    fn apply_beside(&self, building: &str, phase: &str, meanwhile: impl FnOnce()) -> Finished {
        let waits = format!(
            "select exists (select from pg_stat_activity where query ilike '%create%index concurrently%{building}%' \
                and wait_event_type = 'Lock' and pid <> pg_backend_pid() and datname = current_database())"
        );
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| self.0.ask(WRITER));
            until(self.0.scene, self.0.database, WRITING);
            let applied = scope.spawn(|| self.0.apply(phase));
            until(self.0.scene, self.0.database, &waits);
            meanwhile();
            writer.join().expect("the writer ends");
            applied.join().expect("it ends")
        })
    }

    fn is_in_sync(&self) {
        ok(&self.0.call(&["drift", "--to", &self.0.path("after.sql")]));
        let invalid = "select count(*) from pg_index where not indisvalid or not indisready";
        assert_eq!(self.0.ask(invalid), "0");
    }
}

/// The build waits for the writer, and nobody waits for the build.
#[test]
fn beside_a_writer_that_takes_its_time_others_go_on_writing() {
    let midway = Midway::new("writer", "create unique index plain_id on plain (id);");
    let applied = midway.apply_beside("plain_id", "all", || {
        let others = "set lock_timeout = '1500ms'; update plain set kind = 'changed' where id = 7; delete from plain where id = 8;
            insert into plain values (6000, 'quick')";
        midway.0.ask(others);
    });
    ok(&applied);
    midway.is_in_sync();
    let found =
        "set enable_seqscan = off; select string_agg(kind, ' ' order by id) from plain where id in (7, 8, 5000, 6000)";
    assert_eq!(midway.0.ask(found), "changed slow quick");
}

/// The index of the parent is there already, not valid yet, and the new partition gets one of it at once.
#[test]
fn a_partition_that_comes_during_a_build_has_the_index_in_the_end() {
    let change = "create index events_kind on events (kind);";
    let midway = Midway::new("partition", change);
    let applied = midway.apply_beside("events_1", "expand", || {
        midway
            .0
            .ask(&format!("{NEXT} insert into events values (6000, 'new', '2026-03-05')"));
    });
    ok(&applied);
    ok(&midway.0.apply("all"));
    midway.desire(&format!("{NEXT} {change}"));
    midway.is_in_sync();
    let indexes = "select count(*) from pg_index where indrelid::regclass::text ~ '^events'";
    assert_eq!(midway.0.ask(indexes), "4");
    assert_eq!(midway.0.ask("select count(*) from events"), "2002");
}
