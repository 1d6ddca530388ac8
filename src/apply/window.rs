//! Maintenance windows: when a run may change the database.

use std::str::FromStr;

use jiff::civil::{Time, Weekday};
use jiff::{ToSpan, Zoned};

/// A time of the week, such as `mon-fri 22:00-04:00`. One that ends before it begins goes on over midnight and belongs to the
/// day on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The days on which it begins.
    days: Vec<Weekday>,
    begin: Time,
    /// `None` is the end of the day.
    end: Option<Time>,
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no window; write it like `mon-fri 22:00-04:00`, `sat,sun 00:00-24:00` or `daily 01:00-05:00`"
            )
        };
        let (days, times) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let (begin, end) = times.trim().split_once('-').ok_or_else(wrong)?;
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).map_err(|_| wrong());
        Ok(Self {
            days: read_days(days).ok_or_else(wrong)?,
            begin: time(begin)?,
            end: if end.trim() == "24:00" { None } else { Some(time(end)?) },
        })
    }
}

fn read_days(text: &str) -> Option<Vec<Weekday>> {
    let number = |word: &str| DAYS.iter().position(|(name, _)| *name == word.trim().to_lowercase());
    if text == "daily" {
        return Some(DAYS.iter().map(|(_, day)| *day).collect());
    }
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut at, last) = (number(first)?, number(last)?);
        loop {
            days.push(DAYS[at].1);
            if at == last {
                break;
            }
            at = (at + 1) % DAYS.len();
        }
    }
    Some(days)
}

impl Window {
    /// The window that begins on the day of a time: from when to when.
    fn on(&self, day: &Zoned) -> Option<(Zoned, Zoned)> {
        if !self.days.contains(&day.weekday()) {
            return None;
        }
        let at = |date: jiff::civil::Date, time: Time| date.to_datetime(time).to_zoned(day.time_zone().clone()).ok();
        let date = day.date();
        let tomorrow = date.tomorrow().ok()?;
        let end = match self.end {
            None => at(tomorrow, Time::midnight())?,
            Some(end) if end > self.begin => at(date, end)?,
            Some(end) => at(tomorrow, end)?,
        };
        Some((at(date, self.begin)?, end))
    }
}

/// Whether a time is in one of the windows; if not, when the next one begins. Without windows any time will do.
pub fn check(windows: &[Window], now: &Zoned) -> Result<(), Option<Zoned>> {
    if windows.is_empty() {
        return Ok(());
    }
    let mut next: Option<Zoned> = None;
    // A window of yesterday may go on until today; a week ahead every window has begun.
    for offset in -1..=7i64 {
        let Ok(day) = now.checked_add(offset.days()) else {
            continue;
        };
        for (begin, end) in windows.iter().filter_map(|window| window.on(&day)) {
            if begin <= *now && *now < end {
                return Ok(());
            }
            if begin > *now && next.as_ref().is_none_or(|next| begin < *next) {
                next = Some(begin);
            }
        }
    }
    Err(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(windows: &[&str], now: &str) -> String {
        let windows: Vec<Window> = windows.iter().map(|text| text.parse().expect("a window")).collect();
        match check(&windows, &now.parse().expect("a time")) {
            Ok(()) => "in".into(),
            Err(next) => next.map_or("never".into(), |next| next.strftime("%a %H:%M").to_string()),
        }
    }

    #[test]
    fn nights_go_on_over_midnight() {
        // 2026-11-20 is a Friday.
        for (now, expected) in [
            ("2026-11-20T21:59[UTC]", "Fri 22:00"),
            ("2026-11-20T22:00[UTC]", "in"),
            ("2026-11-21T03:59[UTC]", "in"),
            ("2026-11-21T04:00[UTC]", "Mon 22:00"),
            ("2026-11-22T23:00[UTC]", "Mon 22:00"),
        ] {
            assert_eq!(ask(&["mon-fri 22:00-04:00"], now), expected, "{now}");
        }
    }

    #[test]
    fn several_windows_and_the_clock_of_a_place() {
        let windows = ["sat,sun 00:00-24:00", "daily 01:00-02:00"];
        assert_eq!(ask(&windows, "2026-11-22T23:59[Europe/Berlin]"), "in");
        assert_eq!(ask(&windows, "2026-11-23T00:00[Europe/Berlin]"), "Mon 01:00");
        // In this night clocks go from 02:00 to 03:00: the hour in between does not exist.
        assert_eq!(
            ask(&["daily 02:30-02:45"], "2026-03-29T01:59[Europe/Berlin]"),
            "Sun 03:30"
        );
        assert_eq!(ask(&[], "2026-11-23T00:00[UTC]"), "in");
    }

    #[test]
    fn what_is_no_window_is_told() {
        for text in ["", "mon", "mon 25:00-26:00", "moon 01:00-02:00", "mon 01:00"] {
            assert!(text.parse::<Window>().is_err(), "{text}");
        }
    }
}
