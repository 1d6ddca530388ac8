//! What a run tells, as JSON: one object per line, each with `at` (UTC), `event`, and what the event has.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::error::{CliError, code};
use super::progress::Lines;
use crate::apply::ApplyError;
use crate::apply::progress::{Event, Progress};
use crate::plan::{Plan, Step};

/// Writes lines to a file, or to standard output.
pub(crate) struct Events {
    out: Option<RefCell<Box<dyn Write>>>,
    lines: Lines,
    #[cfg(feature = "otel")]
    traces: Option<super::traces::Traces>,
}

impl Events {
    /// `-` is standard output. A file is added to.
    pub(crate) fn open(place: Option<&Path>, quiet: bool) -> Result<Self, CliError> {
        let out: Option<Box<dyn Write>> = match place {
            None => None,
            Some(path) if path.as_os_str() == "-" => Some(Box::new(std::io::stdout())),
            Some(path) => {
                let file = File::options().create(true).append(true).open(path);
                let failed = |error: std::io::Error| CliError {
                    code: code::USAGE,
                    ..CliError::file("write", path, error)
                };
                Some(Box::new(file.map_err(failed)?))
            }
        };
        Ok(Self {
            out: out.map(RefCell::new),
            lines: Lines::new(quiet),
            #[cfg(feature = "otel")]
            traces: None,
        })
    }

    /// Traces it too, where this was built in and a collector is named: what is done with which plan, in which database.
    #[cfg(feature = "otel")]
    pub(crate) fn traced(mut self, what: &str, plan: &Plan, dbname: &str) -> Result<Self, CliError> {
        self.traces = super::traces::Traces::begin(what, plan, dbname)?;
        Ok(self)
    }

    /// Traces it too, where this was built in, which it was not.
    #[cfg(not(feature = "otel"))]
    pub(crate) fn traced(self, _what: &str, _plan: &Plan, _dbname: &str) -> Result<Self, CliError> {
        Ok(self)
    }

    /// The run has ended, well or with an error.
    pub(crate) fn end<T>(self, result: Result<T, ApplyError>) -> Result<T, ApplyError> {
        self.write(&ended(result.as_ref().err()));
        #[cfg(feature = "otel")]
        if let Some(traces) = self.traces {
            traces.end(result.as_ref().err().map(ToString::to_string));
        }
        result
    }
}

impl Events {
    fn write(&self, value: &Value) {
        if let Some(out) = &self.out {
            // A reader that is gone must not end a run.
            let _ = writeln!(out.borrow_mut(), "{value}");
        }
    }
}

impl Progress for Events {
    fn event(&self, event: Event<'_>) {
        self.write(&value(&event));
        #[cfg(feature = "otel")]
        if let Some(traces) = &self.traces {
            traces.event(&event);
        }
        self.lines.event(event);
    }
}

fn of(name: &str, step: Option<&Step>, more: Value) -> Value {
    let at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let mut value = json!({ "at": at, "event": name });
    if let Some(map) = value.as_object_mut() {
        if let Some(step) = step {
            map.insert("step".into(), step.id.clone().into());
            map.insert("phase".into(), step.phase.word().into());
        }
        if let Value::Object(more) = more {
            map.extend(more);
        }
    }
    value
}

/// The last line of a run.
fn ended(error: Option<&ApplyError>) -> Value {
    let more = json!({
        "exit_code": error.map_or(code::OK, ApplyError::exit_code),
        "step": error.and_then(ApplyError::step),
        "error": error.map(ToString::to_string),
        "hint": error.and_then(ApplyError::hint),
    });
    of("ended", None, more)
}

fn value(event: &Event<'_>) -> Value {
    match event {
        Event::WaitingForRun(holder) => of("waiting-for-run", None, json!({ "holder": holder })),
        Event::Phase { phase, left, total } => of(
            "phase",
            None,
            json!({ "phase": phase.word(), "left": left, "total": total }),
        ),
        Event::Step(step) => of("step", Some(step), json!({ "title": step.title })),
        Event::Undo(step) => of("undo", Some(step), json!({ "title": step.title })),
        Event::Stays(step) => of("stays", Some(step), json!({ "title": step.title })),
        Event::Done { step, took, rows } => of(
            "done",
            Some(step),
            json!({ "seconds": took.as_secs_f64(), "rows": rows }),
        ),
        Event::Found(step) => of("found", Some(step), Value::Null),
        Event::Blocked { step, blockers } => of("blocked", Some(step), json!({ "by": blockers })),
        Event::Gated { step, blockers } => of("gated", Some(step), json!({ "by": blockers })),
        Event::Outwaits { step, blockers } => of("outwaits", Some(step), json!({ "by": blockers })),
        Event::Held { step, by } => of("held", Some(step), json!({ "by": by })),
        Event::Retry { step, reason, wait } => of(
            "retry",
            Some(step),
            json!({ "reason": reason, "wait_seconds": wait.as_secs_f64() }),
        ),
        Event::Backfill {
            step,
            table,
            page,
            pages,
            rows,
            rate,
            left,
        } => of(
            "backfill",
            Some(step),
            json!({ "table": table, "page": page, "pages": pages, "rows": rows, "rows_per_second": rate,
                    "seconds_left": left.map(|left| left.as_secs_f64()) }),
        ),
        Event::Throttled { step, reason } => of("rests", Some(step), json!({ "reason": reason })),
        Event::Stopping(step) => of("stopping", Some(step), Value::Null),
        Event::Notice(text) => of("notice", None, json!({ "text": text })),
    }
}
