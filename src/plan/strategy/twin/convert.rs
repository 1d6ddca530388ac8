//! How values go from a column to its twin and back.

use crate::expr::{Expr, SearchPath};
use crate::name::Ident;
use crate::types::TypeName;

/// A way from one column to another.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Way {
    /// Both have the same type, so that the value itself is taken over.
    Same,
    /// The assignment cast of PostgreSQL.
    Assign,
    /// An expression over the column.
    Expr(Expr),
}

impl Way {
    /// The value for the other column, in a query over the table.
    pub(super) fn value(&self, from: &Ident) -> String {
        match self {
            Way::Same | Way::Assign => from.to_string(),
            Way::Expr(expr) => expr.text.clone(),
        }
    }

    /// The names under which its text was written.
    pub(super) fn path(&self) -> SearchPath {
        match self {
            Way::Same | Way::Assign => SearchPath::default(),
            Way::Expr(expr) => expr.path.clone(),
        }
    }
}

/// The way from a column to its twin, where no value of the old type is refused on it: what the old application writes must
/// never fail because of the twin.
pub(super) fn forth(column: &Ident, from: &TypeName, to: &TypeName) -> Option<Way> {
    if from == to {
        return Some(Way::Same);
    }
    if let Some(way) = zone(column, from, to) {
        return Some(way);
    }
    if from.array || to.array {
        return None;
    }
    let unlimited = to.modifiers.is_empty();
    let total = match (from.name.as_str(), to.name.as_str()) {
        ("smallint", "integer" | "bigint" | "real" | "double precision")
        | ("integer", "bigint" | "double precision")
        | ("real", "double precision")
        | ("jsonb", "json") => true,
        ("smallint" | "integer" | "bigint", "numeric") => unlimited,
        ("numeric", "numeric") => unlimited || finer(from, to),
        ("date", "timestamp without time zone") => unlimited,
        (from_name, "text" | "character varying") if unlimited => is_text(from_name) || prints(from_name),
        ("character", "character" | "character varying") => match (length(from), length(to)) {
            (Some(from), Some(to)) => to >= from,
            _ => false,
        },
        _ => false,
    };
    (total && from.is_builtin() && to.is_builtin()).then_some(Way::Assign)
}

/// Whether PostgreSQL takes every value of a type over by an assignment, whatever the session.
pub fn assigns(from: &TypeName, to: &TypeName) -> bool {
    matches!(forth(&Ident::new("value"), from, to), Some(Way::Same | Way::Assign))
}

/// Whether every value of a type has a value of its own in another one, to which the cast of PostgreSQL takes it.
pub fn keeps_values(from: &TypeName, to: &TypeName) -> bool {
    let column = Ident::new("value");
    from.array == to.array && forth(&column, &from.element(), &to.element()).is_some()
}

/// The way back where PostgreSQL has an assignment cast. A value that has no form in the old type is refused: the old
/// application could not read it.
pub(super) fn back(column: &Ident, from: &TypeName, to: &TypeName) -> Option<Way> {
    if from == to {
        return Some(Way::Same);
    }
    if let Some(way) = zone(column, from, to) {
        return Some(way);
    }
    if from.array || to.array || !from.is_builtin() || !to.is_builtin() {
        return None;
    }
    let (from, to) = (from.name.as_str(), to.name.as_str());
    let assigns = is_number(from) && is_number(to)
        || is_text(from) && is_text(to)
        || from == to
        || matches!(
            (from, to),
            ("json", "jsonb") | ("jsonb", "json") | ("timestamp without time zone", "date")
        );
    assigns.then_some(Way::Assign)
}

/// Between timestamps with and without a time zone the session would decide; the sessions of the applications differ.
fn zone(column: &Ident, from: &TypeName, to: &TypeName) -> Option<Way> {
    let zoned = |t: &TypeName| match t.name.as_str() {
        "timestamp with time zone" => Some(true),
        "timestamp without time zone" => Some(false),
        _ => None,
    };
    let differ = !from.array && !to.array && zoned(from)? != zoned(to)? && from.modifiers == to.modifiers;
    differ.then(|| Way::Expr(Expr::new(format!("pg_catalog.timezone('UTC', {column})"))))
}

pub(super) fn is_number(name: &str) -> bool {
    matches!(
        name,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision"
    )
}

fn is_text(name: &str) -> bool {
    matches!(name, "text" | "character varying" | "character" | "name")
}

/// Types whose values all have a text form that does not depend on the session.
fn prints(name: &str) -> bool {
    matches!(
        name,
        "smallint" | "integer" | "bigint" | "numeric" | "boolean" | "uuid" | "jsonb" | "json"
    )
}

fn length(t: &TypeName) -> Option<u32> {
    t.modifiers.parse().ok()
}

/// Whether every value of one `numeric(p, s)` is one of the other.
fn finer(from: &TypeName, to: &TypeName) -> bool {
    let parse = |t: &TypeName| -> Option<(i32, i32)> {
        let (precision, scale) = t.modifiers.split_once(',').unwrap_or((&t.modifiers, "0"));
        Some((precision.trim().parse().ok()?, scale.trim().parse().ok()?))
    };
    match (parse(from), parse(to)) {
        (Some((precision, scale)), Some((wider, more))) => more >= scale && wider - more >= precision - scale,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ways_that_refuse_nothing() {
        for (from, to, goes) in [
            ("int", "bigint", true),
            ("bigint", "int", false),
            ("varchar(10)", "varchar(5)", false),
            ("char(3)", "char(5)", true),
            ("char(3)", "text", true),
            ("text", "int", false),
            ("int", "text", true),
            ("numeric(10,2)", "numeric(12,3)", true),
            ("numeric(10,2)", "numeric(10,3)", false),
            ("timestamp", "timestamptz", true),
            ("int[]", "bigint[]", false),
        ] {
            let way = forth(&Ident::new("c"), &TypeName::parse(from), &TypeName::parse(to));
            assert_eq!(way.is_some(), goes, "{from} to {to}");
        }
    }
}
