//! What a reader of schema files is told when a file cannot be understood: one sentence, the place, a hint.

use std::fmt;
use std::sync::Arc;

use crate::object::ObjectId;

/// Where something stands in a source file; line and column count from 1, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file as the user named it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A source that cannot be read as a schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ParseError {
    /// Where; absent when the fault is not at one place of one file.
    pub place: Option<Place>,
    /// What is wrong, in one sentence without a final period.
    pub message: String,
    /// The first words of the statement that holds the fault.
    pub head: Option<String>,
    /// What the reader may do about it.
    pub hint: Option<String>,
    /// Whether a statement that comes later may cure it.
    pub missing: Missing,
    /// What is not there, where it is one object and its kind is known.
    pub absent: Option<Box<ObjectId>>,
}

/// Whether a fault is that an object is not there (yet).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Missing {
    /// It is another fault.
    #[default]
    No,
    /// The object must exist; it may be created by a later statement.
    Needed,
    /// The same, but the statement says `IF EXISTS`: without the object it does nothing.
    Optional,
}

impl ParseError {
    /// An error that has no place in a file.
    pub fn new(message: impl Into<String>) -> Self {
        ParseError {
            place: None,
            message: message.into(),
            head: None,
            hint: None,
            missing: Missing::No,
            absent: None,
        }
    }

    /// An error at a place.
    pub fn at(place: Place, message: impl Into<String>) -> Self {
        ParseError {
            place: Some(place),
            message: message.into(),
            head: None,
            hint: None,
            missing: Missing::No,
            absent: None,
        }
    }

    /// The same error with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error, told apart as one that a later statement may cure.
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// The same error, naming what is not there.
    #[must_use]
    pub fn absent(mut self, id: ObjectId) -> Self {
        self.absent = Some(Box::new(id));
        self
    }

    /// The same error, naming the statement by its first words.
    #[must_use]
    pub fn in_statement(mut self, text: &str) -> Self {
        self.head = Some(head(text));
        self
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(head) = &self.head {
            write!(f, "\n  in: {head}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// The first words of a statement on one line, comments left out.
pub fn head(text: &str) -> String {
    const LIMIT: usize = 80;
    let mut out = String::new();
    for word in without_comments(text).split_whitespace().take(LIMIT) {
        let room = LIMIT.saturating_sub(out.chars().count() + 1);
        if word.chars().count() > room {
            if !out.is_empty() {
                out.push(' ');
            }
            out.extend(word.chars().take(room));
            out.push_str(" ...");
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The text with a space for each comment. Quotes count, as far as a text that cannot be read may have them.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut quote: Option<char> = None;
    while let Some(next) = rest.chars().next() {
        let comment = match quote {
            Some(_) => None,
            None if rest.starts_with("--") => Some(rest.find('\n').unwrap_or(rest.len())),
            None if rest.starts_with("/*") => Some(rest.find("*/").map_or(rest.len(), |end| end + 2)),
            None => None,
        };
        if let Some(end) = comment {
            out.push(' ');
            rest = &rest[end..];
            continue;
        }
        quote = match quote {
            Some(open) if open == next => None,
            None if matches!(next, '\'' | '"') => Some(next),
            other => other,
        };
        out.push(next);
        rest = &rest[next.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn a_head_has_no_comments() {
        for (text, words) in [
            (
                "-- why\n/* and\nmore */ CREATE TABLE t (a int, -- here\n  b int)",
                "CREATE TABLE t (a int, b int)",
            ),
            ("SELECT '-- no', \"/*\" FROM t -- end", "SELECT '-- no', \"/*\" FROM t"),
            ("/* never closed", ""),
        ] {
            assert_eq!(head(text), words);
        }
    }
}
