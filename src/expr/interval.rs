//! Interval constants in one spelling, for the plain forms.

/// `1 day`, `1 days`, `24:00:00`, `1 year 2 mons 3 days 04:05:06.7`: as months, days and microseconds, which is how PostgreSQL
/// stores them. `None` for anything else, negative values included (their reading depends on a setting).
pub(super) fn canonical(text: &str) -> Option<String> {
    let (mut months, mut days, mut micros) = (0i64, 0i64, 0i64);
    let lower = text.to_ascii_lowercase();
    let spaced = space_units(&lower);
    let mut words = spaced.split_ascii_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if word.contains(':') {
            micros = micros.checked_add(clock(word)?)?;
            continue;
        }
        if word.len() > 9 || !word.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let count: i64 = word.parse().ok()?;
        let (total, factor) = match words.next()? {
            "microsecond" | "microseconds" | "us" | "usec" | "usecs" => (&mut micros, 1),
            "millisecond" | "milliseconds" | "ms" | "msec" | "msecs" => (&mut micros, 1_000),
            "second" | "seconds" | "sec" | "secs" | "s" => (&mut micros, 1_000_000),
            "minute" | "minutes" | "min" | "mins" | "m" => (&mut micros, 60_000_000),
            "hour" | "hours" | "hr" | "hrs" | "h" => (&mut micros, 3_600_000_000),
            "day" | "days" | "d" => (&mut days, 1),
            "week" | "weeks" | "w" => (&mut days, 7),
            "month" | "months" | "mon" | "mons" => (&mut months, 1),
            "year" | "years" | "yr" | "yrs" | "y" => (&mut months, 12),
            _ => return None,
        };
        *total = total.checked_add(count.checked_mul(factor)?)?;
    }
    // Larger values may not fit; leave them alone.
    if months > i64::from(i32::MAX) || days > i64::from(i32::MAX) {
        return None;
    }
    Some(print(months, days, micros))
}

fn print(months: i64, days: i64, micros: i64) -> String {
    let mut parts = Vec::new();
    if months != 0 {
        parts.push(format!("{months} mons"));
    }
    if days != 0 {
        parts.push(format!("{days} days"));
    }
    if micros != 0 || parts.is_empty() {
        let seconds = micros / 1_000_000;
        let mut clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        if micros % 1_000_000 != 0 {
            clock.push_str(&format!(".{:06}", micros % 1_000_000));
        }
        parts.push(clock);
    }
    parts.join(" ")
}

/// `1day` as `1 day`.
fn space_units(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut previous = ' ';
    for c in text.chars() {
        if previous.is_ascii_digit() && c.is_ascii_alphabetic() {
            out.push(' ');
        }
        out.push(c);
        previous = c;
    }
    out
}

/// `HH:MM:SS[.ffffff]` in microseconds.
fn clock(word: &str) -> Option<i64> {
    let mut parts = word.split(':');
    let hours: i64 = digits(parts.next()?, 8)?;
    let minutes: i64 = digits(parts.next()?, 2)?;
    let seconds = parts.next()?;
    if parts.next().is_some() || minutes > 59 {
        return None;
    }
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let whole: i64 = digits(whole, 2)?;
    if whole > 59 || fraction.is_empty() || fraction.len() > 6 {
        return None;
    }
    let fraction = digits(&format!("{fraction:0<6}"), 6)?;
    hours
        .checked_mul(3600)?
        .checked_add(minutes * 60 + whole)?
        .checked_mul(1_000_000)?
        .checked_add(fraction)
}

fn digits(text: &str, longest: usize) -> Option<i64> {
    let fine = !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit());
    if fine { text.parse().ok() } else { None }
}
