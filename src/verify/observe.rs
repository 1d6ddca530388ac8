//! What a step really locks, rewrites, scans and builds, seen while the real code of `apply` runs it.
//!
//! - A step in a transaction is looked at from inside, right before it commits: the locks of its own backend, the files of all
//!   relations before and after, and the server's own counters of sequential scans in this transaction.
//! - A step outside a transaction is held up at every point where it waits for others: a second session holds ROW EXCLUSIVE on
//!   every table, a third reads which locks the step has and asks for, then the next holder takes over and the step goes on to its
//!   next wait. Before that the step is tried inside a transaction block, where PostgreSQL must refuse it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::pin::Pin;
use std::time::Duration;

use serde::Serialize;
use tokio_postgres::{Client, Error, Row};

use crate::apply::watch::{Look, Watch};
use crate::conn::{ConnError, Session, Target, connect};
use crate::name::QualifiedName;
use crate::plan::{Facts, Lock, LockMode, Step};
use crate::render::script;

/// Everything of the user's that is in `pg_class`: `home` is the table of an index, or the one that owns a sequence.
const RELATIONS: &str = r"
SELECT c.oid, n.nspname::text, c.relname::text, c.relkind::text,
       coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::pg_catalog.oid AS file,
       coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0) AS scans,
       coalesce(i.indrelid, (SELECT d.refobjid FROM pg_catalog.pg_depend d
                              WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                                AND c.relkind = 'S' AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0 LIMIT 1)) AS home
  FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgphase')
   AND n.nspname NOT LIKE 'pg\_toast%' AND n.nspname NOT LIKE 'pg\_temp%'
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')";

const LOCKS: &str = "
SELECT l.relation, l.mode, l.granted
  FROM pg_catalog.pg_locks l
 WHERE l.pid = $1 AND l.locktype = 'relation'
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

/// Takes ROW EXCLUSIVE on every table that can be had at once; materialized views cannot be locked, only read.
const HOLD: &str = r"DO $$
DECLARE
    held pg_catalog.regclass;
    kind text;
BEGIN
    FOR held, kind IN SELECT c.oid, c.relkind::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgphase')
                   AND n.nspname NOT LIKE 'pg\_toast%' LOOP
        BEGIN
            IF kind = 'm' THEN
                EXECUTE pg_catalog.format('SELECT FROM %s LIMIT 0', held);
            ELSE
                EXECUTE pg_catalog.format('LOCK TABLE ONLY %s IN ROW EXCLUSIVE MODE NOWAIT', held);
            END IF;
        EXCEPTION WHEN lock_not_available OR undefined_table OR object_not_in_prerequisite_state THEN
            NULL;
        END;
    END LOOP;
END $$";

const LOOK: Duration = Duration::from_millis(3);

/// The lock of an index, or of a sequence that belongs to a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartLock {
    /// The index or sequence.
    pub part: QualifiedName,
    /// Its table.
    pub home: QualifiedName,
    /// The mode.
    pub mode: LockMode,
}

/// What was seen of one step, in all its transactions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Seen {
    /// Locks, rewrites, scans and builds of relations that were there before the plan; never what is lost.
    pub facts: Facts,
    /// Locks of indexes and owned sequences that were there before the plan.
    pub parts: Vec<PartLock>,
    /// Whether PostgreSQL refuses it inside a transaction block; known of steps that run outside one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused_in_transaction: Option<bool>,
}

struct Relation {
    name: QualifiedName,
    kind: String,
    file: u32,
    scans: i64,
    home: Option<u32>,
}

type Relations = BTreeMap<u32, Relation>;

/// Looks on while a plan runs in one database.
pub struct Observer {
    looker: Session,
    holders: [Session; 2],
    /// Which of the holders holds.
    turn: Cell<usize>,
    /// Relations that were there before the plan.
    existing: RefCell<BTreeSet<u32>>,
    before: RefCell<Relations>,
    seen: RefCell<BTreeMap<String, Seen>>,
    problems: RefCell<Vec<String>>,
}

impl Observer {
    /// Connects; what is in the database now counts as what was there before the plan.
    pub async fn open(target: &Target) -> Result<Self, ConnError> {
        let observer = Self {
            looker: connect(target).await?,
            holders: [connect(target).await?, connect(target).await?],
            turn: Cell::default(),
            existing: RefCell::default(),
            before: RefCell::default(),
            seen: RefCell::default(),
            problems: RefCell::default(),
        };
        observer.start().await;
        Ok(observer)
    }

