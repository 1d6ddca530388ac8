//! Text search templates. Only a superuser can make them.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::QualifiedName;

/// A template of text search dictionaries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextSearchTemplate {
    /// Its name.
    pub name: QualifiedName,
    /// Its functions by the parameter that names them, in lower case: `init`, `lexize`.
    pub functions: BTreeMap<String, QualifiedName>,
}

/// It is made anew for every change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TextSearchTemplateChange {}

impl Definition for TextSearchTemplate {
    type Change = TextSearchTemplateChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::TextSearchTemplate, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        for function in self.functions.values_mut() {
            visitor.name(NameRole::Routine, function);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<TextSearchTemplateChange> {
        if self.functions == desired.functions {
            Comparison::Same
        } else {
            Comparison::Replaced("its functions differ".into())
        }
    }

    fn apply(&mut self, change: &TextSearchTemplateChange) {
        match *change {}
    }
}
