//! Where text goes: data to standard output, talk to standard error.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::ops::RangeInclusive;

use serde::Serialize;
use serde_json::{Map, Value};

use super::error::{CliError, ErrorDocument};
use crate::wrap;

/// The variable that says how errors are told.
pub(crate) const ERROR_FORMAT: &str = "PGPHASE_ERROR_FORMAT";

/// The version of every JSON document that pgphase prints.
const JSON_VERSION: &str = "1.0";

/// Writes data. A reader that has gone away (`| head`) is no error.
pub(crate) fn data(text: &str) -> Result<(), CliError> {
    let mut out = anstream::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(CliError::new(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes data for people, its lines broken where a terminal ends.
pub(crate) fn prose(text: &str) -> Result<(), CliError> {
    data(&broken(text, width()))
}

/// The width of the terminal that data goes to; `None` where it goes elsewhere.
pub(crate) fn width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0.into())
}

/// Writes a line of talk. Standard error may be closed; then nobody listens.
pub(crate) fn talk(line: &str) {
    let width = terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| width.0.into());
    raw(&broken(line, width));
}

fn raw(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Wider lines are hard to read, narrower ones hold no word.
const WIDTHS: RangeInclusive<usize> = 40..=120;

fn broken(text: &str, width: Option<usize>) -> String {
    match width {
        Some(width) => wrap::lines(text, width.clamp(*WIDTHS.start(), *WIDTHS.end())),
        None => text.to_owned(),
    }
}

/// How errors are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ErrorFormat {
    /// A sentence, the place, a hint
    #[default]
    Text,
    /// One object on one line, the last one; `pgphase json-schema error` describes it
    Json,
}

impl ErrorFormat {
    /// What a command line asks for, understood or not: `--error-format`, else `--format json`, else the variable.
    pub(crate) fn wanted(args: &[OsString], variable: Option<&str>) -> Self {
        let words: Vec<&str> = args
            .iter()
            .map_while(|word| word.to_str())
            .take_while(|word| *word != "--")
            .collect();
        let value = |flag: &str| {
            words
                .iter()
                .enumerate()
                .find_map(|(at, word)| match word.strip_prefix(flag) {
                    Some("") => words.get(at + 1).copied(),
                    Some(rest) => rest.strip_prefix('='),
                    None => None,
                })
        };
        match (value("--error-format"), value("--format"), variable) {
            (Some("json"), _, _) => Self::Json,
            (Some(_), _, _) => Self::Text,
            (None, Some("json"), _) | (None, _, Some("json")) => Self::Json,
            _ => Self::Text,
        }
    }
}

/// Tells an error; `database` names it where several are looked at.
pub(crate) fn fail(error: &CliError, database: Option<&str>, format: ErrorFormat) {
    match (format, database) {
        // One object is one line, whoever reads it.
        (ErrorFormat::Json, _) => raw(&ErrorDocument::of(error, database).line()),
        (ErrorFormat::Text, Some(name)) => talk(&format!("{name}: {error}")),
        (ErrorFormat::Text, None) => talk(&error.to_string()),
    }
}

/// A JSON document with its version and the program's.
pub(crate) fn json<T: Serialize>(document: &T) -> Result<String, CliError> {
    let failed = |error: serde_json::Error| CliError::new(format!("cannot write JSON: {error}"));
    let mut map = Map::new();
    map.insert("format_version".into(), JSON_VERSION.into());
    map.insert("tool_version".into(), env!("CARGO_PKG_VERSION").into());
    match serde_json::to_value(document).map_err(failed)? {
        Value::Object(fields) => {
            for (key, value) in fields {
                map.entry(key).or_insert(value);
            }
        }
        other => {
            map.insert("items".into(), other);
        }
    }
    let mut text = serde_json::to_string_pretty(&map).map_err(failed)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_errors() {
        for (words, variable, json) in [
            (&["pgphase", "diff", "a", "b"][..], None, false),
            (&["pgphase", "diff", "--format", "json"], None, true),
            (&["pgphase", "diff", "--format=json"], None, true),
            (&["pgphase", "diff", "--format", "text"], Some("json"), true),
            (
                &["pgphase", "diff", "--format=json", "--error-format", "text"],
                Some("json"),
                false,
            ),
            (&["pgphase", "rollback", "--error-format=json"], None, true),
            (&["pgphase", "diff", "--", "--format=json"], None, false),
        ] {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let wanted = ErrorFormat::wanted(&words, variable);
            assert_eq!(wanted == ErrorFormat::Json, json, "{words:?} {variable:?}");
        }
    }
}
