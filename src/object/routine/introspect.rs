//! Functions and procedures out of the catalog.

use super::{Body, Routine};
use crate::introspect::cycle::readable;
use crate::introspect::source::{Found, Source};
use crate::object::{Definition, Object, Visitor};
use crate::types::TypeName;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "functions and procedures",
    found: Found::Where("p.kinds && '{f,p,w}'"),
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut routine: Routine = serde_json::from_str(row)?;
    routine.visit(&mut WithoutModifiers);
    if let Body::Sql(body) = &mut routine.body {
        body.text = readable(&body.text);
    }
    Ok(routine.into())
}

/// Types of arguments have no modifiers. Read as a column's type, the bare `character` would be `character(1)`.
pub(crate) struct WithoutModifiers;

impl Visitor for WithoutModifiers {
    fn type_name(&mut self, type_name: &mut TypeName) {
        type_name.modifiers.clear();
    }
}
