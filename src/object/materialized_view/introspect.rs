//! Materialized views out of the catalog.

use super::MaterializedView;
use crate::introspect::cycle::readable;
use crate::introspect::source::{Found, Source};
use crate::object::Object;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "materialized views",
    found: Found::Where("'m' = any (c.kinds)"),
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut view: MaterializedView = serde_json::from_str(row)?;
    view.query.text = readable(&view.query.text);
    Ok(view.into())
}
