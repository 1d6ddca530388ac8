//! When to try a step again, how long to wait, and who stands in the way.

use std::fmt;
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Error};

use crate::conn::Blocker;

/// What an error means for the step that met it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A lock was not granted in time.
    LockTimeout,
    /// The server broke a deadlock at our cost.
    Deadlock,
    /// A concurrent transaction won.
    Serialization,
    /// The statement was cancelled: by its time limit, or by somebody.
    Cancelled,
    /// The session is gone; whether the last commit happened must be looked up.
    ConnectionLost,
    /// Trying again gives the same answer.
    Fatal,
}

impl Trouble {
    /// Reads an error by its SQLSTATE.
    pub fn of(error: &Error) -> Self {
        match error.code() {
            Some(code) => Self::of_sqlstate(code.code()),
            None if error.is_closed() => Self::ConnectionLost,
            None => {
                use std::error::Error as _;
                let io = error.source().is_some_and(|cause| cause.is::<std::io::Error>());
                if io { Self::ConnectionLost } else { Self::Fatal }
            }
        }
    }

    fn of_sqlstate(code: &str) -> Self {
        match code {
            "55P03" => Self::LockTimeout,
            "40P01" => Self::Deadlock,
            "40001" => Self::Serialization,
            "57014" => Self::Cancelled,
            // Shut down, crashed, starting up, or ended by an administrator or by its idle limit.
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04" => Self::ConnectionLost,
            code if code.starts_with("08") => Self::ConnectionLost,
            _ => Self::Fatal,
        }
    }

    /// Whether the same step may succeed on the same session a little later.
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::LockTimeout | Self::Deadlock | Self::Serialization | Self::Cancelled
        )
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LockTimeout => "the lock was not granted in time",
            Self::Deadlock => "the server broke a deadlock",
            Self::Serialization => "a concurrent transaction won",
            Self::Cancelled => "the statement was cancelled",
            Self::ConnectionLost => "the connection was lost",
            Self::Fatal => "the server refused",
        })
    }
}

/// How patient a run is with one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The time for all attempts of one step together, waits included.
    pub budget: Duration,
    /// The first wait between two attempts; it doubles.
    pub first: Duration,
    /// The longest wait between two attempts.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            budget: Duration::from_secs(300),
            first: Duration::from_millis(500),
            longest: Duration::from_secs(15),
        }
    }
}

/// The waits between the attempts of one step. Few long waits: each short attempt stalls the application's queue anew.
#[derive(Debug)]
pub struct Backoff {
    patience: Patience,
    started: Instant,
    /// How many attempts have failed.
    pub attempts: u32,
}

impl Backoff {
    /// Starts the clock.
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            started: Instant::now(),
            attempts: 0,
        }
    }

    /// What is left of the budget.
    pub fn left(&self) -> Duration {
        self.patience.budget.saturating_sub(self.started.elapsed())
    }

    /// The wait before the next attempt; `None` when the budget is spent.
    pub fn next_wait(&mut self) -> Option<Duration> {
        let wait = self
            .patience
            .first
            .saturating_mul(1u32.checked_shl(self.attempts.min(16)).unwrap_or(u32::MAX))
            .min(self.patience.longest);
        self.attempts += 1;
        (self.started.elapsed() + wait < self.patience.budget).then_some(wait)
    }
}

/// Who blocks a session now.
pub async fn blockers(client: &Client, pid: i32) -> Result<Vec<Blocker>, Error> {
    let rows = client
        .query(
            r"SELECT DISTINCT b.pid, coalesce(a.usename::text, '?'), coalesce(nullif(a.application_name, ''), a.backend_type, '?'),
                     coalesce(a.state, '?'), pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)::bigint,
                     coalesce(pg_catalog.left(pg_catalog.regexp_replace(a.query, '\s+', ' ', 'g'), 100), '')
                FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1)) AS b(pid)
                     LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
               ORDER BY 1",
            &[&pid],
        )
        .await?;
    rows.iter().map(Blocker::read).collect()
}

/// Runs `work` and looks, on a second connection, at who blocks it; `changed` hears of every new set of blockers.
/// Returns what the work returned and the last blockers seen while it still waited.
pub async fn watched<T>(
    work: impl Future<Output = T>,
    watcher: &Client,
    pid: i32,
    mut changed: impl FnMut(&[Blocker]),
) -> (T, Vec<Blocker>) {
    let mut seen: Vec<Blocker> = Vec::new();
    let mut work = std::pin::pin!(work);
    let mut look = tokio::time::interval(Duration::from_millis(250));
    look.tick().await;
    loop {
        tokio::select! {
            result = &mut work => return (result, seen),
            _ = look.tick() => {}
        }
        let asked = async { blockers(watcher, pid).await.unwrap_or_default() };
        let now = tokio::select! {
            result = &mut work => return (result, seen),
            now = asked => now,
        };
        let same = now.iter().map(|b| b.pid).eq(seen.iter().map(|b| b.pid));
        if !now.is_empty() {
            if !same {
                changed(&now);
            }
            seen = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (code, trouble) in [
            ("55P03", Trouble::LockTimeout),
            ("40P01", Trouble::Deadlock),
            ("57014", Trouble::Cancelled),
            ("08006", Trouble::ConnectionLost),
            ("57P01", Trouble::ConnectionLost),
            ("23505", Trouble::Fatal),
        ] {
            assert_eq!(Trouble::of_sqlstate(code), trouble, "{code}");
        }
        assert!(!Trouble::Fatal.is_retryable() && !Trouble::ConnectionLost.is_retryable());
    }

    #[test]
    fn waits_double_within_the_budget() {
        let mut backoff = Backoff::new(Patience {
            budget: Duration::from_secs(10),
            first: Duration::from_secs(1),
            longest: Duration::from_secs(4),
        });
        let waits: Vec<u64> = (0..4)
            .filter_map(|_| backoff.next_wait())
            .map(|w| w.as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4, 4]);
        let mut spent = Backoff::new(Patience {
            budget: Duration::ZERO,
            ..Patience::default()
        });
        assert_eq!(spent.next_wait(), None);
    }
}
