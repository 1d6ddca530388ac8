//! How far the readers of the write-ahead log are behind, in time: decisions without a server.
//!
//! The age of what a reader has not read tells too late: a standby that replays slowly goes on falling behind when nothing is
//! written any more. So the time counts too that it needs for what is there, and for what comes before the next look, at the speed
//! that it has shown.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Over how long a speed is measured.
const WINDOW: Duration = Duration::from_secs(2);

/// The most positions of the log that are kept.
const MOST: usize = 3600;

/// How much faster a reader may be than it has shown, each time that it has kept pace.
const FASTER: f64 = 1.5;

/// The least share.
const LEAST_SHARE: f64 = 1.0 / 64.0;

/// Where the log and its readers were, at several times.
#[derive(Debug)]
pub(super) struct Lag {
    /// Ends of the log, each with the last time at which it ended there.
    log: Vec<(Instant, i64)>,
    readers: HashMap<String, Reader>,
    /// Where the log ended at the look before the last one.
    before: i64,
    /// Whether the workers have worked between those two.
    worked: bool,
    /// Bytes that came between two looks while the workers worked: about as many come before the next one.
    stride: i64,
    /// The share of its usual size that a batch may have.
    share: f64,
}

#[derive(Debug, Default)]
struct Reader {
    /// From the last time on at which it had read everything.
    seen: Vec<(Instant, i64)>,
    /// Bytes a second, once it has been seen to be behind.
    speed: Option<f64>,
}

impl Default for Lag {
    fn default() -> Self {
        Self {
            log: Vec::new(),
            readers: HashMap::new(),
            before: 0,
            worked: false,
            stride: 0,
            share: 1.0,
        }
    }
}

impl Lag {
    /// Notes where the log ends now, in bytes, and whether the workers have worked since the last time.
    pub(super) fn note(&mut self, at: Instant, position: i64, worked: bool) {
        self.before = self.log.last().map_or(position, |(_, last)| *last);
        self.worked = worked;
        self.stride = if worked {
            (position - self.before).max(self.stride / 2)
        } else {
            // The longer they rest, the less it says: somebody who only seems to be slow keeps them from nothing for good.
            self.stride - self.stride / 8
        };
        match self.log.last_mut() {
            Some((then, last)) if *last >= position => *then = at,
            _ => self.log.push((at, position)),
        }
        if self.log.len() > MOST {
            self.log.remove(0);
        }
    }

    /// Notes how far somebody has read, and says how far behind that will be at the next look: the age of the first thing not read,
    /// or the time that all of it takes, whichever is longer. While nothing is seen to be read, the age counts twice.
    pub(super) fn behind(&mut self, who: &str, at: Instant, read: i64) -> Duration {
        let written = self.log.last().map_or(read, |(_, position)| *position);
        let reader = self.readers.entry(who.to_owned()).or_default();
        reader.seen.push((at, read));
        // The first that is kept is at least as old as the window is long, where there is one.
        let recent = reader
            .seen
            .partition_point(|(then, _)| at.saturating_duration_since(*then) > WINDOW);
        reader.seen.drain(..recent.saturating_sub(1));
        let (since, from) = reader.seen[0];
        let progress = read - from;
        let shown = progress as f64 / at.saturating_duration_since(since).as_secs_f64().max(0.001);
        // Who has read what was there at the look before keeps pace, and may be faster than what it was given to read.
        let keeps_pace = read >= self.before;
        let speed = match reader.speed.filter(|_| keeps_pace) {
            Some(known) if progress > self.stride / 2 => shown.max(known * FASTER),
            Some(known) => shown.max(known),
            None => shown,
        };
        if progress > 0 && (reader.speed.is_some() || !keeps_pace) {
            reader.speed = Some(speed);
        }
        if read >= written {
            reader.seen = vec![(at, read)];
            return Duration::ZERO;
        }
        // It was written after the last look that found the log to end before it.
        let age = self
            .log
            .iter()
            .rev()
            .find(|(_, position)| *position <= read)
            .or(self.log.first())
            .map_or(Duration::ZERO, |(then, _)| at.saturating_duration_since(*then));
        if progress <= 0 {
            return age * 2;
        }
        let coming = if keeps_pace { 0 } else { self.stride };
        let takes = (written - read).saturating_add(coming) as f64 / speed;
        age.max(Duration::try_from_secs_f64(takes).unwrap_or(Duration::MAX))
    }

