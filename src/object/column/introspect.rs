//! Columns out of the catalog.

use serde::Deserialize;

use super::Column;
use super::parse::own_sequence;
use crate::introspect::source::{Found, Source};
use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, Object, ObjectId};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "columns",
    found: Found::Always,
    sql: include_str!("introspect.sql"),
    read,
};

/// Lists the columns that children by `INHERITS` only have from their parents.
pub(crate) const INHERITED: &str = include_str!("inherited.sql");

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut column: Column = serde_json::from_str(row)?;
    if let Some(identity) = &mut column.identity {
        let usual = own_sequence(&column.table, &column.name);
        identity.sequence.take_if(|sequence| *sequence == usual);
    }
    Ok(column.into())
}

/// Reads one row of [`INHERITED`].
pub(crate) fn read_inherited(row: &str) -> Result<ObjectId, serde_json::Error> {
    #[derive(Deserialize)]
    struct Row {
        namespace: Ident,
        name: Ident,
        column: Ident,
    }
    let row: Row = serde_json::from_str(row)?;
    Ok(ObjectId::part(
        Kind::Column,
        &QualifiedName::new(row.namespace, row.name),
        &row.column,
    ))
}
