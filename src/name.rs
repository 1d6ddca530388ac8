//! Identifiers and qualified names: folding and quoting happen here and nowhere else.

use std::fmt;
use std::sync::Arc;

use serde::de::{self, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};

/// The longest identifier PostgreSQL keeps, in bytes (`NAMEDATALEN - 1`).
pub const MAX_IDENT_BYTES: usize = 63;

/// A folded identifier, as `pg_catalog` stores it. `Display` quotes it where SQL needs that.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ident(Arc<str>);

impl Ident {
    /// An identifier that is already folded (from the catalog, or out of double quotes).
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(Arc::from(text.as_ref()))
    }

    /// An identifier as written without quotes: ASCII letters are lowered, and it is cut to 63 bytes as PostgreSQL does.
    pub fn folded(text: &str) -> Self {
        Self::new(truncate(&text.to_ascii_lowercase()))
    }

    /// The bare text, not quoted.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether pgphase itself gave the name, to something that stands for the time of a plan only.
    pub fn is_helper(&self) -> bool {
        self.0.starts_with("pgphase_")
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if needs_quotes(&self.0) {
            write!(f, "\"{}\"", self.0.replace('"', "\"\""))
        } else {
            f.write_str(&self.0)
        }
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<&str> for Ident {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// The text cut to PostgreSQL's 63 bytes at a character boundary.
pub fn truncate(text: &str) -> &str {
    cut(text, MAX_IDENT_BYTES)
}

/// The text cut to so many bytes at a character boundary.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let mut end = bytes;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn needs_quotes(text: &str) -> bool {
    let plain = text
        .bytes()
        .enumerate()
        .all(|(i, b)| b.is_ascii_lowercase() || b == b'_' || (i > 0 && (b.is_ascii_digit() || b == b'$')));
    text.is_empty() || !plain || crate::keywords::needs_quotes(text) || crate::keywords::refused_in_plpgsql(text)
}

/// A name with the namespace it lives in, where that is known.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct QualifiedName {
    /// The namespace; `None` while the name is not resolved (built in, or provided by an extension).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Ident>,
    /// The object's own name.
    pub name: Ident,
}

impl QualifiedName {
    /// A name in a namespace.
    pub fn new(namespace: impl Into<Ident>, name: impl Into<Ident>) -> Self {
        Self {
            namespace: Some(namespace.into()),
            name: name.into(),
        }
    }

    /// A name whose namespace is not known.
    pub fn bare(name: impl Into<Ident>) -> Self {
        Self {
            namespace: None,
            name: name.into(),
        }
    }
}

impl<'de> Deserialize<'de> for QualifiedName {
    /// Reads a map with `namespace` and `name`, or a text such as `app."Users"` as people write it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameVisitor)
    }
}

/// Reads both forms of a name as they come: almost every row of the catalogs holds some.
struct NameVisitor;

impl<'de> de::Visitor<'de> for NameVisitor {
    type Value = QualifiedName;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or a map with namespace and name")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        QualifiedName::from_text(text)
            .ok_or_else(|| E::custom(format!("`{text}` is no name; names look like `app.users`")))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        #[derive(Deserialize)]
        struct Parts {
            #[serde(default)]
            namespace: Option<Ident>,
            name: Ident,
        }
        let Parts { namespace, name } = Parts::deserialize(MapAccessDeserializer::new(map))?;
        Ok(QualifiedName { namespace, name })
    }
}

impl QualifiedName {
    /// Reads `users`, `app.users`, `app."Users"`.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        loop {
            let (part, after) = if let Some(inner) = rest.strip_prefix('"') {
                let end = (0..inner.len()).find(|&at| {
                    inner[at..].starts_with('"')
                        && !inner[at + 1..].starts_with('"')
                        && inner[..at].bytes().rev().take_while(|b| *b == b'"').count() % 2 == 0
                })?;
                (Ident::new(inner[..end].replace("\"\"", "\"")), &inner[end + 1..])
            } else {
                let end = rest.find('.').unwrap_or(rest.len());
                (Ident::folded(&rest[..end]), &rest[end..])
            };
            if part.as_str().is_empty() {
                return None;
            }
            parts.push(part);
            match after.strip_prefix('.') {
                Some(after) => rest = after,
                None if after.is_empty() => break,
                None => return None,
            }
        }
        let name = parts.pop()?;
        let namespace = parts.pop();
        parts.is_empty().then_some(Self { namespace, name })
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}.{}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

impl fmt::Debug for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `first_second_label`, cut to 63 bytes at the cost of the longer of the first two (either may be empty).
pub(crate) fn object_name(first: &str, second: &str, label: &str) -> String {
    let fixed = usize::from(!second.is_empty()) + if label.is_empty() { 0 } else { label.len() + 1 };
    let room = MAX_IDENT_BYTES.saturating_sub(fixed);
    let (mut a, mut b) = (first.len(), second.len());
    while a + b > room {
        if a > b {
            a -= 1;
        } else {
            b = b.saturating_sub(1);
        }
    }
    let mut name = clip(first, a).to_owned();
    for part in [clip(second, b), label].into_iter().filter(|part| !part.is_empty()) {
        name.push('_');
        name.push_str(part);
    }
    name
}

/// The longest start of a text that has at most this many bytes and ends between characters.
pub(crate) fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_where_sql_needs_it() {
        for (name, sql) in [
            ("users", "users"),
            ("User", "\"User\""),
            ("order", "\"order\""),
            ("a\"b", "\"a\"\"b\""),
            ("", "\"\""),
            ("1a", "\"1a\""),
            ("a1$", "a1$"),
        ] {
            assert_eq!(Ident::new(name).to_string(), sql);
        }
    }

    #[test]
    fn names_are_read_as_written() {
        for (text, name) in [("Users", "users"), ("App.\"U.\"\"x\"", "app.\"U.\"\"x\"")] {
            assert_eq!(
                QualifiedName::from_text(text).map(|name| name.to_string()).as_deref(),
                Some(name)
            );
        }
        for text in ["", "a.", "a.b.c", "\"a", "\"a\"b"] {
            assert_eq!(QualifiedName::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn folding_cuts_at_a_character() {
        let long = "É".repeat(40);
        assert_eq!(Ident::folded(&long).as_str().len(), 62);
    }
}
