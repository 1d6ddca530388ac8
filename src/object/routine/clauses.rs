//! The clauses of a routine that may come in any order.

use super::render::NAME_LISTS;
use super::{Parallel, Routine, Volatility};
use crate::expr::Query;
use crate::name::Ident;
use crate::parse::ParseError;
use crate::parse::context::Context;
use crate::parse::cursor::Cursor;
use crate::sql;

/// Language and body, which are judged together at the end.
#[derive(Default)]
pub(crate) struct Clauses {
    pub(super) language: Option<Ident>,
    /// `AS 'source'` or `AS 'file', 'symbol'`.
    pub(super) source: Option<(String, Option<String>)>,
    /// `RETURN ...` or `BEGIN ATOMIC ... END`.
    pub(super) body: Option<Query>,
}

/// Reads one clause.
pub(super) fn clause(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    routine: &mut Routine,
    clauses: &mut Clauses,
) -> Result<(), ParseError> {
    if flag(cursor, routine) {
        return Ok(());
    }
    let words = [
        "language",
        "transform",
        "parallel",
        "cost",
        "rows",
        "support",
        "set",
        "as",
        "return",
        "begin",
    ];
    match cursor
        .expect_any_word(&words)
        .map_err(|_| cursor.expected("a clause of a routine"))?
    {
        "language" => {
            let language = if cursor.is_string() {
                Ident::new(cursor.string()?.to_lowercase())
            } else {
                cursor.any_ident()?
            };
            clauses.language = Some(language);
        }
        "transform" => {
            routine.transforms = cursor.comma_separated(|cursor| {
                cursor.expect_words("for type")?;
                context.read_type(cursor)
            })?;
        }
        "parallel" => {
            routine.parallel = match cursor.expect_any_word(&["safe", "restricted", "unsafe"])? {
                "safe" => Parallel::Safe,
                "restricted" => Parallel::Restricted,
                _ => Parallel::Unsafe,
            }
        }
        "cost" => routine.cost = Some(number(cursor)?),
        "rows" => routine.rows = Some(number(cursor)?),
        "support" => routine.support = Some(context.routine_name(cursor.qualified_routine()?)),
        "set" => setting(cursor, context, routine)?,
        "as" => {
            let first = cursor.string()?;
            let second = if cursor.eat_mark(",") {
                Some(cursor.string()?)
            } else {
                None
            };
            clauses.source = Some((first, second));
        }
        "return" => {
            let expr = cursor.rest();
            if expr.is_empty() {
                return Err(cursor.expected("an expression"));
            }
            clauses.body = Some(context.query(&format!("RETURN {expr}")));
        }
        _ => {
            cursor.expect_word("atomic")?;
            let rest = cursor.rest();
            clauses.body = Some(context.query(&format!("BEGIN ATOMIC\n{rest}")));
        }
    }
    Ok(())
}

/// Attributes that are words alone.
fn flag(cursor: &mut Cursor<'_>, routine: &mut Routine) -> bool {
    type Set = fn(&mut Routine);
    let flags: &[(&str, Set)] = &[
        ("immutable", |r| r.volatility = Volatility::Immutable),
        ("stable", |r| r.volatility = Volatility::Stable),
        ("volatile", |r| r.volatility = Volatility::Volatile),
        ("strict", |r| r.strict = true),
        ("returns null on null input", |r| r.strict = true),
        ("called on null input", |r| r.strict = false),
        ("not leakproof", |r| r.leakproof = false),
        ("leakproof", |r| r.leakproof = true),
        ("window", |r| r.window = true),
        ("external security definer", |r| r.security_definer = true),
        ("external security invoker", |r| r.security_definer = false),
        ("security definer", |r| r.security_definer = true),
        ("security invoker", |r| r.security_definer = false),
    ];
    match flags.iter().find(|(words, _)| cursor.eat_words(words)) {
        Some((_, set)) => {
            set(routine);
            true
        }
        None => false,
    }
}

/// A positive number as PostgreSQL prints it.
fn number(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let start = cursor.clone();
    cursor.eat_mark("+");
    match cursor.next().replace('_', "").parse::<f32>() {
        Ok(number) if number >= 0.0 => Ok(number.to_string()),
        _ => Err(start.expected("a positive number")),
    }
}

/// The name of a setting, spelt as PostgreSQL stores it.
pub(super) fn setting_name(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    if cursor.eat_words("time zone") {
        return Ok("TimeZone".into());
    }
    let mut name = cursor.any_ident()?.as_str().to_owned();
    while cursor.eat_mark(".") {
        name = format!("{name}.{}", cursor.any_ident()?.as_str());
    }
    Ok(match name.as_str() {
        "timezone" => "TimeZone".into(),
        "datestyle" => "DateStyle".into(),
        "intervalstyle" => "IntervalStyle".into(),
        _ => name,
    })
}

/// What stands behind `SET`.
fn setting(cursor: &mut Cursor<'_>, context: &Context<'_>, routine: &mut Routine) -> Result<(), ParseError> {
    let start = cursor.clone();
    for (word, name) in [
        ("schema", "search_path"),
        ("names", "client_encoding"),
        ("role", "role"),
    ] {
        if cursor.is_word(word) && cursor.peek_nth(1).starts_with('\'') {
            cursor.next();
            let value = cursor.string()?;
            routine.settings.insert(name.into(), stored(name, vec![value]));
            return Ok(());
        }
    }
    let zone = cursor.are_words("time zone");
    let name = setting_name(cursor)?;
    if cursor.eat_words("from current") {
        if name != "search_path" {
            return Err(start
                .error(format!(
                    "SET {name} FROM CURRENT takes a value that the sources do not tell"
                ))
                .hint("write the value"));
        }
        let names = context.path.namespaces().iter().map(|name| name.as_str().to_owned());
        routine.settings.insert(name.clone(), stored(&name, names.collect()));
        return Ok(());
    }
    if !zone && !cursor.eat_word("to") {
        cursor.expect_mark("=")?;
    }
    if cursor.eat_word("default") || (zone && cursor.eat_word("local")) {
        routine.settings.shift_remove(&name);
        return Ok(());
    }
    let values = cursor.comma_separated(value)?;
    routine.settings.insert(name.clone(), stored(&name, values));
    Ok(())
}

fn value(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    if cursor.is_string() {
        return cursor.string();
    }
    let start = cursor.mark();
    if cursor.eat_mark("-") || cursor.eat_mark("+") || cursor.lexeme_nth(0) == Some(crate::parse::lex::Lexeme::Number) {
        cursor.next();
        return Ok(cursor.slice_since(start).trim_start_matches('+').to_owned());
    }
    // An unquoted word keeps its case when it is a quoted name only.
    cursor.any_ident().map(|word| word.as_str().to_owned())
}

/// The value as `proconfig` keeps it: names of a list are quoted where needed, all values are joined by commas.
fn stored(name: &str, values: Vec<String>) -> String {
    if NAME_LISTS.contains(&name) {
        sql::list(values.iter().map(Ident::new))
    } else {
        values.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::render::split_names;
    use super::*;

    #[test]
    fn lists_of_names_are_stored_as_postgresql_does() {
        let stored = |values: &[&str]| stored("search_path", values.iter().map(|v| v.to_string()).collect());
        assert_eq!(stored(&[""]), "\"\"");
        assert_eq!(stored(&["$user", "public"]), "\"$user\", public");
        assert_eq!(split_names(&stored(&["a b", "c"])), ["a b", "c"]);
    }
}