    /// Counts what is in the database now as what was there before the plan: when the plan runs another time.
    pub async fn start(&self) {
        if let Some(relations) = self.told(relations(&self.looker.client).await) {
            *self.existing.borrow_mut() = relations.into_keys().collect();
        }
    }

    /// What was seen, by the id of the step.
    pub fn seen(&self) -> BTreeMap<String, Seen> {
        self.seen.borrow().clone()
    }

    /// What could not be looked at, in words.
    pub fn problems(&self) -> Vec<String> {
        self.problems.borrow().clone()
    }

    fn told<T>(&self, result: Result<T, Error>) -> Option<T> {
        result
            .map_err(|error| self.problems.borrow_mut().push(crate::apply::db_message(&error)))
            .ok()
    }

    async fn remember_before(&self, client: &Client) {
        if let Some(relations) = self.told(relations(client).await) {
            *self.before.borrow_mut() = relations;
        }
    }

    /// Notes the locks that a backend has, and those that it waits for.
    async fn note_locks(&self, step: &Step, client: &Client, worker: i32) {
        let Some(rows) = self.told(client.query(LOCKS, &[&worker]).await) else {
            return;
        };
        let before = self.before.borrow();
        let existing = self.existing.borrow();
        let mut all = self.seen.borrow_mut();
        let seen = all.entry(step.id.clone()).or_default();
        for (relation, mode) in rows.iter().filter_map(lock) {
            let Some(found) = before.get(&relation).filter(|_| existing.contains(&relation)) else {
                continue;
            };
            match found.home.and_then(|home| before.get(&home)) {
                Some(home) => seen.note_part(&found.name, &home.name, mode),
                None => seen.facts.lock(&found.name, mode),
            }
        }
        // The server lists locks in no order.
        seen.facts.locks.sort_by_key(|lock| lock.relation.to_string());
        seen.parts.sort_by_key(|lock| lock.part.to_string());
    }

    async fn note_changes(&self, step: &Step, client: &Client) {
        let Some(after) = self.told(relations(client).await) else {
            return;
        };
        let before = self.before.borrow();
        let existing = self.existing.borrow();
        // An index that is made anew over the old files has not been built.
        let files: BTreeSet<u32> = before.values().map(|relation| relation.file).collect();
        let mut facts = Facts::default();
        let old = |oid: &u32| before.get(oid).filter(|_| existing.contains(oid));
        for (oid, new) in after.iter().filter(|(_, new)| matches!(new.kind.as_str(), "r" | "m")) {
            let Some(old) = old(oid) else { continue };
            if old.file != new.file {
                facts.rewrites.push(old.name.clone());
            } else if new.scans > old.scans {
                facts.scans.push(old.name.clone());
            }
        }
        for new in after
            .values()
            .filter(|new| new.kind == "i" && !files.contains(&new.file))
        {
            let Some(table) = new.home.as_ref().and_then(old) else {
                continue;
            };
            if !facts.rewrites.contains(&table.name) && !facts.builds.contains(&table.name) {
                facts.builds.push(table.name.clone());
            }
        }
        let mut all = self.seen.borrow_mut();
        all.entry(step.id.clone()).or_default().facts.merge(facts);
    }

    fn note_refused(&self, step: &Step, refused: bool) {
        let mut all = self.seen.borrow_mut();
        all.entry(step.id.clone()).or_default().refused_in_transaction = Some(refused);
    }

    async fn hold(&self, holder: usize) {
        let client = &self.holders[holder].client;
        self.told(client.batch_execute("BEGIN").await);
        self.told(client.batch_execute(HOLD).await);
    }

    async fn let_go(&self, holder: usize) {
        self.told(self.holders[holder].client.batch_execute("ROLLBACK").await);
    }

    /// Whether PostgreSQL refuses the statements in a transaction block (25001); nothing of them stays.
    async fn refused(&self, step: &Step, statements: &str) -> bool {
        let client = &self.holders[0].client;
        let opening = script::opening(step).replace("SET ", "SET LOCAL ");
        self.told(client.batch_execute(&format!("BEGIN;\n{opening}")).await);
        let result = client.batch_execute(statements).await;
        self.told(client.batch_execute("ROLLBACK").await);
        result.is_err_and(|error| error.code().is_some_and(|code| code.code() == "25001"))
    }
}

