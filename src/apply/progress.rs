//! What a run tells while it runs.

use std::time::Duration;

use super::advisory::Holder;
use crate::conn::Blocker;
use crate::plan::{Phase, Step};

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// Another run has the mutex; it is waited for.
    WaitingForRun(Option<&'a Holder>),
    /// A phase begins.
    Phase {
        /// Which.
        phase: Phase,
        /// How many of its steps are left.
        left: usize,
        /// How many it has.
        total: usize,
    },
    /// A step begins.
    Step(&'a Step),
    /// A step is being undone.
    Undo(&'a Step),
    /// A step is done.
    Done {
        /// Which.
        step: &'a Step,
        /// How long it took.
        took: Duration,
        /// Rows written, by backfills.
        rows: Option<i64>,
    },
    /// A step had been done before a crash: the catalog shows it.
    Found(&'a Step),
    /// A step waits for locks of others.
    Blocked {
        /// Which.
        step: &'a Step,
        /// By whom.
        blockers: &'a [Blocker],
    },
    /// A step waits, outside any lock queue, for old transactions to end.
    Gated {
        /// Which.
        step: &'a Step,
        /// For whom.
        blockers: &'a [Blocker],
    },
    /// A concurrent build begins that will wait for these transactions to end.
    Outwaits {
        /// Which.
        step: &'a Step,
        /// For whom.
        blockers: &'a [Blocker],
    },
    /// A backfill begins whose dead rows, or whose log, somebody keeps.
    Held {
        /// Which.
        step: &'a Step,
        /// Who, one sentence each.
        by: &'a [String],
    },
    /// A step will be tried again.
    Retry {
        /// Which.
        step: &'a Step,
        /// Why.
        reason: String,
        /// After this time.
        wait: Duration,
    },
    /// A backfill goes on.
    Backfill {
        /// Which.
        step: &'a Step,
        /// The table it is at.
        table: &'a str,
        /// Pages done.
        page: i64,
        /// Pages of all tables of the step's sweep.
        pages: i64,
        /// Rows written by this run.
        rows: i64,
        /// Rows per second lately; 0 while it is not known.
        rate: f64,
        /// How long the rest takes at this speed.
        left: Option<Duration>,
    },
    /// A backfill rests.
    Throttled {
        /// Which.
        step: &'a Step,
        /// Why.
        reason: &'a str,
    },
    /// What a step did stays, as PostgreSQL has no way to take it away.
    Stays(&'a Step),
    /// A signal came: what runs is cancelled, and the run ends.
    Stopping(&'a Step),
    /// What the server said on the side.
    Notice(String),
}

/// Somebody who listens.
pub trait Progress {
    /// Takes one event.
    fn event(&self, event: Event<'_>);
}

/// Nobody listens.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _event: Event<'_>) {}
}
