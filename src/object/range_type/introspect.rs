//! Range types out of the catalog.

use super::RangeType;
use crate::introspect::source::{Found, Source};
use crate::object::Object;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "range types",
    found: Found::Where("'r' = any (t.kinds)"),
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut range: RangeType = serde_json::from_str(row)?;
    let multirange = range.multirange_name();
    range.set_multirange(multirange);
    Ok(range.into())
}
