//! What a run tells, as lines on standard error.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::output::talk;
use crate::apply::progress::{Event, Progress};
use crate::report::count;

/// Prints lines; a backfill at most every two seconds.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    quiet: bool,
    last: Cell<Option<Instant>>,
}

impl Lines {
    pub(crate) fn new(quiet: bool) -> Self {
        Self {
            quiet,
            last: Cell::default(),
        }
    }
}

impl Progress for Lines {
    fn event(&self, event: Event<'_>) {
        if let Event::Notice(text) = &event {
            return talk(&format!("notice: {text}"));
        }
        if self.quiet {
            return;
        }
        match event {
            Event::WaitingForRun(holder) => talk(&match holder {
                Some(holder) => format!("waiting for another run: {holder}"),
                None => "waiting for another run".into(),
            }),
            Event::Phase { phase, left, total } => {
                if left == total {
                    talk(&format!("phase {phase}: {}", count(total, "step")));
                } else {
                    talk(&format!("phase {phase}: {left} of {} left", count(total, "step")));
                }
            }
            Event::Step(step) => talk(&format!("{:<12} {}", step.id, one_line(&step.title))),
            Event::Undo(step) => talk(&format!("{:<12} undo: {}", step.id, one_line(&step.title))),
            Event::Stays(step) => talk(&format!("{:<12} stays: {}", step.id, one_line(&step.title))),
            Event::Done { step, took, rows } => {
                self.last.set(None);
                let rows = rows.map(|rows| format!(", {rows} rows")).unwrap_or_default();
                talk(&format!("{:<12} done in {}{rows}", step.id, time(took)));
            }
            Event::Found(step) => talk(&format!(
                "{:<12} had been done before the last run was cut off",
                step.id
            )),
            Event::Blocked { step, blockers } => {
                for blocker in blockers {
                    talk(&format!("{:<12} waits for {blocker}", step.id));
                }
            }
            Event::Gated { step, blockers } => {
                for blocker in blockers {
                    talk(&format!("{:<12} stays out of the lock queue behind {blocker}", step.id));
                }
            }
            Event::Outwaits { step, blockers } => {
                for blocker in blockers {
                    talk(&format!(
                        "{:<12} will not end before the transaction of {blocker}",
                        step.id
                    ));
                }
            }
            Event::Held { step, by } => {
                for line in by {
                    talk(&format!("{:<12} {line}", step.id));
                }
            }
            Event::Retry { step, reason, wait } => {
                talk(&format!("{:<12} {reason}; again in {}", step.id, time(wait)));
            }
            Event::Backfill {
                step,
                table,
                page,
                pages,
                rows,
                rate,
                left,
            } => {
                let due = self
                    .last
                    .get()
                    .is_none_or(|last| last.elapsed() > Duration::from_secs(2));
                if due {
                    let first = self.last.replace(Some(Instant::now())).is_none();
                    if !first {
                        let share = if pages > 0 { page * 100 / pages } else { 100 };
                        let left = left.map(|left| format!(", {} left", time(left))).unwrap_or_default();
                        talk(&format!(
                            "{:<12} {table}: {share} %, {rows} rows, {rate:.0} rows/s{left}",
                            step.id
                        ));
                    }
                }
            }
            Event::Throttled { step, reason } => talk(&format!("{:<12} rests: {reason}", step.id)),
            Event::Stopping(step) => talk(&format!("{:<12} stopping; what runs is cancelled", step.id)),
            Event::Notice(_) => {}
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A time for people.
pub(crate) fn time(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}
