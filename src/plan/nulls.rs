//! Whether a value is null in the sense of NOT NULL.
//!
//! Of a row value `IS NULL` asks the fields: one that is there and holds only nulls is told to be null, and one with a null among others
//! is neither null nor not (PostgreSQL documentation, comparison functions and operators). NOT NULL asks for the value itself, and
//! so does `IS DISTINCT FROM NULL`, which also proves it without a scan.

use crate::object::{Kind, Object, ObjectId};
use crate::schema::Schema;
use crate::types::TypeName;

/// How values of a type are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// By `IS NULL`.
    Plain,
    /// By `IS DISTINCT FROM NULL`.
    Row,
}

impl Nulls {
    /// For values of any of these types.
    pub(crate) fn of(types: &[&TypeName], schema: &Schema) -> Self {
        match types.iter().any(|name| is_row(name, schema)) {
            true => Self::Row,
            false => Self::Plain,
        }
    }

    /// The condition that the operand is null.
    pub(crate) fn none(self, operand: &str) -> String {
        match self {
            Self::Plain => format!("{operand} IS NULL"),
            Self::Row => format!("{operand} IS NOT DISTINCT FROM NULL"),
        }
    }

    /// The condition that it is not.
    pub(crate) fn some(self, operand: &str) -> String {
        match self {
            Self::Plain => format!("{operand} IS NOT NULL"),
            Self::Row => format!("{operand} IS DISTINCT FROM NULL"),
        }
    }
}

/// Composite types, the row types of relations, and domains over them; and types that are not in the schema, as they may be such.
fn is_row(name: &TypeName, schema: &Schema) -> bool {
    if name.array || name.namespace.is_none() {
        return false;
    }
    let name = name.qualified();
    match schema.get(&ObjectId::named(Kind::Domain, &name)) {
        Some(Object::Domain(domain)) => is_row(&domain.base, schema),
        _ => ![Kind::EnumType, Kind::RangeType]
            .into_iter()
            .any(|kind| schema.contains(&ObjectId::named(kind, &name))),
    }
}
