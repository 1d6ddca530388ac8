//! `-- pgphase: ignore RULE reason`: a finding that somebody has looked at.
//!
//! It stands right before a statement, behind it on its last line, or inside it, and counts for that statement.
//! `-- pgphase: ignore-file RULE reason` counts for the file. Several rules are written with commas between them.

use super::finding::{Finding, span};
use super::rule;
use super::site::Told;
use super::{Level, Options};
use crate::parse::lex::{Lexeme, lex};
use crate::parse::{ParseError, Place, SourceText};

/// One rule ignored in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The rule.
    pub rule: &'static str,
    /// Why.
    pub reason: String,
    /// The bytes it counts for; `None` for the whole file.
    pub range: Option<(usize, usize)>,
    /// Where the comment starts and how long it is, in bytes.
    pub comment: (usize, usize),
    /// Whether it has kept a finding quiet.
    pub used: bool,
}

/// The suppressions of a text; `statements` are the bytes that each of them takes.
pub fn suppressions(
    file: &std::sync::Arc<str>,
    text: &str,
    statements: &[(usize, usize)],
) -> Result<Vec<Suppression>, ParseError> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        // What never ends has been told by who split the text; the data behind COPY are no SQL.
        let Ok((lexeme, end)) = lex(text, at) else { break };
        let token = text.get(at..end).unwrap_or_default();
        if lexeme == Lexeme::Comment {
            let inner = token
                .strip_prefix("--")
                .or_else(|| token.strip_prefix("/*")?.strip_suffix("*/"))
                .unwrap_or_default()
                .trim();
            if let Some(said) = inner.strip_prefix("pgphase:") {
                let place = || {
                    let before = text.get(..at).unwrap_or_default();
                    Place {
                        file: file.clone(),
                        line: before.matches('\n').count() + 1,
                        column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
                    }
                };
                read(said.trim(), place, (at, end - at), text, statements, &mut found)?;
            }
        }
        at = end;
    }
    Ok(found)
}

fn read(
    said: &str,
    place: impl Fn() -> Place,
    comment: (usize, usize),
    text: &str,
    statements: &[(usize, usize)],
    found: &mut Vec<Suppression>,
) -> Result<(), ParseError> {
    const FORM: &str = "write -- pgphase: ignore RULE reason, or ignore-file for the whole file";
    let (verb, rest) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
    let whole = match verb {
        "ignore" => false,
        "ignore-file" => true,
        _ => return Err(ParseError::at(place(), format!("pgphase: {verb} is not understood")).hint(FORM)),
    };
    // A comma may have white space behind it.
    let mut names = Vec::new();
    let mut rest = rest.trim_start();
    loop {
        let end = rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        if name.is_empty() {
            return Err(ParseError::at(place(), "no rule is named").hint(FORM));
        }
        names.push(name);
        match tail.trim_start().strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => {
                rest = tail.trim();
                break;
            }
        }
    }
    if rest.trim_start_matches(['-', ':']).trim().is_empty() {
        return Err(
            ParseError::at(place(), format!("{} is ignored without a reason", names.join(", ")))
                .hint("say behind the rule why that is right here"),
        );
    }
    let range = if whole { None } else { target(comment, text, statements) };
    for name in names {
        let Some(rule) = rule::find(name) else {
            let error = ParseError::at(place(), format!("there is no rule {name}"));
            return Err(match rule::nearest(name, []) {
                Some(near) => error.hint(format!("did you mean {near}?")),
                None => error.hint("pgphase lint --rules lists them"),
            });
        };
        found.push(Suppression {
            rule: rule.id,
            reason: rest.to_owned(),
            range: if whole { None } else { Some(range.unwrap_or((0, 0))) },
            comment,
            used: false,
        });
    }
    Ok(())
}

/// The statement around the comment, or that ends on its line, or the next one.
fn target((at, _): (usize, usize), text: &str, statements: &[(usize, usize)]) -> Option<(usize, usize)> {
    let line_start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let around = statements.iter().find(|(start, end)| *start <= at && at < *end);
    let before = statements.iter().rfind(|(_, end)| *end <= at && *end > line_start);
    let after = statements.iter().find(|(start, _)| *start >= at);
    around.or(before).or(after).copied()
}

/// Findings that no comment keeps quiet, those about comments that keep nothing quiet, and how many are ignored.
pub(crate) fn without_suppressed(
    found: Vec<Finding>,
    file: &SourceText,
    statements: &[(usize, usize)],
    options: &Options,
) -> Result<(Vec<Finding>, usize), ParseError> {
    let mut said: Vec<Suppression> = suppressions(&file.name, &file.text, statements)?;
    let total = found.len();
    let mut left: Vec<Finding> = found
        .into_iter()
        .filter(|finding| {
            let mut quiet = false;
            for one in said.iter_mut().filter(|one| one.rule == finding.rule) {
                let here = one
                    .range
                    .is_none_or(|(start, end)| start <= finding.span.start && finding.span.start < end);
                one.used |= here;
                quiet |= here;
            }
            !quiet
        })
        .collect();
    let ignored = total - left.len();
    if let Some(rule) = rule::find("unused-suppression") {
        let level = options.level(rule);
        let is_on = |id: &str| rule::find(id).is_some_and(|rule| options.level(rule) > Level::Off);
        for one in said
            .iter()
            .filter(|one| !one.used && level > Level::Off && is_on(one.rule))
        {
            let (start, length) = one.comment;
            let told = Told::new(format!("{} is ignored here, but it finds nothing here", one.rule));
            let at = span(&file.text, &file.name, start, length);
            left.push(Finding::of(rule, level, told, at, one.rule));
        }
    }
    Ok((left, ignored))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Said = (&'static str, String, Option<(usize, usize)>);

    fn of(text: &str) -> Result<Vec<Said>, String> {
        let statements = [(10, 20), (40, 60)];
        suppressions(&"f.sql".into(), text, &statements)
            .map(|found| found.into_iter().map(|s| (s.rule, s.reason, s.range)).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn names_reasons_and_reach() {
        let next = of("-- pgphase: ignore drop-table,  truncate -- the old one\n").expect("two");
        assert_eq!(next[0], ("drop-table", "-- the old one".into(), Some((10, 20))));
        assert_eq!(next[1].0, "truncate");
        let file = of("/* pgphase: ignore-file drop-table gone */").expect("one");
        assert_eq!(file[0].2, None);
        let text = format!("{:21}-- pgphase: ignore drop-table same line", " ");
        assert_eq!(of(&text).expect("one")[0].2, Some((10, 20)));
        let text = format!("{:45}-- pgphase: ignore drop-table inside", " ");
        assert_eq!(of(&text).expect("one")[0].2, Some((40, 60)));
    }

    #[test]
    fn what_says_too_little_is_refused() {
        let refused = |text: &str, part: &str| {
            let said = of(text).expect_err(text);
            assert!(said.contains(part), "{said}");
        };
        refused("-- pgphase: ignore drop-table", "without a reason");
        refused(
            "\n -- pgphase: ignore drop-tabel x",
            "f.sql:2:2: there is no rule drop-tabel\n  hint: did you mean drop-table?",
        );
        refused("-- pgphase: ignore", "no rule is named");
        refused("-- pgphase: skip drop-table x", "is not understood");
    }
}
