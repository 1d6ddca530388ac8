//! The numbers that runners order migrations by. Nothing here looks at a clock: numbers follow those that are there, or what was
//! asked for.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{ExportError, Request};

const STAMP: &str = "%Y%m%d%H%M%S";

/// How a runner numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
    /// Any number; the first one, and how wide it is written.
    Number(u64, usize),
    /// Any number, but one that is there or asked for: users of the runner expect a point in time.
    Asked,
    /// A point in time, `YYYYMMDDHHMMSS`.
    Stamp,
    /// A point in time in milliseconds since 1970.
    Millis,
}

/// A version with its width.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    number: u64,
    width: usize,
}

/// The versions of `count` files.
pub(super) fn versions(numbering: Numbering, request: &Request<'_>, count: usize) -> Result<Vec<String>, ExportError> {
    let mut next = match &request.version_from {
        Some(text) => asked(numbering, text)?,
        None => match highest(request) {
            Some(version) => following(&version),
            None => first(numbering, request)?,
        },
    };
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(format!("{:0width$}", next.number, width = next.width));
        next = following(&next);
    }
    Ok(list)
}

fn asked(numbering: Numbering, text: &str) -> Result<Version, ExportError> {
    let wrong = |what: &str| {
        ExportError::usage(format!("`{text}` is no version for --version-from: {what}")).hint("such as 20261121120000")
    };
    let number: u64 = match text.parse() {
        Ok(number) if text.bytes().all(|byte| byte.is_ascii_digit()) => number,
        _ => return Err(wrong("it must be a number")),
    };
    let version = Version {
        number,
        width: text.len(),
    };
    match numbering {
        Numbering::Stamp if stamp(&version).is_none() => {
            Err(wrong("this runner needs a point in time, YYYYMMDDHHMMSS"))
        }
        Numbering::Millis => match stamp(&version).and_then(|time| TimeZone::UTC.to_timestamp(time).ok()) {
            Some(time) => Ok(Version {
                number: u64::try_from(time.as_millisecond()).unwrap_or(number),
                width: 13,
            }),
            None if text.len() == 13 => Ok(version),
            None => Err(wrong(
                "this runner needs YYYYMMDDHHMMSS, or milliseconds since 1970 with 13 digits",
            )),
        },
        _ => Ok(version),
    }
}

fn first(numbering: Numbering, request: &Request<'_>) -> Result<Version, ExportError> {
    match numbering {
        Numbering::Number(number, width) => Ok(Version { number, width }),
        _ => Err(ExportError::usage(format!(
            "{} numbers migrations by time, and the folder has none to count on from",
            request.runner
        ))
        .hint("give the first one: --version-from \"$(date -u +%Y%m%d%H%M%S)\"")),
    }
}

/// The highest version among the names that are there.
fn highest(request: &Request<'_>) -> Option<Version> {
    request
        .others()
        .filter_map(|file| version_of(&file.path))
        .max_by_key(|version| version.number)
}

/// The number that a name begins with; `V` and `U` before it, and the marks of a date inside it, do not count.
fn version_of(path: &str) -> Option<Version> {
    let name = path.split('/').next().unwrap_or(path);
    if !path.contains('/') && !name.contains('.') {
        return None;
    }
    let name = name.strip_prefix(['V', 'U']).unwrap_or(name);
    let digits = dated(name).unwrap_or_else(|| name.chars().take_while(char::is_ascii_digit).collect());
    let number = digits.parse().ok()?;
    Some(Version {
        number,
        width: digits.len(),
    })
}

/// `2026_11_21_120000` of Laravel, `2026-11-21-120000` of Diesel.
fn dated(name: &str) -> Option<String> {
    let head = name.get(..17)?;
    let digits: String = head.chars().filter(char::is_ascii_digit).collect();
    let marks = [4, 7, 10]
        .iter()
        .all(|&at| matches!(head.as_bytes().get(at), Some(b'_' | b'-')));
    (digits.len() == 14 && marks).then_some(digits)
}

fn stamp(version: &Version) -> Option<DateTime> {
    let text = version.number.to_string();
    (text.len() == 14)
        .then(|| DateTime::strptime(STAMP, &text).ok())
        .flatten()
}

/// A point in time is followed by the next second, anything else by the next number.
fn following(version: &Version) -> Version {
    let next = stamp(version)
        .and_then(|time| time.checked_add(SignedDuration::from_secs(1)).ok())
        .and_then(|time| time.strftime(STAMP).to_string().parse().ok());
    Version {
        number: next.unwrap_or_else(|| version.number.saturating_add(1)),
        width: version.width,
    }
}

/// `20261121120000` as Laravel writes it.
pub(super) fn laravel(version: &str) -> String {
    let part = |range| version.get(range).unwrap_or_default();
    format!("{}_{}_{}_{}", part(0..4), part(4..6), part(6..8), part(8..14))
}

/// `20261121120000` as Sqitch writes it.
pub(super) fn iso(version: &str) -> String {
    let part = |range| version.get(range).unwrap_or_default();
    format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0..4),
        part(4..6),
        part(6..8),
        part(8..10),
        part(10..12),
        part(12..14)
    )
}

/// `20261121120000` in milliseconds since 1970.
pub(super) fn millis(version: &str) -> Option<i64> {
    let time = DateTime::strptime(STAMP, version).ok()?;
    TimeZone::UTC.to_timestamp(time).ok().map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::{Version, following, version_of};

    fn next(path: &str) -> Option<(u64, usize)> {
        version_of(path)
            .map(|version| following(&version))
            .map(|Version { number, width }| (number, width))
    }

    #[test]
    fn versions_follow_each_other() {
        assert_eq!(next("000012_a.up.sql"), Some((13, 6)));
        assert_eq!(next("V7__a.sql"), Some((8, 1)));
        assert_eq!(next("20261231235959_a.sql"), Some((20_270_101_000_000, 14)));
        assert_eq!(next("2026_11_21_120000_a.php"), Some((20_261_121_120_001, 14)));
        assert_eq!(next("2026-11-21-120000-0000_a/up.sql"), Some((20_261_121_120_001, 14)));
        assert_eq!(next("1795262400000_a.js"), Some((1_795_262_400_001, 13)));
        assert_eq!(next("README.md"), None);
    }
}
