//! What lint has found, and where.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::rule::{Level, Rule};
use super::site::Told;
use crate::name::Ident;
use crate::parse::split::Statement;

/// Where a finding is; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The file as the user named it.
    pub file: Arc<str>,
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// The column behind the last character.
    pub end_column: usize,
    /// Byte offset of the first character.
    pub start: usize,
    /// Byte offset behind the last character.
    pub end: usize,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What happens, one sentence without a final period.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// The same for the same finding, wherever in the file it stands.
    pub fingerprint: String,
    /// The statement, its white space squeezed: what the fingerprint counts on.
    #[serde(skip)]
    pub(crate) statement: String,
}

impl Finding {
    /// What a rule tells, at its level here.
    pub(crate) fn of(rule: &Rule, level: Level, told: Told, span: Span, statement: &str) -> Self {
        Self {
            rule: rule.id,
            level,
            message: told.message,
            fix: told.instead.unwrap_or_else(|| rule.fix.to_owned()),
            span,
            fingerprint: String::new(),
            statement: statement.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

/// The place of a name in a statement, or that of the statement's first line.
pub fn span_of(source: &str, statement: &Statement<'_>, name: Option<&Ident>) -> Span {
    let text = statement.text;
    let first_line = text.lines().next().unwrap_or_default().trim_end();
    let (from, length) = name
        .and_then(|name| position(text, name))
        .unwrap_or((0, first_line.len()));
    span(source, &statement.place.file, statement.start + from, length)
}

/// The place of some bytes of a file.
pub fn span(source: &str, file: &Arc<str>, start: usize, length: usize) -> Span {
    let (line, column) = place(source, start);
    let end = start + length;
    let (end_line, end_column) = place(source, end);
    Span {
        file: file.clone(),
        line,
        column,
        end_line,
        end_column,
        start,
        end,
    }
}

fn place(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// The offset and length of the first token that is this name.
fn position(text: &str, name: &Ident) -> Option<(usize, usize)> {
    let mut at = 0;
    while at < text.len() {
        let (lexeme, end) = crate::parse::lex::lex(text, at).ok()?;
        let token = text.get(at..end)?;
        let is_name = match lexeme {
            crate::parse::lex::Lexeme::Word => Ident::folded(token) == *name,
            crate::parse::lex::Lexeme::QuotedName => token.trim_matches('"').replace("\"\"", "\"") == name.as_str(),
            _ => false,
        };
        if is_name {
            return Some((at, token.len()));
        }
        at = end;
    }
    None
}

/// Sorts findings, drops those said twice, and gives each its fingerprint: rule, file, statement, and which of its kind it is.
/// Lines do not count, so that it stays the same when something is added above.
pub fn finish(findings: &mut Vec<Finding>) {
    findings.sort_by(|one, two| {
        (&one.span, two.level, one.rule, &one.message).cmp(&(&two.span, one.level, two.rule, &two.message))
    });
    findings.dedup_by(|one, two| one.rule == two.rule && one.span == two.span && one.message == two.message);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        let key = format!(
            "{}\0{}\0{}\0{}",
            finding.rule, finding.span.file, finding.statement, finding.message
        );
        let number = seen.entry(key.clone()).or_default();
        *number += 1;
        let digest = Sha256::digest(format!("{key}\0{number}"));
        finding.fingerprint = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    }
}
