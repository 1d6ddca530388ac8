//! How much a batch holds and how long a worker rests: decisions without a server.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The fewest pages of a range.
const FEWEST: i64 = 8;
/// The most pages of a range: 64 MB.
const MOST: i64 = 8192;
/// The pages of the first range: 4 MB.
const FIRST: i64 = 512;

/// Seconds of a batch below which nothing but the settings makes it shorter: more of it would be its commit than its rows.
const SHORTEST: f64 = 0.01;

/// How hard a backfill works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Workers, each with a session of its own.
    pub jobs: u16,
    /// Seconds that a batch should take; the rows that it writes are locked that long.
    pub batch_time: f64,
    /// The share of the time in which a worker works, above 0 and at most 1; it rests for the other part.
    pub duty: f64,
    /// Seconds that standbys and active logical slots may be behind; the workers rest from a third of it on. 0: not watched.
    pub max_lag: f64,
    /// A query; while its first column is true, the workers rest.
    pub pause_when: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            jobs: 1,
            batch_time: 0.3,
            duty: 1.0,
            max_lag: 10.0,
            pause_when: None,
        }
    }
}

impl Settings {
    /// What is wrong with them.
    pub fn problem(&self) -> Option<&'static str> {
        if !(1..=64).contains(&self.jobs) {
            Some("a backfill has 1 to 64 workers (`jobs`)")
        } else if !(0.001..=30.0).contains(&self.batch_time) {
            Some("a batch of a backfill takes 0.001 to 30 seconds (`batch_time`)")
        } else if !(self.duty > 0.0 && self.duty <= 1.0) {
            Some("the duty of a backfill is above 0 and at most 1 (`duty`)")
        } else if !(self.max_lag >= 0.0 && self.max_lag.is_finite()) {
            Some("the lag that a backfill allows is a number of seconds from 0 (`max_lag`)")
        } else {
            None
        }
    }
}

/// A backfill looks at least this many times at the readers of its log in the time that they may be behind.
const LOOKS: f64 = 10.0;

impl Settings {
    /// Seconds that a batch should take: what it writes must fit well into the time that standbys may be behind.
    fn batch_time(&self) -> f64 {
        if self.max_lag > 0.0 {
            self.batch_time.min((self.max_lag / LOOKS).max(SHORTEST))
        } else {
            self.batch_time
        }
    }

    /// How far behind readers may be going to be: a part of what is allowed, as they read unevenly and their news take time.
    pub(super) fn rest_from(&self) -> Duration {
        Duration::try_from_secs_f64(self.max_lag / 3.0).unwrap_or(Duration::MAX)
    }

    /// How often the server is asked whether there is a reason to rest.
    pub(super) fn look(&self) -> Duration {
        let seconds = if self.max_lag > 0.0 { self.max_lag / LOOKS } else { 0.5 };
        Duration::from_secs_f64(seconds.clamp(0.1, 0.5))
    }
}

/// Steers the pages of a range so that one batch takes the time that is asked for.
#[derive(Debug)]
pub(super) struct Pace {
    target: f64,
    /// The share of that time which readers of the log leave.
    share: f64,
    /// Pages of the next range.
    pub(super) span: i64,
}

impl Pace {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            target: settings.batch_time(),
            share: 1.0,
            span: FIRST,
        }
    }

    /// Takes the share of the usual size that is left for a batch, above 0 and at most 1.
    pub(super) fn heed(&mut self, share: f64) {
        if share != self.share {
            self.span = ((self.span as f64 * share / self.share) as i64).clamp(FEWEST, MOST);
            self.share = share;
        }
    }

    /// Learns how long a batch took. It halves or doubles at most: one slow batch is not yet a rule.
    pub(super) fn learn(&mut self, took: Duration) {
        let target = (self.target * self.share).max(self.target.min(SHORTEST));
        let wanted = self.span as f64 * target / took.as_secs_f64().max(0.0001);
        // The cast saturates, and the bounds follow.
        self.span = (wanted.round() as i64)
            .clamp(self.span / 2, self.span * 2)
            .clamp(FEWEST, MOST);
    }

    /// Whether ranges cannot get smaller.
    pub(super) fn is_smallest(&self) -> bool {
        self.span <= FEWEST
    }

    /// Somebody waits for rows of ours, or a batch ran into its time limit.
    pub(super) fn ease(&mut self) {
        self.span = (self.span / 2).max(FEWEST);
    }
}

/// How long a worker rests after a batch, for its duty.
pub(super) fn rest(settings: &Settings, took: Duration) -> Duration {
    took.mul_f64(1.0 / settings.duty.clamp(0.001, 1.0) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_grow_and_shrink_within_bounds() {
        let mut pace = Pace::new(&Settings::default());
        pace.learn(Duration::from_millis(10));
        assert_eq!(pace.span, 1024);
        pace.learn(Duration::from_millis(400));
        assert_eq!(pace.span, 768);
        pace.learn(Duration::from_secs(5));
        assert_eq!(pace.span, 384);
        (0..20).for_each(|_| pace.learn(Duration::ZERO));
        assert_eq!(pace.span, MOST);
        (0..20).for_each(|_| pace.ease());
        assert_eq!(pace.span, FEWEST);
    }

    #[test]
    fn a_share_of_the_time_is_a_share_of_the_pages() {
        let mut pace = Pace::new(&Settings::default());
        pace.heed(0.125);
        assert_eq!(pace.span, 64);
        // An eighth of 300 ms.
        pace.learn(Duration::from_micros(37_500));
        assert_eq!(pace.span, 64);
        pace.heed(0.25);
        assert_eq!(pace.span, 128);
    }

    #[test]
    fn a_quarter_of_the_time_leaves_three_quarters_of_rest() {
        let settings = Settings {
            duty: 0.25,
            ..Settings::default()
        };
        assert_eq!(rest(&settings, Duration::from_secs(1)), Duration::from_secs(3));
        assert_eq!(rest(&Settings::default(), Duration::from_secs(1)), Duration::ZERO);
    }

    #[test]
    fn a_narrow_bound_of_the_lag_makes_batches_shorter() {
        let narrow = Settings {
            max_lag: 1.0,
            ..Settings::default()
        };
        assert_eq!(narrow.batch_time(), 0.1);
        assert_eq!(narrow.look(), Duration::from_millis(100));
        assert_eq!(Settings::default().batch_time(), 0.3);
        assert_eq!(Settings::default().look(), Duration::from_millis(500));
    }

    #[test]
    fn settings_out_of_bounds_are_told() {
        assert_eq!(Settings::default().problem(), None);
        for wrong in [
            Settings {
                jobs: 0,
                ..Settings::default()
            },
            Settings {
                duty: 0.0,
                ..Settings::default()
            },
            Settings {
                duty: f64::NAN,
                ..Settings::default()
            },
            Settings {
                batch_time: 0.0,
                ..Settings::default()
            },
            Settings {
                max_lag: -1.0,
                ..Settings::default()
            },
        ] {
            assert!(wrong.problem().is_some(), "{wrong:?}");
        }
    }
}
