//! Drift as metrics, for the textfile collector of the node exporter: no timestamps, a line feed at the end.

use std::fmt::Write as _;

use super::{DriftReport, State};

/// The metrics; `now` is when the run ended, in seconds since 1970.
pub fn prometheus(report: &DriftReport, now: i64) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, report, now);
    out
}

fn write(out: &mut String, report: &DriftReport, now: i64) -> std::fmt::Result {
    head(out, "pgphase_build_info", "The version of pgphase that looked.")?;
    writeln!(
        out,
        "pgphase_build_info{{version=\"{}\"}} 1",
        label(env!("CARGO_PKG_VERSION"))
    )?;
    head(
        out,
        "pgphase_drift_last_run_timestamp_seconds",
        "When the databases were last looked at.",
    )?;
    writeln!(out, "pgphase_drift_last_run_timestamp_seconds {now}")?;
    head(
        out,
        "pgphase_drift_check_success",
        "Whether the database could be looked at.",
    )?;
    for database in &report.databases {
        let success = u8::from(database.error.is_none());
        writeln!(
            out,
            "pgphase_drift_check_success{{database=\"{}\"}} {success}",
            label(&database.name)
        )?;
    }
    // What was not looked at is not known to be clean.
    let seen = || report.databases.iter().filter(|database| database.error.is_none());
    if seen().next().is_none() {
        return Ok(());
    }
    head(
        out,
        "pgphase_drift_detected",
        "Whether the database differs from the desired schema.",
    )?;
    for database in seen() {
        let detected = u8::from(!database.differences.is_empty());
        writeln!(
            out,
            "pgphase_drift_detected{{database=\"{}\"}} {detected}",
            label(&database.name)
        )?;
    }
    head(
        out,
        "pgphase_drift_objects",
        "Objects that differ and are not ignored, by how they differ.",
    )?;
    for database in seen() {
        for state in State::ALL {
            let differences = database.differences.iter();
            writeln!(
                out,
                "pgphase_drift_objects{{database=\"{}\",state=\"{}\"}} {}",
                label(&database.name),
                state.word(),
                differences.filter(|difference| difference.state == state).count()
            )?;
        }
    }
    for (name, help, count) in [
        (
            "pgphase_drift_ignored_objects",
            "Objects that differ and are ignored by a rule.",
            (|database| database.ignored.len()) as fn(&super::DatabaseDrift) -> usize,
        ),
        (
            "pgphase_drift_expired_rules",
            "Ignore rules whose last day has passed.",
            |database| database.expired.len(),
        ),
        (
            "pgphase_drift_unmanaged_objects",
            "Findings about what pgphase does not manage.",
            |database| database.unmanaged.len(),
        ),
    ] {
        head(out, name, help)?;
        for database in seen() {
            writeln!(
                out,
                "{name}{{database=\"{}\"}} {}",
                label(&database.name),
                count(database)
            )?;
        }
    }
    Ok(())
}

fn head(out: &mut String, name: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")
}

/// The value of a label.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
