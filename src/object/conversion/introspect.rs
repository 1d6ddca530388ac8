//! Conversions out of the catalog.

use super::{Conversion, encoding};
use crate::introspect::source::{Found, Source};
use crate::object::Object;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "conversions",
    found: Found::Where("'pg_conversion'::regclass = any (d.classes)"),
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut conversion: Conversion = serde_json::from_str(row)?;
    for name in [&mut conversion.from, &mut conversion.to] {
        *name = encoding(name).to_uppercase();
    }
    Ok(conversion.into())
}
