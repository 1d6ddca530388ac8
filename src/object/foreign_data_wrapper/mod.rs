//! Foreign data wrappers.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::server::{ForeignOptions, OptionChanges};
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, QualifiedName};

/// A foreign data wrapper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignDataWrapper {
    /// Its name.
    pub name: Ident,
    /// The function that makes the wrapper work.
    #[serde(default)]
    pub handler: Option<QualifiedName>,
    /// The function that checks options.
    #[serde(default)]
    pub validator: Option<QualifiedName>,
    /// Its options.
    #[serde(default)]
    pub options: ForeignOptions,
}

/// A change of a foreign data wrapper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForeignDataWrapperChange {
    /// `HANDLER`.
    Handler(Option<QualifiedName>),
    /// `VALIDATOR` with the `OPTIONS` that go along: a validator checks all options in its own statement.
    Validator(Option<QualifiedName>, Option<OptionChanges>),
    /// `OPTIONS` under the same validator.
    Options(OptionChanges),
}

impl Definition for ForeignDataWrapper {
    type Change = ForeignDataWrapperChange;

    fn id(&self) -> ObjectId {
        ObjectId::global(Kind::ForeignDataWrapper, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        for function in [&mut self.handler, &mut self.validator].into_iter().flatten() {
            visitor.name(NameRole::Routine, function);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.name.clone();
    }

    fn compare(&self, desired: &Self) -> Comparison<ForeignDataWrapperChange> {
        let mut changes = Vec::new();
        if self.handler != desired.handler {
            changes.push(ForeignDataWrapperChange::Handler(desired.handler.clone()));
        }
        let options = OptionChanges::between(&self.options, &desired.options);
        if self.validator != desired.validator {
            changes.push(ForeignDataWrapperChange::Validator(desired.validator.clone(), options));
        } else {
            changes.extend(options.map(ForeignDataWrapperChange::Options));
        }
        Comparison::of(changes)
    }

    fn apply(&mut self, change: &ForeignDataWrapperChange) {
        match change {
            ForeignDataWrapperChange::Handler(handler) => self.handler.clone_from(handler),
            ForeignDataWrapperChange::Validator(validator, options) => {
                self.validator.clone_from(validator);
                if let Some(changes) = options {
                    changes.apply(&mut self.options);
                }
            }
            ForeignDataWrapperChange::Options(changes) => changes.apply(&mut self.options),
        }
    }
}
