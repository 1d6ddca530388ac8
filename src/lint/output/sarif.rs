//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>), as code scanning reads it.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::lint::{Level, Report, Rule, rule};

/// How many results GitHub reads from one run.
const MOST: usize = 5000;

/// The findings as one run.
pub fn sarif(report: &Report) -> String {
    let rules: Vec<&Rule> = rule::all().collect();
    let index: HashMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let mut findings: Vec<_> = report.findings.iter().collect();
    if findings.len() > MOST {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        findings.truncate(MOST);
    }
    let results: Vec<Value> = findings
        .into_iter()
        .map(|finding| {
            let span = &finding.span;
            json!({
                "ruleId": finding.rule,
                "ruleIndex": index.get(finding.rule),
                "level": level(finding.level),
                "message": { "text": format!("{}. {}.", finding.message, finding.fix.trim_end_matches('.')) },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": encoded(&super::uri(&span.file)) },
                        "region": {
                            "startLine": span.line,
                            "startColumn": span.column,
                            "endLine": span.end_line,
                            "endColumn": span.end_column,
                        },
                    },
                }],
                "partialFingerprints": { "pgphase/v1": finding.fingerprint },
            })
        })
        .collect();
    let rules: Vec<Value> = rules.into_iter().map(described).collect();
    let document = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "pgphase",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": rules,
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn described(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": {
            "text": format!("{}\n\nBad:\n{}\n\nGood:\n{}\n\nTo do: {}.", rule.why, rule.bad, rule.good, rule.fix),
            "markdown": format!(
                "{}\n\nBad:\n```sql\n{}\n```\nGood:\n```sql\n{}\n```\nTo do: {}.",
                rule.why, rule.bad, rule.good, rule.fix
            ),
        },
        "defaultConfiguration": { "enabled": rule.level > Level::Off, "level": level(rule.level) },
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
        Level::Off => "none",
    }
}

/// A path in a URI: what is not allowed there becomes `%XX`.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths() {
        assert_eq!(super::encoded("db/a b#1é.sql"), "db/a%20b%231%C3%A9.sql");
    }
}
