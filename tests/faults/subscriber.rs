//! Two databases of which one subscribes to the other take the same plan, each at its own time, while rows go from one to the other.
//! Their triggers fire for what arrives too (`ENABLE ALWAYS`).

use std::time::{Duration, Instant};

use ::pgphase::cluster::{Cluster, find_binaries};

use super::LIMIT;
use super::beside::ok;
use crate::support::pgphase;
use crate::support::run::{Finished, run};

/// `notes` keeps what the trigger of the application saw; it is not published.
const TABLES: &str = "create table notes (id bigint, said text);
    create function note() returns trigger language plpgsql as $$ begin
        insert into public.notes values (new.id, tg_op); return null;
    end $$;";
const BEFORE: &str = "create table orders (id int primary key, state text, amount int);
    create trigger note after insert or update on orders for each row execute function note();
    alter table orders enable always trigger note;";
const AFTER: &str = "create table orders (id bigint primary key,
        -- @renamed_from state
        status text, amount bigint);
    create trigger note after insert or update on orders for each row execute function note();
    alter table orders enable always trigger note;";

const ROWS: &str = "select count(*) || ' ' || coalesce(md5(string_agg(o::text, ',' order by id)), '') from orders o";

struct Pair {
    cluster: Cluster,
    folder: tempfile::TempDir,
}

impl Pair {
    fn new() -> Self {
        let bin = find_binaries().expect("server programs");
        let pair = Self {
            cluster: Cluster::start_with(&bin, &["wal_level=logical"]).expect("a cluster"),
            folder: tempfile::tempdir().expect("a folder"),
        };
        for database in ["near", "far"] {
            pair.ask("postgres", &format!("create database {database}"));
            pair.ask(database, &format!("{TABLES} {BEFORE}"));
        }
        std::fs::write(pair.path("after.sql"), format!("{TABLES}\n{AFTER}\n")).expect("the desired file");
        let ignore = "ignore: ['publication orders', 'subscription far']\n";
        std::fs::write(pair.path("pgphase.yaml"), ignore).expect("the configuration");
        pair.ask(
            "near",
            "insert into orders select g, 'new', g from generate_series(1, 500) g",
        );
        pair.ask("near", "create publication orders for table orders");
        // Within one server the slot has to be there first: making it waits for the transaction that subscribes.
        pair.ask("near", "select pg_create_logical_replication_slot('far', 'pgoutput')");
        let connection = pair.cluster.conninfo("near").replace('\'', "''");
        pair.ask(
            "far",
            &format!("create subscription far connection '{connection}' publication orders with (create_slot = false)"),
        );
        pair
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a path").to_owned()
    }

    fn ask(&self, database: &str, statements: &str) -> String {
        let mut command = std::process::Command::new(self.cluster.program("psql"));
        let connection = self.cluster.conninfo(database);
        command.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", &connection, "-c", statements]);
        let done = run(&mut command, LIMIT);
        assert!(done.status.success(), "{statements}: {}", done.said());
        done.stdout.trim().to_owned()
    }

    fn call(&self, database: &str, words: &[&str]) -> Finished {
        let mut command = pgphase::command();
        command
            .args(words)
            .args(["-c", &self.path("pgphase.yaml"), "-d", &self.cluster.conninfo(database)]);
        command.env("PGPHASE_BATCH_TIME", "0.02");
        run(&mut command, LIMIT)
    }

    fn plan(&self, database: &str) {
        let (to, out) = (self.path("after.sql"), self.path(database));
        let words = ["plan", "--to", &to, "--out", &out, "--approve", "all"];
        ok(&self.call(database, &words));
    }

    fn apply(&self, database: &str, phase: &str) {
        let plan = self.path(database);
        ok(&self.call(
            database,
            &["apply", &plan, "--phase", phase, "--yes", "--force", "both are ours"],
        ));
    }

    fn log(&self) -> String {
        let log = std::fs::read_to_string(self.cluster.directory().join("log")).expect("the server's log");
        log.lines().rev().take(5).collect::<Vec<_>>().join("\n")
    }

    /// Waits until what one has written has arrived at the other one, and is the same there.
    #[track_caller]
    fn arrives(&self, query: &str) {
        let started = Instant::now();
        loop {
            let [near, far] = ["near", "far"].map(|database| self.ask(database, query));
            if near == far {
                return;
            }
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "{near}, and there {far}: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_subscriber_and_its_publisher_take_the_same_plan_while_rows_arrive() {
    let pair = Pair::new();
    pair.arrives(ROWS);
    pair.plan("near");
    pair.plan("far");
    // The subscriber is first to have a column, and last to lose one.
    let old = |from: u32| {
        let until = from + 99;
        let (first, second, third) = (from % 97, from % 7, from % 47);
        pair.ask(
            "near",
            &format!(
                "insert into orders select g, 'old', g from generate_series({from}, {until}) g;
                 update orders set state = 'late', amount = amount + 1 where id % 100 = {first};
                 -- Rows that nobody has copied yet are sent with a twin that is null.
                 update orders set amount = amount + 1 where id % 10 = {second};
                 delete from orders where id % 50 = {third}"
            ),
        );
    };
    let matches = |database| {
        let different = "select count(*) from orders where state is distinct from status";
        assert_eq!(pair.ask(database, different), "0", "{database}");
    };
    const OLD: &str =
        "select count(*) || ' ' || md5(string_agg(concat_ws(',', id, state, amount), ' ' order by id)) from orders";
    const BOTH: &str = "select count(*) || ' ' || md5(string_agg(concat_ws(',', id, state, status, amount), ' ' order by id)) from orders";
    const NEW: &str =
        "select count(*) || ' ' || md5(string_agg(concat_ws(',', id, status, amount), ' ' order by id)) from orders";
    let mut from = 1000;
    for database in ["far", "near"] {
        for phase in ["expand", "backfill", "validate"] {
            pair.apply(database, phase);
            old(from);
            from += 100;
            pair.arrives(OLD);
            if database == "near" {
                matches("far");
            }
        }
        matches(database);
    }
    pair.arrives(BOTH);
    pair.ask(
        "near",
        "insert into orders (id, status, amount) select g, 'newer', g from generate_series(3000, 3099) g",
    );
    pair.apply("near", "contract");
    pair.arrives(NEW);
    pair.apply("far", "contract");
    pair.ask(
        "near",
        "insert into orders (id, status, amount) values (5000000000, 'newest', 5000000000)",
    );
    pair.arrives(ROWS);
    // What the application's trigger saw of a row, it saw there too.
    let seen = "select count(*) from notes where said = 'INSERT'";
    assert_eq!(pair.ask("far", seen), pair.ask("near", seen));
    let fits = "select count(*) = 0 from orders where status is null or amount is null";
    assert_eq!(pair.ask("far", fits), "t");
    for database in ["near", "far"] {
        let to = pair.path("after.sql");
        ok(&pair.call(database, &["drift", "--to", &to]));
    }
    pair.ask("far", "alter subscription far disable");
    pair.ask("far", "alter subscription far set (slot_name = none)");
    pair.ask("far", "drop subscription far");
}
