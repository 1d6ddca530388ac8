//! Hints: comments `-- @key value` on lines of their own, right before the definition that they are about.
//!
//! A hint that nobody takes would be a rename taken for a drop, so one that stands elsewhere is an error, as is a slip of the pen.
//! Words with an `@` that other tools read from comments are left to them.

use super::context::Annotation;
use super::error::{ParseError, Place};
use super::lex::{Lexeme, lex};
use super::split::{Comment, Statement};
use crate::nearest::nearest;
use crate::object::Kind;

/// Every hint, and whether it is about columns only.
const HINTS: &[(&str, bool)] = &[
    ("renamed_from", false),
    ("using", true),
    ("reverse", true),
    ("backfill", true),
    ("moved_from", true),
];

/// The lines of a comment that begin with `@`: key and value.
pub(super) fn lines(comment: &str) -> impl Iterator<Item = (&str, &str)> {
    comment.lines().filter_map(|line| {
        let line = line.trim_start_matches(['*', ' ', '\t', '-']).trim();
        let (key, value) = line
            .strip_prefix('@')
            .map(|line| line.split_once(char::is_whitespace).unwrap_or((line, "")))?;
        Some((key, value.trim()))
    })
}

/// Whether every hint in and before a statement was taken as said about something that it can be about.
pub(super) fn judge(statement: &Statement<'_>, taken: &[Annotation]) -> Result<(), ParseError> {
    for annotation in taken {
        let Some((key, columns_only)) = HINTS.iter().find(|(key, _)| *key == annotation.key) else {
            judge_word(&annotation.key, &annotation.place)?;
            continue;
        };
        let (on, value) = (&annotation.on, &annotation.value);
        let fault = if value.is_empty() {
            Some(format!("@{key} says nothing about {on}"))
        } else if *columns_only && on.kind != Kind::Column {
            Some(format!("@{key} is about a column, and this is {on}"))
        } else if on.kind.is_satellite() {
            Some(format!("@{key} is about an object, and this is {on}"))
        } else {
            None
        };
        if let Some(fault) = fault {
            return Err(ParseError::at(annotation.place.clone(), fault).hint(WHERE));
        }
    }
    if !statement.text.contains('@') && statement.comments.iter().all(|comment| !comment.text.contains('@')) {
        return Ok(());
    }
    let mut left: Vec<(&str, &str)> = taken
        .iter()
        .map(|annotation| (annotation.key.as_str(), annotation.value.as_str()))
        .collect();
    for comment in statement.comments.iter().copied().chain(inside(statement.text)) {
        for (key, value) in lines(comment.text) {
            if let Some(at) = left.iter().position(|one| *one == (key, value)) {
                left.swap_remove(at);
            } else {
                judge_word(key, &statement.place)?;
            }
        }
    }
    Ok(())
}

const WHERE: &str =
    "a hint stands on a line of its own, right before the definition of the object or column that it is about";

/// An error where a word that nobody took is a hint, or was meant as one.
fn judge_word(key: &str, place: &Place) -> Result<(), ParseError> {
    if HINTS.iter().any(|(known, _)| *known == key) {
        return Err(ParseError::at(place.clone(), format!("@{key} stands where nothing takes it")).hint(WHERE));
    }
    let plain = key.to_lowercase().replace('-', "_");
    let meant = nearest(&plain, HINTS.iter().map(|(known, _)| *known))
        .or_else(|| (plain.starts_with("rename")).then_some("renamed_from"))
        .or_else(|| (plain.starts_with("move")).then_some("moved_from"));
    match meant {
        Some(meant) => {
            Err(ParseError::at(place.clone(), format!("there is no hint @{key}"))
                .hint(format!("did you mean @{meant}?")))
        }
        None => Ok(()),
    }
}

/// The comments inside a statement.
fn inside(text: &str) -> impl Iterator<Item = Comment<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let (lexeme, end) = lex(text, at).ok()?;
            let start = std::mem::replace(&mut at, end);
            if lexeme == Lexeme::Comment {
                return Some(Comment::cut(text, start, end));
            }
        }
        None
    })
}
