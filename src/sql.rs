//! Writing SQL text: the only place where literals are quoted.

use std::fmt::Display;

/// A string literal; backslashes make it an escape string, so that it reads the same under either setting of
/// `standard_conforming_strings`.
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// A dollar-quoted text with the shortest tag that does not occur in it.
pub fn dollar_quoted(text: &str) -> String {
    let mut tag = String::from("$$");
    let mut round = 0u32;
    while text.contains(tag.trim_end_matches('$')) && tag != "$$"
        || tag == "$$" && (text.contains("$$") || text.ends_with('$'))
    {
        tag = if round == 0 {
            "$_$".into()
        } else {
            format!("$_{round}$")
        };
        round += 1;
    }
    format!("{tag}{text}{tag}")
}

/// Items joined by a separator.
pub fn join<T: Display>(items: impl IntoIterator<Item = T>, separator: &str) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push_str(separator);
        }
        text.push_str(&item.to_string());
    }
    text
}

/// Items joined by `, `.
pub fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    join(items, ", ")
}

/// `(key = 'value', ...)` of storage parameters and the like; a key with an empty value stands alone.
pub fn options<K: AsRef<str>, V: AsRef<str>>(options: impl IntoIterator<Item = (K, V)>) -> String {
    list(
        options
            .into_iter()
            .map(|(key, value)| format!("{}={}", key.as_ref(), option_value(value.as_ref()))),
    )
}

fn option_value(value: &str) -> String {
    let bare = !value.is_empty()
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    let number = value.parse::<f64>().is_ok();
    let word =
        bare && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !crate::keywords::needs_quotes(value);
    if number || word || matches!(value, "true" | "false" | "on") {
        value.into()
    } else {
        literal(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b"), "E'a\\\\b'");
    }

    #[test]
    fn dollar_tags_avoid_the_text() {
        assert_eq!(dollar_quoted("x"), "$$x$$");
        assert_eq!(dollar_quoted("a $$ b"), "$_$a $$ b$_$");
        assert_eq!(dollar_quoted("a $_$ $$"), "$_1$a $_$ $$$_1$");
        assert_eq!(dollar_quoted("a$"), "$_$a$$_$");
    }

    #[test]
    fn option_values() {
        assert_eq!(
            options([("fillfactor", "70"), ("autovacuum_enabled", "false")]),
            "fillfactor=70, autovacuum_enabled=false"
        );
    }
}
