//! Text search configurations.

mod builtin;
pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::QualifiedName;

/// A configuration of text search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextSearchConfiguration {
    /// Its name.
    pub name: QualifiedName,
    /// The parser that cuts a text into tokens.
    pub parser: QualifiedName,
    /// The dictionaries of each kind of token, in the order in which they are asked.
    #[serde(default)]
    pub mappings: Mappings,
}

/// Kind of token -> dictionaries.
pub type Mappings = BTreeMap<String, Vec<QualifiedName>>;

/// A change of a configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSearchConfigurationChange {
    /// `ADD MAPPING` for kinds of tokens that have none.
    Add(Vec<String>, Vec<QualifiedName>),
    /// `ALTER MAPPING`: other dictionaries.
    Set(Vec<String>, Vec<QualifiedName>),
    /// `DROP MAPPING`.
    Drop(Vec<String>),
}

impl Definition for TextSearchConfiguration {
    type Change = TextSearchConfigurationChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::TextSearchConfiguration, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.name(NameRole::Of(Kind::TextSearchParser), &mut self.parser);
        for dictionary in self.mappings.values_mut().flatten() {
            visitor.name(NameRole::Of(Kind::TextSearchDictionary), dictionary);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<TextSearchConfigurationChange> {
        if self.parser != desired.parser {
            return Comparison::Replaced("its parser differs".into());
        }
        let gone: Vec<String> = self
            .mappings
            .keys()
            .filter(|token| !desired.mappings.contains_key(*token))
            .cloned()
            .collect();
        let (mut added, mut set) = (Mappings::new(), Mappings::new());
        for (token, dictionaries) in &desired.mappings {
            match self.mappings.get(token) {
                None => drop(added.insert(token.clone(), dictionaries.clone())),
                Some(now) if now != dictionaries => drop(set.insert(token.clone(), dictionaries.clone())),
                Some(_) => {}
            }
        }
        let mut changes = Vec::new();
        if !gone.is_empty() {
            changes.push(TextSearchConfigurationChange::Drop(gone));
        }
        let together = |mappings| grouped(mappings).into_iter();
        changes.extend(together(&set).map(|(tokens, to)| TextSearchConfigurationChange::Set(tokens, to)));
        changes.extend(together(&added).map(|(tokens, to)| TextSearchConfigurationChange::Add(tokens, to)));
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &TextSearchConfigurationChange) {
        match change {
            TextSearchConfigurationChange::Add(tokens, dictionaries)
            | TextSearchConfigurationChange::Set(tokens, dictionaries) => {
                for token in tokens {
                    self.mappings.insert(token.clone(), dictionaries.clone());
                }
            }
            TextSearchConfigurationChange::Drop(tokens) => self.mappings.retain(|token, _| !tokens.contains(token)),
        }
    }
}

/// Kinds of tokens with the same dictionaries together.
fn grouped(mappings: &Mappings) -> Vec<(Vec<String>, Vec<QualifiedName>)> {
    let mut groups: Vec<(Vec<String>, Vec<QualifiedName>)> = Vec::new();
    for (token, dictionaries) in mappings {
        match groups.iter_mut().find(|(_, known)| known == dictionaries) {
            Some((tokens, _)) => tokens.push(token.clone()),
            None => groups.push((vec![token.clone()], dictionaries.clone())),
        }
    }
    groups
}
