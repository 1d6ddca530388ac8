//! Views out of the catalog.

use super::View;
use crate::introspect::cycle::readable;
use crate::introspect::source::{Found, Source};
use crate::object::Object;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "views",
    found: Found::Where("'v' = any (c.kinds)"),
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut view: View = serde_json::from_str(row)?;
    view.query.text = readable(&view.query.text);
    Ok(view.into())
}
