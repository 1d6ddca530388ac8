//! Aggregates as SQL.

use super::{Aggregate, AggregateChange};
use crate::object::routine::render::argument;
use crate::operation::IfExists;
use crate::sql;

/// `CREATE AGGREGATE`.
pub(crate) fn create(aggregate: &Aggregate, if_exists: IfExists) -> Vec<String> {
    vec![definition(aggregate, if_exists != IfExists::Fail)]
}

/// `CREATE OR REPLACE AGGREGATE`.
pub(crate) fn alter(change: &AggregateChange) -> Vec<String> {
    match change {
        AggregateChange::Replace(aggregate) => vec![definition(aggregate, true)],
    }
}

fn definition(aggregate: &Aggregate, replace: bool) -> String {
    let direct = sql::list(aggregate.arguments.iter().map(argument));
    let ordered = sql::list(aggregate.order_by.iter().map(argument));
    let arguments = match (direct.as_str(), ordered.as_str()) {
        ("", "") => "*".into(),
        (direct, "") => direct.into(),
        ("", ordered) => format!("ORDER BY {ordered}"),
        (direct, ordered) => format!("{direct} ORDER BY {ordered}"),
    };
    let mut parameters = vec![
        format!("SFUNC = {}", aggregate.transition),
        format!("STYPE = {}", aggregate.state_type),
    ];
    for (name, function) in &aggregate.functions {
        parameters.push(format!("{} = {function}", name.to_ascii_uppercase()));
    }
    if let Some(state) = &aggregate.moving_state_type {
        parameters.push(format!("MSTYPE = {state}"));
    }
    for (name, value) in &aggregate.parameters {
        let word = name.to_ascii_uppercase();
        parameters.push(match (name.as_str(), value.as_str()) {
            ("initcond" | "minitcond", text) => format!("{word} = {}", sql::literal(text)),
            ("finalfunc_extra" | "mfinalfunc_extra", _) => word,
            ("finalfunc_modify" | "mfinalfunc_modify", "r") => format!("{word} = READ_ONLY"),
            ("finalfunc_modify" | "mfinalfunc_modify", "s") => format!("{word} = SHAREABLE"),
            ("finalfunc_modify" | "mfinalfunc_modify", _) => format!("{word} = READ_WRITE"),
            ("parallel", "s") => format!("{word} = SAFE"),
            ("parallel", "r") => format!("{word} = RESTRICTED"),
            ("parallel", _) => format!("{word} = UNSAFE"),
            (_, value) => format!("{word} = {value}"),
        });
    }
    if aggregate.hypothetical {
        parameters.push("HYPOTHETICAL".into());
    }
    format!(
        "CREATE {}AGGREGATE {}({arguments}) (\n    {}\n)",
        if replace { "OR REPLACE " } else { "" },
        aggregate.name,
        parameters.join(",\n    ")
    )
}
