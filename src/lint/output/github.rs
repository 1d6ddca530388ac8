//! GitHub's workflow commands, which become annotations of a pull request.
//!
//! GitHub keeps ten annotations of each kind from one step and drops the rest without a word
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>), so the rest is told as plain lines of the
//! log, worst findings first.

use crate::lint::{Finding, Level, Report};

/// How many annotations of one kind GitHub keeps from a step.
const MOST: usize = 10;

/// The findings as workflow commands.
pub fn github(report: &Report) -> String {
    let mut out = String::new();
    for (level, command, name) in [
        (Level::Error, "error", "errors"),
        (Level::Warning, "warning", "warnings"),
        (Level::Info, "notice", "notices"),
    ] {
        let of_level: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.level == level)
            .collect();
        for finding in of_level.iter().take(MOST) {
            let span = &finding.span;
            // Several lines cannot have columns.
            let place = if span.line == span.end_line {
                format!(
                    "line={},endLine={},col={},endColumn={}",
                    span.line, span.line, span.column, span.end_column
                )
            } else {
                format!("line={},endLine={}", span.line, span.end_line)
            };
            out.push_str(&format!(
                "::{command} file={},{place},title={}::{}\n",
                property(&super::uri(&span.file)),
                property(finding.rule),
                data(&format!("{}\n{}", finding.message, finding.fix)),
            ));
        }
        if of_level.len() > MOST {
            out.push_str(&format!(
                "{} more {name}, which GitHub would not show:\n",
                of_level.len() - MOST
            ));
            for finding in &of_level[MOST..] {
                let span = &finding.span;
                // A line that begins with two colons would be a command.
                out.push_str(&format!(
                    "  {}:{}:{}: {}: {}\n",
                    span.file,
                    span.line,
                    span.column,
                    finding.rule,
                    finding.message.replace('\n', " ")
                ));
            }
        }
    }
    out
}

/// A value inside the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(data("50%\r\n::x"), "50%25%0D%0A::x");
        assert_eq!(property("C:\\a,b"), "C%3A\\a%2Cb");
    }
}