impl Seen {
    fn note_part(&mut self, part: &QualifiedName, home: &QualifiedName, mode: LockMode) {
        match self.parts.iter_mut().find(|lock| lock.part == *part) {
            Some(lock) => lock.mode = lock.mode.max(mode),
            None => self.parts.push(PartLock {
                part: part.clone(),
                home: home.clone(),
                mode,
            }),
        }
    }

    /// The strongest lock seen on a relation, index or sequence.
    pub fn mode(&self, relation: &QualifiedName) -> Option<LockMode> {
        let tables = self.facts.locks.iter().filter(|lock| lock.relation == *relation);
        let parts = self.parts.iter().filter(|lock| lock.part == *relation);
        let modes = tables.map(|lock: &Lock| lock.mode).chain(parts.map(|lock| lock.mode));
        modes.max()
    }
}

impl Watch for Observer {
    fn looks(&self) -> bool {
        true
    }

    fn begun<'a>(&'a self, _: &'a Step, worker: &'a Client) -> Look<'a> {
        Box::pin(self.remember_before(worker))
    }

    fn before_commit<'a>(&'a self, step: &'a Step, worker: &'a Client) -> Look<'a> {
        Box::pin(async move {
            if let Some(pid) = self.told(pid(worker).await) {
                self.note_locks(step, worker, pid).await;
            }
            self.note_changes(step, worker).await;
        })
    }

    fn before_alone<'a>(&'a self, step: &'a Step, statements: &'a str) -> Look<'a> {
        Box::pin(async move {
            let refused = self.refused(step, statements).await;
            self.note_refused(step, refused);
            self.remember_before(&self.looker.client).await;
            self.turn.set(0);
            self.hold(0).await;
        })
    }

    fn alongside<'a>(&'a self, step: &'a Step, worker: i32) -> Pin<Box<dyn Future<Output = Infallible> + 'a>> {
        Box::pin(async move {
            let waiting = "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE pid = $1 AND NOT granted)";
            loop {
                tokio::time::sleep(LOOK).await;
                self.note_locks(step, &self.looker.client, worker).await;
                let row = self.told(self.looker.client.query_one(waiting, &[&worker]).await);
                if row.is_some_and(|row| row.try_get(0).unwrap_or(false)) {
                    // Once more: it may have come to its wait between the two questions.
                    self.note_locks(step, &self.looker.client, worker).await;
                    let held = self.turn.get();
                    self.turn.set(1 - held);
                    self.hold(1 - held).await;
                    self.let_go(held).await;
                }
            }
        })
    }

    fn after_alone<'a>(&'a self, step: &'a Step) -> Look<'a> {
        Box::pin(async move {
            self.let_go(0).await;
            self.let_go(1).await;
            self.note_changes(step, &self.looker.client).await;
        })
    }
}

async fn pid(client: &Client) -> Result<i32, Error> {
    client
        .query_one("SELECT pg_catalog.pg_backend_pid()", &[])
        .await?
        .try_get(0)
}

async fn relations(client: &Client) -> Result<Relations, Error> {
    let rows = client.query(RELATIONS, &[]).await?;
    rows.iter()
        .map(|row| {
            let relation = Relation {
                name: QualifiedName::new(row.try_get::<_, &str>(1)?, row.try_get::<_, &str>(2)?),
                kind: row.try_get(3)?,
                file: row.try_get(4)?,
                scans: row.try_get(5)?,
                home: row.try_get(6)?,
            };
            Ok((row.try_get(0)?, relation))
        })
        .collect()
}

fn lock(row: &Row) -> Option<(u32, LockMode)> {
    let relation: u32 = row.try_get(0).ok()?;
    let mode = match row.try_get::<_, &str>(1).ok()? {
        "AccessShareLock" => LockMode::AccessShare,
        "RowShareLock" => LockMode::RowShare,
        "RowExclusiveLock" => LockMode::RowExclusive,
        "ShareUpdateExclusiveLock" => LockMode::ShareUpdateExclusive,
        "ShareLock" => LockMode::Share,
        "ShareRowExclusiveLock" => LockMode::ShareRowExclusive,
        "ExclusiveLock" => LockMode::Exclusive,
        "AccessExclusiveLock" => LockMode::AccessExclusive,
        _ => return None,
    };
    Some((relation, mode))
}
