//! JUnit's XML, which every CI system shows: a suite for each file, a case for each finding, and one that passes for a clean file.

use crate::lint::{Finding, Level, Report};

/// The findings as test cases; those below `fail_on` are told but do not fail.
pub fn junit(report: &Report, fail_on: Level) -> String {
    let fails = |finding: &Finding| fail_on != Level::Off && finding.level >= fail_on;
    let count = |findings: &[&Finding]| findings.iter().filter(|finding| fails(finding)).count();
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    for file in &report.files {
        let here: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.span.file == file.name)
            .collect();
        tests += here.len().max(1);
        failures += count(&here);
        suites.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n",
            escape(&file.name),
            here.len().max(1),
            count(&here)
        ));
        if here.is_empty() {
            suites.push_str(&format!(
                "    <testcase classname=\"{}\" name=\"nothing found\"/>\n",
                escape(&file.name)
            ));
        }
        for finding in here {
            let place = format!("{}:{}:{}", finding.span.file, finding.span.line, finding.span.column);
            let said = format!("{place}: {}: {}\n{}", finding.level, finding.message, finding.fix);
            suites.push_str(&format!(
                "    <testcase classname=\"{}\" name=\"{} in line {}\">\n",
                escape(&finding.span.file),
                escape(finding.rule),
                finding.span.line
            ));
            suites.push_str(&if fails(finding) {
                format!(
                    "      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                    escape(finding.rule),
                    escape(&finding.message),
                    escape(&said)
                )
            } else {
                format!("      <system-out>{}</system-out>\n", escape(&said))
            });
            suites.push_str("    </testcase>\n");
        }
        suites.push_str("  </testsuite>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pgphase lint\" tests=\"{tests}\" failures=\"{failures}\" \
         errors=\"0\">\n{suites}</testsuites>\n"
    )
}

/// Text for XML 1.0, which has no place for most control characters.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(
            escape("a<b> & \"c\"\n\u{1}"),
            "a&lt;b&gt; &amp; &quot;c&quot;&#10;\u{fffd}"
        );
    }
}
