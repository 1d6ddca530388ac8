//! Tables out of the catalog. Bounds and key expressions are cut out of what the server prints.

use serde_json::{Value, from_str, from_value, json};

use super::Table;
use crate::expr::token::lex;
use crate::introspect::cut::{behind, split, without_parentheses};
use crate::introspect::source::{Found, Source, misread};
use crate::object::Object;

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "tables",
    found: Found::Always,
    sql: include_str!("introspect.sql"),
    read,
};

fn read(row: &str) -> Result<Object, serde_json::Error> {
    let mut row: Value = from_str(row)?;
    if let Some(bound) = row.pointer_mut("/partition_of/bound") {
        *bound = read_bound(bound.as_str().unwrap_or_default())?;
    }
    if let Some(key) = row.get_mut("partition_by").filter(|key| !key.is_null()) {
        read_keys(key)?;
    }
    from_value::<Table>(row).map(Into::into)
}

/// `FOR VALUES FROM (...) TO (...)` and its like.
fn read_bound(text: &str) -> Result<Value, serde_json::Error> {
    if text.trim() == "DEFAULT" {
        return Ok(json!("default"));
    }
    if let Some((from, rest)) = behind(text, "from") {
        let (to, _) = behind(rest, "to").ok_or_else(|| misread("a range bound without TO"))?;
        return Ok(json!({"range": {"from": split(from, ","), "to": split(to, ",")}}));
    }
    if let Some((values, _)) = behind(text, "in") {
        return Ok(json!({"list": split(values, ",")}));
    }
    let (numbers, _) = behind(text, "with").ok_or_else(|| misread("an unknown partition bound"))?;
    let number = |name: &str| {
        split(numbers, ",")
            .into_iter()
            .find_map(|part| part.strip_prefix(name)?.trim().parse::<u32>().ok())
            .ok_or_else(|| misread("a hash bound without its numbers"))
    };
    Ok(json!({"hash": {"modulus": number("modulus")?, "remainder": number("remainder")?}}))
}

/// The parts of a key are columns by name, or expressions whose text is only in the whole definition.
fn read_keys(key: &mut Value) -> Result<(), serde_json::Error> {
    let definition = key["definition"].as_str().unwrap_or_default().to_owned();
    let list = definition
        .split_once(' ')
        .map_or("", |(_, list)| list.trim())
        .strip_prefix('(')
        .and_then(|list| list.strip_suffix(')'))
        .unwrap_or_default();
    let texts = split(list, ",");
    for (at, part) in key["keys"].as_array_mut().into_iter().flatten().enumerate() {
        part["key"] = match part["column"].as_str() {
            Some(column) => json!({ "column": column }),
            None => {
                let text = texts
                    .get(at)
                    .ok_or_else(|| misread("a partition key that ends early"))?;
                let expression = expression(text);
                // The catalog does not tell a collation that the expression has by itself from one given for the key.
                let rest = text.get(expression.len()..).unwrap_or_default();
                if !lex(rest).first().is_some_and(|token| token.is_word("collate")) {
                    part["collation"] = Value::Null;
                }
                json!({ "expr": without_parentheses(expression) })
            }
        };
    }
    Ok(())
}

/// The expression at the start of a key part: a function call, or something in parentheses; a collation or operator class may
/// follow.
fn expression(text: &str) -> &str {
    let tokens = lex(text);
    let open = tokens.iter().position(|token| token.is_mark("("));
    match open.and_then(|open| crate::introspect::cut::closing(&tokens, open)) {
        Some(close) => &text[..tokens[close].range.end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() -> Result<(), serde_json::Error> {
        for (text, value) in [
            ("DEFAULT", json!("default")),
            (
                "FOR VALUES IN ('a''b', NULL, 'c,d')",
                json!({"list": ["'a''b'", "NULL", "'c,d'"]}),
            ),
            (
                "FOR VALUES FROM ('2024-01-01', MINVALUE) TO ('(', 5)",
                json!({"range": {"from": ["'2024-01-01'", "MINVALUE"], "to": ["'('", "5"]}}),
            ),
            (
                "FOR VALUES WITH (modulus 4, remainder 1)",
                json!({"hash": {"modulus": 4, "remainder": 1}}),
            ),
        ] {
            assert_eq!(read_bound(text)?, value);
        }
        assert!(read_bound("FOR VALUES SOMEHOW").is_err());
        Ok(())
    }

    #[test]
    fn key_expressions() {
        assert_eq!(expression("lower(kind) text_pattern_ops"), "lower(kind)");
        assert_eq!(expression("((a + 1)) COLLATE \"C\""), "((a + 1))");
    }
}