    /// After all readers have been noted: the share of its usual size that a batch may have, so that what comes between two looks takes
    /// the slowest of them half of the time that is allowed.
    pub(super) fn share(&mut self, at: Instant, allowed: Duration) -> f64 {
        self.readers
            .retain(|_, reader| reader.seen.last().is_some_and(|(then, _)| *then == at));
        if self.readers.is_empty() {
            self.share = 1.0;
            return 1.0;
        }
        let slowest = self
            .readers
            .values()
            .filter_map(|reader| reader.speed)
            .min_by(f64::total_cmp);
        if let Some(speed) = slowest
            && self.worked
            && self.stride > 0
        {
            let takes = self.stride as f64 / speed;
            let wanted = self.share * allowed.as_secs_f64() / 2.0 / takes;
            self.share = wanted.clamp(self.share / 2.0, self.share * 2.0).clamp(LEAST_SHARE, 1.0);
        }
        self.share
    }

    /// Whether anybody reads the log.
    pub(super) fn is_read(&self) -> bool {
        !self.readers.is_empty()
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
        lag.note(at(0), 100, false);
        assert_eq!(lag.behind("a", at(0), 100), Duration::ZERO);
        lag.note(at(1), 200, false);
        lag.note(at(5), 300, false);
        assert_eq!(lag.behind("a", at(6), 200), Duration::from_secs(6));
        assert_eq!(lag.behind("a", at(7), 300), Duration::ZERO);
    }

    #[test]
    fn what_is_not_read_is_as_old_as_the_last_look_that_did_not_see_it() {
        let at = times();
        let mut lag = Lag::default();
        lag.note(at(0), 100, false);
        lag.behind("a", at(0), 100);
        lag.note(at(10), 100, false);
        lag.behind("a", at(10), 100);
        // Written between 10 and 12.
        lag.note(at(12), 200, false);
        assert_eq!(lag.behind("a", at(12), 100), Duration::from_secs(4));
    }

    #[test]
    fn who_reads_slowly_is_behind_by_the_time_that_the_rest_takes() {
        let at = times();
        let mut lag = Lag::default();
        lag.note(at(0), 0, false);
        assert_eq!(lag.behind("a", at(0), 0), Duration::ZERO);
        // A hundred a second are written, ten are read.
        lag.note(at(1), 100, false);
        assert_eq!(lag.behind("a", at(1), 10), Duration::from_secs(9));
        lag.note(at(2), 200, false);
        assert_eq!(lag.behind("a", at(2), 20), Duration::from_secs(18));
    }

    #[test]
    fn what_the_workers_will_write_counts_as_well() {
        let at = times();
        let mut lag = Lag::default();
        lag.note(at(0), 0, true);
        lag.behind("a", at(0), 0);
        lag.note(at(1), 100, true);
        lag.note(at(2), 200, true);
        // A hundred and fifty are left, and a hundred will come, at twenty-five a second.
        assert_eq!(lag.behind("a", at(2), 50), Duration::from_secs(10));
        // While they rest, what they wrote before counts less and less.
        lag.note(at(3), 200, false);
        assert_eq!(
            lag.behind("a", at(3), 100),
            Duration::from_secs_f64(188.0 / (100.0 / 3.0))
        );
    }

