//! Text search dictionaries.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// A dictionary of text search.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TextSearchDictionary {
    /// Its name.
    pub name: QualifiedName,
    /// The template that does the work.
    pub template: QualifiedName,
    /// The options of the template; each value as SQL writes it: a literal, or a bare number.
    #[serde(default)]
    pub options: IndexMap<Ident, String>,
}

/// A change of a dictionary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSearchDictionaryChange {
    /// Options with their new values; `None` takes one away.
    Options(IndexMap<Ident, Option<String>>),
}

/// The value itself: a template does not see whether a number was quoted.
fn bare(value: &str) -> &str {
    value
        .strip_prefix('\'')
        .and_then(|value| value.strip_suffix('\''))
        .unwrap_or(value)
}

fn same(one: Option<&String>, two: Option<&String>) -> bool {
    one.map(|value| bare(value)) == two.map(|value| bare(value))
}

impl PartialEq for TextSearchDictionary {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            name,
            template,
            options,
        } = self;
        *name == other.name
            && *template == other.template
            && options.len() == other.options.len()
            && options
                .iter()
                .all(|(key, value)| same(Some(value), other.options.get(key)))
    }
}

impl Definition for TextSearchDictionary {
    type Change = TextSearchDictionaryChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::TextSearchDictionary, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.name(NameRole::Of(Kind::TextSearchTemplate), &mut self.template);
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<TextSearchDictionaryChange> {
        if self.template != desired.template {
            return Comparison::Replaced("its template differs".into());
        }
        let gone = self.options.keys().filter(|key| !desired.options.contains_key(*key));
        let gone = gone.map(|key| (key.clone(), None));
        let set = desired
            .options
            .iter()
            .filter(|(key, value)| !same(Some(value), self.options.get(*key)));
        let changes: IndexMap<Ident, Option<String>> = gone
            .chain(set.map(|(key, value)| (key.clone(), Some(value.clone()))))
            .collect();
        Comparison::of(if changes.is_empty() {
            vec![]
        } else {
            vec![TextSearchDictionaryChange::Options(changes)]
        })
    }

    fn apply(&mut self, change: &TextSearchDictionaryChange) {
        let TextSearchDictionaryChange::Options(changes) = change;
        for (key, value) in changes {
            // PostgreSQL puts a changed option behind the others.
            self.options.shift_remove(key);
            if let Some(value) = value {
                self.options.insert(key.clone(), value.clone());
            }
        }
    }
}
