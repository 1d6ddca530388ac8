//! A second session that reads a part of the same snapshot.
//!
//! A backend works on one processor, and for a large database it is what a reading waits for. Where there is much to read and the server is
//! near, half of the queries go to another backend, which sees the same snapshot. Nobody relies on it: where there is no such
//! session in time (no free connection, a pooler, another server behind the name), the first one reads all.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, join, select};
use tokio::sync::oneshot;

use super::IntrospectError;
use super::query::{Answer, Query, answers, rows};
use crate::conn::{Session, Target};

/// From how many dependencies between objects on a second session saves more than it costs.
const MANY: u32 = 1_000;

/// Within which time a server answers that is near. A new session takes several turns.
const NEAR: Duration = Duration::from_millis(3);

/// What a second session reads: about half, be it columns and views or constraints and routines of which there are many.
const SECOND: [&str; 8] = [
    "inherited columns",
    "columns",
    "indexes",
    "views",
    "owners",
    "privileges",
    "unmanaged objects",
    "invalid objects",
];

/// A transaction that others join, and the server by the moment of its start, which no other server shares.
const EXPORT: &str = "select extract(epoch from pg_postmaster_start_time()) || ' ' || pg_export_snapshot()";

/// Where a second session is had.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    pub(super) session: &'a Session,
    pub(super) target: &'a Target,
}

impl Beside<'_> {
    /// Whether it is worth while, for a database with so many dependencies whose server took so long for a turn.
    pub(super) fn pays(&self, dependencies: u32, turn: Duration) -> bool {
        dependencies >= MANY && turn <= NEAR
    }

    /// The answers of both sessions, in the order of the queries. `settings` sets a session up.
    pub(super) async fn answers(&self, settings: &str, queries: Vec<Query>) -> Result<Vec<Answer>, IntrospectError> {
        let client = &self.session.client;
        let is_second = |query: &Query| SECOND.contains(&query.what);
        let order: Vec<bool> = queries.iter().map(is_second).collect();
        let (seconds, firsts): (Vec<_>, Vec<_>) = queries.into_iter().partition(is_second);
        let (tell, told) = oneshot::channel();
        let is_there = Cell::new(false);
        let first = pin!(async {
            let export = async {
                let snapshot = rows(client, "the name of the snapshot", EXPORT).await?.concat();
                // Nobody may listen any more.
                let _ = tell.send(snapshot);
                Ok(())
            };
            let (exported, answers) = join(export, answers(client, &firsts)).await;
            exported.and(answers)
        });
        let second = pin!(async {
            let (session, snapshot) = join(self.session.another(self.target), told).await;
            let session = join_snapshot(session.ok()?, &snapshot.ok()?, settings).await?;
            is_there.set(true);
            Some(answers(&session.client, &seconds).await)
        });
        let (first, second) = match select(first, second).await {
            Either::Left((first, second)) if first.is_ok() && is_there.get() => (first, second.await),
            Either::Left((first, _)) => (first, None),
            Either::Right((second, first)) => (first.await, second),
        };
        let mut first = first?.into_iter();
        let mut second = match second {
            Some(second) => second?,
            None => answers(client, &seconds).await?,
        }
        .into_iter();
        let next = |is_second: bool| if is_second { second.next() } else { first.next() };
        Ok(order.into_iter().filter_map(next).collect())
    }
}

/// The session within the snapshot, where that is of the same server.
async fn join_snapshot(session: Session, snapshot: &str, settings: &str) -> Option<Session> {
    let (server, snapshot) = snapshot.split_once(' ')?;
    let begin = format!(
        "begin isolation level repeatable read read only; set transaction snapshot {}; {settings}",
        crate::sql::literal(snapshot)
    );
    let what = "the snapshot of another session";
    let own = "select extract(epoch from pg_postmaster_start_time())";
    let (begun, own) = join(rows(&session.client, what, &begin), rows(&session.client, what, own)).await;
    (begun.is_ok() && own.ok()?.concat() == server).then_some(session)
}
