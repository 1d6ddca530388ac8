//! Sessions that stand in the way.

use std::fmt;

use tokio_postgres::Error;

/// A session that holds what we wait for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Blocker {
    /// Process id; 0 stands for a prepared transaction.
    pub pid: i32,
    /// User.
    pub user: String,
    /// What the session calls itself.
    pub application: String,
    /// What it is doing: active, idle in transaction, ...
    pub state: String,
    /// Seconds since its transaction began, or since it was prepared; none where the server does not tell this role.
    pub age: Option<i64>,
    /// The beginning of its last statement, on one line; of a prepared transaction its identifier.
    pub query: String,
}

impl Blocker {
    /// Reads pid, user, application, state, age and query.
    pub(crate) fn read(row: &tokio_postgres::Row) -> Result<Self, Error> {
        Ok(Self {
            pid: row.try_get(0)?,
            user: row.try_get(1)?,
            application: row.try_get(2)?,
            state: row.try_get(3)?,
            age: row.try_get(4)?,
            query: row.try_get(5)?,
        })
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pid,
            user,
            application,
            state,
            age,
            query,
        } = self;
        match age {
            Some(age) if *pid == 0 => write!(f, "a prepared transaction ('{query}' of {user}, prepared {age} s ago)"),
            None if *pid == 0 => f.write_str("a prepared transaction (see pg_prepared_xacts)"),
            Some(age) => write!(
                f,
                "pid {pid} (user {user}, {application}, {state}, transaction open for {age} s): {query}"
            ),
            None => write!(f, "pid {pid} (user {user}, {application}): {query}"),
        }
    }
}

/// One line for each, behind a line feed; of many only the first.
pub(crate) fn named(blockers: &[Blocker]) -> String {
    const MOST: usize = 20;
    let lines = blockers.iter().take(MOST);
    let mut text: String = lines.map(|blocker| format!("\n  blocked by {blocker}")).collect();
    if blockers.len() > MOST {
        text.push_str(&format!("\n  and {} more", blockers.len() - MOST));
    }
    text
}
