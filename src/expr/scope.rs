//! What a text is read against: its search path and, where known, the types of the columns it may name.

use std::collections::HashMap;

use crate::name::Ident;
use crate::types::TypeName;

use super::builtin;
use super::node::Node;
use super::text::SearchPath;

/// The surroundings of an expression.
#[derive(Clone, Copy, Default)]
pub struct Scope<'a> {
    /// Search path of the text; `None` is the empty path.
    pub path: Option<&'a SearchPath>,
    /// Columns of the one relation that the expression may name.
    pub columns: Option<&'a Columns>,
}

/// The types of a relation's columns.
#[derive(Clone, Debug, Default)]
pub struct Columns(HashMap<String, String>);

impl Columns {
    /// Columns by name.
    pub fn new<'t>(columns: impl IntoIterator<Item = (&'t Ident, &'t TypeName)>) -> Self {
        Self(
            columns
                .into_iter()
                .map(|(name, to)| (name.as_str().into(), spelled(to)))
                .collect(),
        )
    }
}

/// A type in the spelling of canonical expressions.
pub(super) fn spelled(to: &TypeName) -> String {
    if to.is_builtin() {
        return to.to_string();
    }
    let parts = to
        .namespace
        .iter()
        .chain([&to.name])
        .map(|part| part.as_str().to_string())
        .collect();
    let mut text = Node::Name(parts).print();
    if !to.modifiers.is_empty() {
        text.push_str(&format!("({})", to.modifiers));
    }
    if to.array {
        text.push_str("[]");
    }
    text
}

impl<'a> Scope<'a> {
    /// A text under a search path, about which nothing else is known.
    pub fn under(path: &'a SearchPath) -> Self {
        Self {
            path: Some(path),
            columns: None,
        }
    }

    /// A function name with its namespace, where the path leaves no doubt.
    pub(super) fn function(&self, parts: Vec<String>) -> Vec<String> {
        let known = parts.len() == 1 && builtin::is_function(&parts[0]);
        self.resolve(parts, known)
    }

    /// A relation name with its namespace.
    pub(super) fn relation(&self, parts: Vec<String>) -> Vec<String> {
        let known = parts.len() == 1 && parts[0].starts_with("pg_");
        self.resolve(parts, known)
    }

    /// A name with its namespace. `pg_catalog` always comes first, so that a name that is built in needs none.
    pub(super) fn resolve(&self, mut parts: Vec<String>, built_in: bool) -> Vec<String> {
        if parts.len() > 1 {
            if parts[0] == "pg_catalog" {
                parts.remove(0);
            }
            return parts;
        }
        if built_in {
            return parts;
        }
        if let Some(namespace) = self.namespace() {
            parts.insert(0, namespace);
        }
        parts
    }

    /// The namespace that an unqualified name must be in. With several candidates it is a name that no namespace has, so
    /// that the text is equal only to texts with the same candidates.
    pub(super) fn namespace(&self) -> Option<String> {
        let mut names = self
            .path?
            .namespaces()
            .iter()
            .map(|n| n.as_str())
            .filter(|n| *n != "pg_catalog");
        let first = names.next()?;
        let rest: Vec<&str> = names.collect();
        Some(if rest.is_empty() && first != "$user" {
            first.into()
        } else {
            format!("?{first},{}", rest.join(","))
        })
    }

    /// The type of a column, where it is known.
    pub(super) fn column_type(&self, parts: &[String]) -> Option<&'a str> {
        self.columns?.0.get(parts.last()?).map(String::as_str)
    }
}
