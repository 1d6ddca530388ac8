//! The throw-away cluster of this test process, and one fresh database per use.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use pgphase::cluster::Cluster;

use super::run::{Finished, run};

const LIMIT: Duration = Duration::from_secs(120);

/// The cluster, started at its first use. Its keeper ends it with this process.
pub(crate) fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start().unwrap_or_else(|error| panic!("{error}")))
}

/// The major version of the server.
pub(crate) fn server_major() -> u32 {
    static MAJOR: OnceLock<u32> = OnceLock::new();
    *MAJOR.get_or_init(|| {
        let answer =
            sql("postgres", "select current_setting('server_version_num')::int / 10000").expect("the server's version");
        answer.trim().parse().expect("a number")
    })
}

/// Whether the server was built with ICU.
pub(crate) fn has_icu() -> bool {
    static ICU: OnceLock<bool> = OnceLock::new();
    *ICU.get_or_init(|| {
        let answer = sql(
            "postgres",
            "select count(*) > 0 from pg_collation where collname like '%-x-icu'",
        );
        answer.expect("the collations").trim() == "t"
    })
}

/// Creates the role unless it is there. Roles belong to the cluster, so they stay.
pub(crate) fn create_role(name: &str) {
    // Another worker may be creating it too: whoever is second is told that it exists.
    let _ = sql("postgres", &format!("create role \"{name}\""));
}

/// Creates the tablespace unless it is there, inside the data folder, so that it goes with the cluster.
pub(crate) fn create_tablespace(name: &str) {
    let create = format!("create tablespace \"{name}\" location ''");
    let place = ["-c", "set allow_in_place_tablespaces = on", "-c", &create];
    // Another worker may be creating it too.
    let _ = run(psql("postgres").args(place), LIMIT);
}

/// Runs statements, each on its own; the unaligned result of the queries among them.
pub(crate) fn sql(database: &str, statements: &str) -> Result<String, String> {
    answer(run(psql(database).args(["-At", "-c", statements]), LIMIT))
}

/// Runs a script file, stopping at the first error.
pub(crate) fn script(database: &str, file: &Path) -> Result<String, String> {
    answer(run(psql(database).args(["-At", "-f"]).arg(file), LIMIT))
}

fn psql(database: &str) -> Command {
    let mut command = Command::new(cluster().program("psql"));
    command
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &cluster().conninfo(database)])
        .env("PGOPTIONS", "-c client_min_messages=warning")
        .env_remove("PGDATABASE");
    command
}

fn answer(finished: Finished) -> Result<String, String> {
    if finished.status.success() {
        Ok(finished.stdout)
    } else {
        Err(finished.said())
    }
}

/// Drops every subscription of the database without reaching for its publisher.
const FREE: &str = "do $$ declare name text; begin
    for name in select quote_ident(subname) from pg_subscription
        where subdbid = (select oid from pg_database where datname = current_database())
    loop
        execute 'alter subscription ' || name || ' disable';
        execute 'alter subscription ' || name || ' set (slot_name = none)';
        execute 'drop subscription ' || name;
    end loop;
end $$";

fn next_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    format!("t{}", COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// A database that is dropped at the end.
#[derive(Debug)]
pub(crate) struct Database {
    name: String,
}

impl Database {
    /// A new, empty one.
    pub(crate) fn new() -> Self {
        let name = next_name();
        sql("postgres", &format!("create database {name} template template0"))
            .unwrap_or_else(|error| panic!("{error}"));
        Self { name }
    }

    /// A new one, built from a script.
    pub(crate) fn from_script(file: &Path) -> Result<Self, String> {
        let database = Self::new();
        database.script(file)?;
        Ok(database)
    }

    /// A new one that holds what another one holds. Nobody may be connected to that.
    pub(crate) fn copy_of(other: &Self) -> Result<Self, String> {
        let copy = Self { name: next_name() };
        sql(
            "postgres",
            &format!("create database {} template {}", copy.name, other.name),
        )?;
        Ok(copy)
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The connection string for the program under test.
    pub(crate) fn conninfo(&self) -> String {
        cluster().conninfo(&self.name)
    }

    /// Runs a script file in it.
    pub(crate) fn script(&self, file: &Path) -> Result<String, String> {
        script(&self.name, file)
    }

    /// Runs statements in it.
    pub(crate) fn sql(&self, statements: &str) -> Result<String, String> {
        sql(&self.name, statements)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The whole cluster goes away at the end: a database that stays costs nothing but space.
        let drop = format!("drop database if exists {} with (force)", self.name);
        if sql("postgres", &drop).is_err() {
            // A subscription keeps its database.
            let _ = self.sql(FREE).and_then(|_| sql("postgres", &drop));
        }
    }
}
