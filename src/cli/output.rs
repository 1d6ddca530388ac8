//! Where text goes: data to standard output, talk to standard error.

use std::io::{ErrorKind, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use super::error::CliError;

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

/// Writes a line of talk. Standard error may be closed; then nobody listens.
pub(crate) fn talk(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
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
