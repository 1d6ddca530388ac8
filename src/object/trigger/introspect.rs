//! Triggers out of the catalog.

use serde::Deserialize;

use super::{ConstraintTrigger, Enabled, Event, Timing, Trigger};
use crate::expr::Expr;
use crate::introspect::cut::{behind, without_parentheses};
use crate::introspect::source::{Found, Source, misread};
use crate::name::{Ident, QualifiedName};
use crate::object::Object;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "triggers",
    found: Found::Where("'pg_trigger'::regclass = any (d.parts)"),
    sql: include_str!("introspect.sql"),
    read,
};

#[derive(Deserialize)]
struct Row {
    table: QualifiedName,
    name: Ident,
    timing: Timing,
    insert: bool,
    delete: bool,
    update: Option<Vec<Ident>>,
    truncate: bool,
    for_each_row: bool,
    constraint: Option<ConstraintTrigger>,
    old_table: Option<Ident>,
    new_table: Option<Ident>,
    definition: Option<String>,
    function: QualifiedName,
    arguments: String,
    enabled: Enabled,
    below: Vec<(QualifiedName, Enabled)>,
}

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let row: Row = serde_json::from_str(row)?;
    let events = [
        row.insert.then_some(Event::Insert),
        row.delete.then_some(Event::Delete),
        row.update.map(Event::Update),
        row.truncate.then_some(Event::Truncate),
    ];
    let when = match &row.definition {
        Some(definition) => {
            let (when, _) = behind(definition, "when").ok_or_else(|| misread("a condition that is not printed"))?;
            Some(Expr::new(without_parentheses(when)))
        }
        None => None,
    };
    Ok(Trigger {
        table: row.table,
        name: row.name,
        timing: row.timing,
        events: events.into_iter().flatten().collect(),
        for_each_row: row.for_each_row,
        constraint: row.constraint,
        old_table: row.old_table,
        new_table: row.new_table,
        when,
        function: row.function,
        arguments: read_arguments(&row.arguments).ok_or_else(|| misread("arguments that are no UTF-8 texts"))?,
        enabled: row.enabled,
        below: row.below,
    }
    .into())
}

/// The arguments as the catalog keeps them, each ended by a zero byte, in hexadecimal digits.
fn read_arguments(hex: &str) -> Option<Vec<String>> {
    let bytes: Option<Vec<u8>> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect();
    let text = String::from_utf8(bytes?).ok()?;
    Some(text.split_terminator('\0').map(ToOwned::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        assert_eq!(
            read_arguments("610062276300c3a95c0000"),
            Some(["a", "b'c", "é\\", ""].map(ToOwned::to_owned).to_vec())
        );
        assert_eq!(read_arguments(""), Some(vec![]));
        assert_eq!(read_arguments("ff00"), None);
    }
}
