//! A YAML source as a list of objects in the model's own words, or SQL under the key `sql`.
//!
//! ```yaml
//! - table: { name: app.users }
//! - column: { table: app.users, name: email, type_name: text, not_null: true }
//!   renamed_from: mail
//! - sql: CREATE INDEX ON app.users (lower(email))
//! ```

use std::sync::Arc;

use serde_yaml::{Mapping, Value};

use crate::object::Object;

use crate::parse::error::{ParseError, Place};

/// One entry of a YAML source.
#[derive(Debug)]
pub(in crate::parse) enum Entry {
    /// An object, and annotations by key.
    Object(Box<Object>, Vec<(String, String)>),
    /// SQL text.
    Sql(String),
}

/// Whether a file is YAML, by its name.
pub(in crate::parse) fn is_yaml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// The entries of a YAML text with the places where they start.
pub(super) fn read(file: &Arc<str>, text: &str) -> Result<Vec<(Place, Entry)>, ParseError> {
    let place = |line: usize, column: usize| Place {
        file: file.clone(),
        line,
        column,
    };
    let values: Option<Vec<Value>> = serde_yaml::from_str(text).map_err(|error| {
        let at = error
            .location()
            .map_or(place(1, 1), |location| place(location.line(), location.column()));
        ParseError::at(at, error.to_string()).hint("a YAML source is a mapping of sections, such as `tables: {..}`, or a list of objects, such as `- sql: CREATE ..`")
    })?;
    let lines = starts(text);
    let mut entries = Vec::new();
    for (at, value) in values.unwrap_or_default().into_iter().enumerate() {
        let at = place(lines.get(at).copied().unwrap_or(1), 1);
        let entry = entry(value).map_err(|message| ParseError::at(at.clone(), message))?;
        entries.push((at, entry));
    }
    Ok(entries)
}

fn entry(value: Value) -> Result<Entry, String> {
    let Value::Mapping(map) = value else {
        return Err("each entry names a kind and its object".into());
    };
    let mut object = Mapping::new();
    let mut annotations = Vec::new();
    for (key, value) in map {
        match (key.as_str(), &value) {
            (Some("sql"), Value::String(text)) => return Ok(Entry::Sql(text.clone())),
            (Some(name), Value::String(text)) => annotations.push((name.to_owned(), text.clone())),
            _ => {
                object.insert(key, value);
            }
        }
    }
    let object: Object = serde_json::to_value(&object)
        .map_err(|error| error.to_string())
        .and_then(|json| serde_json::from_value(json).map_err(|error| error.to_string()))?;
    Ok(Entry::Object(Box::new(object), annotations))
}

/// The lines on which the entries of a top-level list start.
fn starts(text: &str) -> Vec<usize> {
    let lines = text.lines().enumerate();
    let marked: Vec<(usize, usize)> = lines
        .filter_map(|(number, line)| {
            let indent = line.len() - line.trim_start().len();
            (line.trim_start().starts_with("- ") || line.trim() == "-").then_some((indent, number + 1))
        })
        .collect();
    let outer = marked.first().map_or(0, |(indent, _)| *indent);
    marked
        .into_iter()
        .filter(|(indent, _)| *indent == outer)
        .map(|(_, line)| line)
        .collect()
}
