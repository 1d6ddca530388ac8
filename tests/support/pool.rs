//! Many cases on a few workers, in the order given; every failure is told at the end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Runs `work` on each item. `PGPHASE_JOBS` sets the number of workers.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = std::env::var("PGPHASE_JOBS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3);
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<R>>> = Mutex::new(items.iter().map(|_| None).collect());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(place) else { break };
                    let result = work(item);
                    if let Ok(mut results) = results.lock() {
                        results[place] = Some(result);
                    }
                }
            });
        }
    });
    results
        .into_inner()
        .expect("no worker panicked")
        .into_iter()
        .flatten()
        .collect()
}

/// Runs `work`, turning a panic into an error.
pub(crate) fn guarded<R>(work: impl FnOnce() -> Result<R, String>) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let text = payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(text.unwrap_or_else(|| "panicked".to_owned()))
    })
}

/// Whether the case is wanted: `PGPHASE_CASE=part,part` narrows a run to names that contain one of the parts.
pub(crate) fn wanted(name: &str) -> bool {
    std::env::var("PGPHASE_CASE").map_or(true, |parts| parts.split(',').any(|part| name.contains(part)))
}
