//! How far the readers of the write-ahead log are behind, in time: decisions without a server.
//!
//! The age of what a reader has not read tells too late: a standby that replays slowly goes on falling behind when nothing is
//! written any more. So the time counts too that it needs for what is there, at the speed that it has shown.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Over how long a speed is measured.
const WINDOW: Duration = Duration::from_secs(2);

/// The most positions of the log that are kept.
const MOST: usize = 3600;

/// Where the log and its readers were, at several times.
#[derive(Debug, Default)]
pub(super) struct Lag {
    log: Vec<(Instant, i64)>,
    /// Of each reader, from the last time on at which it had read everything.
    readers: HashMap<String, Vec<(Instant, i64)>>,
}

impl Lag {
    /// Notes where the log is now, in bytes.
    pub(super) fn note(&mut self, at: Instant, position: i64) {
        if self.log.last().is_none_or(|(_, last)| *last < position) {
            self.log.push((at, position));
        }
        if self.log.len() > MOST {
            self.log.remove(0);
        }
    }

    /// Notes how far somebody has read, and says how far behind that is: the age of the first thing not read, or the time that
    /// all of it takes, whichever is longer. While nothing is seen to be read, the age counts twice.
    pub(super) fn behind(&mut self, who: &str, at: Instant, read: i64) -> Duration {
        let written = self.log.last().map_or(read, |(_, position)| *position);
        let seen = self.readers.entry(who.to_owned()).or_default();
        if read >= written {
            *seen = vec![(at, read)];
            return Duration::ZERO;
        }
        seen.push((at, read));
        // The first that is kept is at least as old as the window is long, where there is one.
        let recent = seen.partition_point(|(then, _)| at.saturating_duration_since(*then) > WINDOW);
        seen.drain(..recent.saturating_sub(1));
        let age = self
            .log
            .iter()
            .find(|(_, position)| *position > read)
            .map_or(Duration::ZERO, |(noted, _)| at.saturating_duration_since(*noted));
        let (since, from) = seen[0];
        let progress = read - from;
        if progress <= 0 {
            return age * 2;
        }
        let speed = progress as f64 / at.saturating_duration_since(since).as_secs_f64().max(0.001);
        age.max(Duration::from_secs_f64((written - read) as f64 / speed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times() -> impl Fn(u64) -> Instant {
        let start = Instant::now();
        move |seconds| start + Duration::from_secs(seconds)
    }

    #[test]
    fn who_reads_along_is_as_far_behind_as_what_is_not_read_is_old() {
        let at = times();
        let mut lag = Lag::default();
        lag.note(at(0), 100);
        assert_eq!(lag.behind("a", at(0), 100), Duration::ZERO);
        lag.note(at(1), 200);
        lag.note(at(5), 300);
        assert_eq!(lag.behind("a", at(6), 200), Duration::from_secs(6));
        assert_eq!(lag.behind("a", at(7), 300), Duration::ZERO);
    }

    #[test]
    fn who_reads_slowly_is_behind_by_the_time_that_the_rest_takes() {
        let at = times();
        let mut lag = Lag::default();
        lag.note(at(0), 0);
        assert_eq!(lag.behind("a", at(0), 0), Duration::ZERO);
        // A hundred a second are written, ten are read.
        lag.note(at(1), 100);
        assert_eq!(lag.behind("a", at(1), 10), Duration::from_secs(9));
        lag.note(at(2), 200);
        assert_eq!(lag.behind("a", at(2), 20), Duration::from_secs(18));
    }

    #[test]
    fn who_stands_still_is_told_early() {
        let at = times();
        let mut lag = Lag::default();
        lag.note(at(0), 0);
        lag.behind("a", at(0), 0);
        lag.note(at(1), 100);
        assert_eq!(lag.behind("a", at(4), 0), Duration::from_secs(6));
    }
}
