//! Range types as SQL.

use super::RangeType;

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
