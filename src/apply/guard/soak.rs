//! How long the phases before contract have been over.

use std::time::Duration;

use crate::apply::journal::Times;
pub(crate) use crate::plan::switch::words;

/// What is said while the time has not come.
pub(super) fn left(wanted: Duration, times: &Times) -> Option<String> {
    if wanted.is_zero() {
        return None;
    }
    // A clock that was set back shows a negative time.
    let over = Duration::try_from_secs_f64(times.now - times.ready.unwrap_or(times.now)).unwrap_or_default();
    let left = wanted.checked_sub(over).filter(|left| !left.is_zero())?;
    Some(format!(
        "the phases before it ended {} ago, and contract_after asks for {}: {} are left",
        words(over),
        words(wanted),
        words(left)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_until_it_is_over() {
        let hour = Duration::from_secs(3600);
        let since = |seconds: f64| Times {
            now: 1e9,
            ready: Some(1e9 - seconds),
            expanded: None,
        };
        assert_eq!(left(Duration::ZERO, &since(0.0)), None);
        assert_eq!(left(hour, &since(3600.0)), None);
        let text = left(hour, &since(900.0)).expect("too early");
        assert!(
            text.contains("ended 15m ago") && text.ends_with("45m are left"),
            "{text}"
        );
        // A clock that was set back.
        let text = left(hour, &since(-50.0)).expect("too early");
        assert!(text.ends_with("1h are left"), "{text}");
    }
}
