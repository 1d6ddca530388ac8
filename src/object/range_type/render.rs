//! Range types as SQL.

use super::{RangeChange, RangeType};

/// `CREATE TYPE ... AS RANGE`.
pub(crate) fn create(range: &RangeType) -> Vec<String> {
    let RangeType {
        name,
        subtype,
        operator_class,
        collation,
        canonical,
        subtype_diff,
        multirange,
    } = range;
    let mut parameters = vec![format!("SUBTYPE = {subtype}")];
    for (word, value) in [
        ("SUBTYPE_OPCLASS", operator_class),
        ("COLLATION", collation),
        ("CANONICAL", canonical),
        ("SUBTYPE_DIFF", subtype_diff),
        ("MULTIRANGE_TYPE_NAME", multirange),
    ] {
        if let Some(value) = value {
            parameters.push(format!("{word} = {value}"));
        }
    }
    vec![format!(
        "CREATE TYPE {name} AS RANGE (\n    {}\n)",
        parameters.join(",\n    ")
    )]
}

/// `ALTER TYPE` of the multirange type.
pub(crate) fn alter(change: &RangeChange) -> Vec<String> {
    let RangeChange::Multirange { from, to } = change;
    let mut statements = Vec::new();
    let mut name = from.clone();
    if from.name != to.name {
        statements.push(format!("ALTER TYPE {name} RENAME TO {}", to.name));
        name.name = to.name.clone();
    }
    if let Some(namespace) = to.namespace.as_ref().filter(|_| from.namespace != to.namespace) {
        statements.push(format!("ALTER TYPE {name} SET SCHEMA {namespace}"));
    }
    statements
}
