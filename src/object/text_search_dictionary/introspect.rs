//! Text search dictionaries out of the catalog.

use indexmap::IndexMap;
use serde::Deserialize;

use super::TextSearchDictionary;
use crate::introspect::cut::split;
use crate::introspect::source::{Found, Source, misread};
use crate::name::{Ident, QualifiedName};
use crate::object::Object;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "text search dictionaries",
    found: Found::Where("'pg_ts_dict'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read,
};

#[derive(Deserialize)]
struct Row {
    name: QualifiedName,
    template: QualifiedName,
    options: Option<String>,
}

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let row: Row = serde_json::from_str(row)?;
    let mut options = IndexMap::new();
    for pair in split(row.options.as_deref().unwrap_or(""), ",") {
        let (name, value) = pair
            .split_once(" = ")
            .ok_or_else(|| misread("an option of a dictionary has no value"))?;
        let name = match name.trim().strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
            Some(quoted) => Ident::new(quoted.replace("\"\"", "\"")),
            None => Ident::new(name.trim()),
        };
        options.insert(name, value.trim().to_owned());
    }
    Ok(TextSearchDictionary {
        name: row.name,
        template: row.template,
        options,
    }
    .into())
}
