//! Source text of an expression or query together with the search path it was written under.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::de::{Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use crate::name::Ident;

/// The namespaces in which unqualified names are looked up, after `pg_catalog`. Empty: every name that is not built in is
/// qualified, as in what PostgreSQL prints under an empty `search_path`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SearchPath(Arc<[Ident]>);

impl SearchPath {
    /// A path through these namespaces.
    pub fn new(namespaces: impl IntoIterator<Item = Ident>) -> Self {
        Self(namespaces.into_iter().collect())
    }

    /// The namespaces, in order.
    pub fn namespaces(&self) -> &[Ident] {
        &self.0
    }

    /// Whether every name must be qualified.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value for `SET search_path`.
    pub fn to_sql(&self) -> String {
        if self.is_empty() {
            "''".into()
        } else {
            crate::sql::list(self.0.iter())
        }
    }
}

impl Default for SearchPath {
    fn default() -> Self {
        Self::new([])
    }
}

impl fmt::Debug for SearchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter()).finish()
    }
}

macro_rules! sql_text {
    ($(#[$doc:meta])* $name:ident, $canonical:path) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub struct $name {
            /// The text as written, or as the server prints it.
            pub text: String,
            /// The search path that its unqualified names mean.
            pub path: SearchPath,
        }

        impl $name {
            /// A text whose names are all qualified or built in.
            pub fn new(text: impl Into<String>) -> Self {
                Self { text: text.into(), path: SearchPath::default() }
            }

            /// A text written under a search path.
            pub fn under(text: impl Into<String>, path: &SearchPath) -> Self {
                Self { text: text.into(), path: path.clone() }
            }

            /// The canonical form: equal forms always mean the same.
            pub fn canonical(&self) -> Arc<str> {
                $canonical(&self.text, &self.path)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                (self.text == other.text && self.path == other.path) || self.canonical() == other.canonical()
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.canonical().hash(state);
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.text)?;
                if self.path.is_empty() { Ok(()) } else { write!(f, " under {:?}", self.path) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if self.path.is_empty() {
                    return serializer.serialize_str(&self.text);
                }
                let mut map = serializer.serialize_struct(stringify!($name), 2)?;
                map.serialize_field("text", &self.text)?;
                map.serialize_field("path", &self.path)?;
                map.end()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(TextVisitor).map(|(text, path)| Self { text, path })
            }
        }
    };
}

sql_text!(
    /// An expression: a default, a check, an index column, a policy.
    Expr,
    super::canonical_expr_in
);
sql_text!(
    /// A query: the definition of a view or materialized view, the action of a rule.
    Query,
    super::canonical_query_in
);

/// Reads a plain text, or `{text, path}`. Plain numbers and booleans are taken as YAML writes them: `default: 0`.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = (String, SearchPath);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SQL text, or a map with text and path")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok((text.into(), SearchPath::default()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok((value.to_string(), SearchPath::default()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok((value.to_string(), SearchPath::default()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok((value.to_string(), SearchPath::default()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok((value.to_string(), SearchPath::default()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Parts {
            text: String,
            #[serde(default)]
            path: SearchPath,
        }
        Parts::deserialize(MapAccessDeserializer::new(map)).map(|parts| (parts.text, parts.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serialised_as_plain_text_when_everything_is_qualified() -> Result<(), serde_json::Error> {
        let plain: Expr = serde_json::from_str("\"a > 0\"")?;
        assert_eq!(plain.text, "a > 0");
        assert_eq!(serde_json::to_string(&plain)?, "\"a > 0\"");
        let pathed = Expr::under("f(a)", &SearchPath::new([Ident::from("app")]));
        let json = serde_json::to_string(&pathed)?;
        assert_eq!(json, r#"{"text":"f(a)","path":["app"]}"#);
        assert_eq!(serde_json::from_str::<Expr>(&json)?, pathed);
        assert_eq!(serde_json::from_str::<Expr>("0")?.text, "0");
        Ok(())
    }
}
