//! Functions and procedures as SQL.

use super::{Argument, ArgumentMode, Body, Parallel, Returns, Routine, RoutineChange, Volatility};
use crate::operation::IfExists;
use crate::sql;

/// Settings whose value is a list of names (`GUC_LIST_QUOTE` in PostgreSQL).
pub(crate) const NAME_LISTS: &[&str] = &[
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
pub(crate) fn create(routine: &Routine, if_exists: IfExists) -> Vec<String> {
    vec![definition(routine, if_exists != IfExists::Fail)]
}

/// `CREATE OR REPLACE`.
pub(crate) fn alter(change: &RoutineChange) -> Vec<String> {
    match change {
        RoutineChange::Replace(routine) => vec![definition(routine, true)],
    }
}

fn definition(routine: &Routine, replace: bool) -> String {
    let replace = if replace { "OR REPLACE " } else { "" };
    let word = routine.kind().sql();
    let mut text = format!(
        "CREATE {replace}{word} {}{}",
        routine.name,
        arguments(&routine.arguments)
    );
    let mut clause = |clause: String| {
        text.push_str("\n    ");
        text.push_str(&clause);
    };
    match &routine.returns {
        Some(Returns::Type(type_name)) => clause(format!("RETURNS {type_name}")),
        Some(Returns::SetOf(type_name)) => clause(format!("RETURNS SETOF {type_name}")),
        Some(Returns::Table(columns)) => clause(format!("RETURNS TABLE {}", arguments(columns))),
        None => {}
    }
    clause(format!("LANGUAGE {}", routine.language));
    if !routine.transforms.is_empty() {
        let types = routine.transforms.iter().map(|name| format!("FOR TYPE {name}"));
        clause(format!("TRANSFORM {}", sql::list(types)));
    }
    let attributes = attributes(routine);
    if !attributes.is_empty() {
        clause(attributes);
    }
    for (name, value) in &routine.settings {
        clause(format!("SET {} TO {}", setting_name(name), setting_value(name, value)));
    }
    match &routine.body {
        Body::Source(source) => clause(format!("AS {}", sql::dollar_quoted(source))),
        Body::Object { file, symbol } => clause(format!("AS {}, {}", sql::literal(file), sql::literal(symbol))),
        Body::Sql(body) => {
            text.push('\n');
            text.push_str(&body.text);
        }
    }
    text
}

fn attributes(routine: &Routine) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut flag = |on: bool, word: &str| {
        if on {
            words.push(word.into());
        }
    };
    flag(routine.window, "WINDOW");
    flag(routine.volatility == Volatility::Stable, "STABLE");
    flag(routine.volatility == Volatility::Immutable, "IMMUTABLE");
    flag(routine.strict, "STRICT");
    flag(routine.leakproof, "LEAKPROOF");
    flag(routine.security_definer, "SECURITY DEFINER");
    flag(routine.parallel == Parallel::Safe, "PARALLEL SAFE");
    flag(routine.parallel == Parallel::Restricted, "PARALLEL RESTRICTED");
    words.extend(routine.cost.iter().map(|cost| format!("COST {cost}")));
    words.extend(routine.rows.iter().map(|rows| format!("ROWS {rows}")));
    words.extend(routine.support.iter().map(|name| format!("SUPPORT {name}")));
    words.join(" ")
}

/// A list of arguments in parentheses, one per line when it is long.
pub(crate) fn arguments(arguments: &[Argument]) -> String {
    let texts: Vec<String> = arguments.iter().map(argument).collect();
    let line = sql::list(&texts);
    if line.len() > 80 {
        format!("(\n    {}\n)", texts.join(",\n    "))
    } else {
        format!("({line})")
    }
}

/// One argument.
pub(crate) fn argument(argument: &Argument) -> String {
    let mut text = String::from(match argument.mode {
        ArgumentMode::In => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
    });
    if let Some(name) = &argument.name {
        text.push_str(&format!("{name} "));
    }
    text.push_str(&argument.type_name.to_string());
    if let Some(default) = &argument.default {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    text
}

fn setting_name(name: &str) -> String {
    let parts = name.split('.').map(crate::name::Ident::new);
    sql::join(parts, ".")
}

fn setting_value(name: &str, value: &str) -> String {
    if !NAME_LISTS.contains(&name.to_ascii_lowercase().as_str()) {
        return sql::literal(value);
    }
    let names = split_names(value);
    if names.is_empty() {
        "''".into()
    } else {
        sql::list(names.iter().map(|name| sql::literal(name)))
    }
}

/// The names of a list as `proconfig` keeps it: folded, quoted where needed, separated by commas.
pub(crate) fn split_names(value: &str) -> Vec<String> {
    let (mut names, mut name, mut quoted, mut any) = (Vec::new(), String::new(), false, false);
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                name.push('"');
            }
            '"' => {
                quoted = !quoted;
                any = true;
            }
            ',' if !quoted => {
                names.push(std::mem::take(&mut name));
                any = false;
            }
            c if c.is_whitespace() && !quoted => {}
            c => name.push(c),
        }
    }
    if any || !name.is_empty() {
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_lists_are_split_as_postgresql_does() {
        assert_eq!(
            split_names("\"$user\", public, \"a,\"\"b\""),
            ["$user", "public", "a,\"b"]
        );
        assert_eq!(split_names("\"\""), [""]);
        assert_eq!(split_names("").len(), 0);
        assert_eq!(setting_value("search_path", "\"\""), "''");
        assert_eq!(setting_value("work_mem", "64MB"), "'64MB'");
    }
}