    #[test]
    fn who_stands_still_is_told_early() {
        let at = times();
        let mut lag = Lag::default();
        lag.note(at(0), 0, false);
        lag.behind("a", at(0), 0);
        lag.note(at(1), 100, false);
        assert_eq!(lag.behind("a", at(4), 0), Duration::from_secs(8));
    }

    /// Other work goes on while the workers rest, so that a reader never has everything, and shows no more speed than that work needs.
    #[test]
    fn who_reads_along_with_little_work_keeps_nobody_from_more() {
        let (start, tick) = (Instant::now(), Duration::from_millis(100));
        for late in [1, 3] {
            let (mut lag, mut ends, mut worked, mut turns) = (Lag::default(), vec![0], false, 0);
            for turn in 0..300 {
                let at = start + tick * turn;
                let end = *ends.last().expect("an end");
                lag.note(at, end, worked);
                let read = ends[ends.len().saturating_sub(late + 1)] + 10 * i64::from(late == 1);
                let behind = lag.behind("a", at, read.min(end - 1));
                let share = lag.share(at, tick * 5);
                worked = behind <= tick * 5;
                turns += u32::from(worked);
                ends.push(end + 100 + if worked { (100_000.0 * share) as i64 } else { 0 });
            }
            assert!(turns > 100, "{late} looks late: only {turns}");
        }
    }

    /// A server whose workers write a million bytes a second, if they may, and a reader of so many; the furthest that it gets behind, in
    /// seconds, and what it has read after a minute.
    fn played(reads: i64, allowed: Duration) -> (f64, i64) {
        let (start, mut passed) = (Instant::now(), Duration::ZERO);
        let mut lag = Lag::default();
        let (mut written, mut read, mut worked, mut furthest) = (0, 0, false, 0.0_f64);
        while passed < Duration::from_secs(60) {
            let at = start + passed;
            lag.note(at, written, worked);
            let behind = lag.behind("a", at, read);
            let share = lag.share(at, allowed);
            worked = behind <= allowed;
            let tick = if !worked {
                Duration::from_millis(100)
            } else if share < 1.0 || passed < Duration::from_secs(1) {
                Duration::from_millis(25).mul_f64(share)
            } else {
                Duration::from_millis(100)
            };
            if worked {
                written += (1_000_000.0 * tick.as_secs_f64()) as i64;
            }
            furthest = furthest.max((written - read) as f64 / reads as f64);
            read = written.min(read + (reads as f64 * tick.as_secs_f64()) as i64);
            passed += tick;
        }
        (furthest, read)
    }

    #[test]
    fn the_slowest_reader_sets_the_pace() {
        for reads in [2_000_000, 500_000, 100_000, 40_000] {
            let (furthest, read) = played(reads, Duration::from_millis(500));
            // What comes in the first moment counts, as nobody knows then how fast it reads.
            assert!(furthest <= 1.0, "{reads}: {furthest}");
            assert!(read > reads.min(1_000_000) * 60 / 2, "{reads}: only {read}");
        }
    }

    /// What it says of itself comes once a second, and is then true.
    #[test]
    fn who_tells_late_is_not_taken_to_be_slow() {
        let (start, tick) = (Instant::now(), Duration::from_millis(100));
        for others in [0, 10, 1000] {
            let (mut lag, mut written, mut told, mut worked) = (Lag::default(), 0, 0, false);
            for turn in 0..600 {
                let at = start + tick * turn;
                lag.note(at, written, worked);
                if turn % 10 == 0 {
                    told = written;
                }
                let behind = lag.behind("a", at, told);
                let share = lag.share(at, tick * 5);
                worked = behind <= tick * 5;
                written += others;
                if worked {
                    written += (100_000.0 * share) as i64;
                }
            }
            assert!(written > 6_000_000, "beside {others}: only {written}");
        }
    }

    #[test]
    fn without_readers_batches_have_their_usual_size() {
        assert_eq!(Lag::default().share(Instant::now(), Duration::from_secs(1)), 1.0);
    }
}
