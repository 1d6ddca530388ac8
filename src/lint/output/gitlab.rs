//! GitLab's code quality report (<https://docs.gitlab.com/ci/testing/code_quality/>): lines count from 1, and a finding is the
//! same one as long as its fingerprint is.

use serde_json::{Value, json};

use crate::lint::{Level, Report};

/// The findings as an artifact `codequality`.
pub fn gitlab(report: &Report) -> String {
    let entries: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "description": format!("{} ({})", finding.message, finding.fix),
                "check_name": finding.rule,
                "fingerprint": finding.fingerprint,
                "severity": match finding.level {
                    Level::Error => "critical",
                    Level::Warning => "major",
                    Level::Info | Level::Off => "info",
                },
                "location": {
                    "path": super::uri(&finding.span.file),
                    "lines": { "begin": finding.span.line, "end": finding.span.end_line },
                },
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(entries))
}
