//! What a backfill has done so far: rows, pages, and how fast.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// How much the last range counts in the rate.
const WEIGHT: f64 = 0.2;

/// The counts of a run, for all of its workers.
#[derive(Debug)]
pub(super) struct Tally {
    started: Instant,
    rows: Cell<i64>,
    done: Cell<i64>,
    /// Pages done by earlier runs.
    before: Cell<i64>,
    total: Cell<i64>,
    rate: Cell<f64>,
    /// Rows and time when the rate was last measured.
    mark: Cell<(i64, Instant)>,
}

impl Tally {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self {
            started: now,
            rows: Cell::new(0),
            done: Cell::new(0),
            before: Cell::new(0),
            total: Cell::new(0),
            rate: Cell::new(0.0),
            mark: Cell::new((0, now)),
        }
    }

    /// A sweep over so many pages begins, or goes on where so many are done.
    pub(super) fn sweep(&self, total: i64, done: i64) {
        self.total.set(total);
        self.done.set(done);
        self.before.set(done);
    }

    pub(super) fn add(&self, rows: i64) {
        self.rows.set(self.rows.get() + rows);
    }

    /// Pages are done; the rate is measured at most every half second.
    pub(super) fn pages(&self, pages: i64) {
        self.done.set(self.done.get() + pages.max(0));
        let (rows, since) = self.mark.get();
        let seconds = since.elapsed().as_secs_f64();
        if seconds >= 0.5 {
            let now = (self.rows.get() - rows) as f64 / seconds;
            let old = self.rate.get();
            self.rate.set(if old == 0.0 { now } else { old + WEIGHT * (now - old) });
            self.mark.set((self.rows.get(), Instant::now()));
        }
    }

    pub(super) fn rows(&self) -> i64 {
        self.rows.get()
    }

    /// Rows per second; 0 while it is not known.
    pub(super) fn rate(&self) -> f64 {
        self.rate.get()
    }

    /// Pages done, and pages of the sweep.
    pub(super) fn place(&self) -> (i64, i64) {
        let total = self.total.get();
        (self.done.get().min(total), total)
    }

    /// How long the rest of the sweep takes if it goes on as it did in this run.
    pub(super) fn left(&self) -> Option<Duration> {
        let (done, total) = self.place();
        let here = done - self.before.get();
        (here > 0).then(|| {
            self.started
                .elapsed()
                .mul_f64((total - done).max(0) as f64 / here as f64)
        })
    }
}
