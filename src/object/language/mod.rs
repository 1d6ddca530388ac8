//! Procedural languages that are defined with their own handler; those of extensions belong to the extension.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// A procedural language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Language {
    /// Its name.
    pub name: Ident,
    /// Whether roles without special rights may write functions in it.
    #[serde(default)]
    pub trusted: bool,
    /// The function that runs its functions.
    pub handler: QualifiedName,
    /// The function that runs `DO` blocks.
    #[serde(default)]
    pub inline: Option<QualifiedName>,
    /// The function that checks new functions.
    #[serde(default)]
    pub validator: Option<QualifiedName>,
}

/// A change of a procedural language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LanguageChange {
    /// `CREATE OR REPLACE LANGUAGE`: the functions written in it, its owner and its privileges stay.
    Replace(Language),
}

impl Definition for Language {
    type Change = LanguageChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::Language, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.name(NameRole::Routine, &mut self.handler);
        for function in [&mut self.inline, &mut self.validator].into_iter().flatten() {
            visitor.name(NameRole::Routine, function);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<LanguageChange> {
        Comparison::of(if self == desired {
            vec![]
        } else {
            vec![LanguageChange::Replace(desired.clone())]
        })
    }

    fn apply(&mut self, change: &LanguageChange) {
        match change {
            LanguageChange::Replace(language) => self.clone_from(language),
        }
    }
}
