//! Range types.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::{Ident, MAX_IDENT_BYTES, QualifiedName, cut, truncate};
use crate::types::TypeName;

/// A range type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RangeType {
    /// Its name.
    pub name: QualifiedName,
    /// The type of its bounds.
    pub subtype: TypeName,
    /// The operator class that orders the bounds, where it is not the default.
    #[serde(default)]
    pub operator_class: Option<QualifiedName>,
    /// The collation of the bounds, where it is not the subtype's.
    #[serde(default)]
    pub collation: Option<QualifiedName>,
    /// The function that brings a range into its canonical form.
    #[serde(default)]
    pub canonical: Option<QualifiedName>,
    /// The function that subtracts two bounds.
    #[serde(default)]
    pub subtype_diff: Option<QualifiedName>,
    /// The name of its multirange type, where it is not the one that PostgreSQL gives by itself.
    #[serde(default)]
    pub multirange: Option<QualifiedName>,
}

/// A change of a range type; all but the name of its multirange type takes a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RangeChange {
    /// `ALTER TYPE` of the multirange type: `RENAME TO`, `SET SCHEMA`, or both.
    Multirange {
        /// The name as it is.
        from: QualifiedName,
        /// The name as it shall be.
        to: QualifiedName,
    },
}

impl RangeType {
    /// The name of its multirange type.
    pub fn multirange_name(&self) -> QualifiedName {
        self.multirange.clone().unwrap_or_else(|| usual_multirange(&self.name))
    }

    /// Gives its multirange type a name, which is left out where PostgreSQL gives it by itself.
    pub(crate) fn set_multirange(&mut self, name: QualifiedName) {
        self.multirange = Some(name).filter(|name| *name != usual_multirange(&self.name));
    }
}

/// The name that PostgreSQL gives the multirange type of a range type (`makeMultirangeTypeName`): never longer than a name may be.
fn usual_multirange(range: &QualifiedName) -> QualifiedName {
    const SUFFIX: &str = "_multirange";
    let name = range.name.as_str();
    let name = match name.contains("range") {
        true => truncate(&name.replacen("range", "multirange", 1)).to_owned(),
        false => format!("{}{SUFFIX}", cut(name, MAX_IDENT_BYTES - SUFFIX.len())),
    };
    QualifiedName {
        name: Ident::new(name),
        ..range.clone()
    }
}

impl Definition for RangeType {
    type Change = RangeChange;

    fn id(&self) -> ObjectId {
        ObjectId::named(Kind::RangeType, &self.name)
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.type_name(&mut self.subtype);
        let Self {
            operator_class,
            collation,
            canonical,
            subtype_diff,
            ..
        } = self;
        for (role, name) in [
            (NameRole::OperatorClass, operator_class),
            (NameRole::Collation, collation),
            (NameRole::Routine, canonical),
            (NameRole::Routine, subtype_diff),
        ] {
            if let Some(name) = name {
                visitor.name(role, name);
            }
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        // Its multirange type keeps its name, and stays in its namespace.
        let multirange = self.multirange_name();
        self.name = to.qualified();
        self.set_multirange(multirange);
    }

    fn compare(&self, desired: &Self) -> Comparison<RangeChange> {
        let renamed = Self {
            multirange: desired.multirange.clone(),
            ..self.clone()
        };
        if renamed != *desired {
            return Comparison::Replaced("its definition differs".into());
        }
        let (from, to) = (self.multirange_name(), desired.multirange_name());
        Comparison::of(match from == to {
            true => Vec::new(),
            false => vec![RangeChange::Multirange { from, to }],
        })
    }

    fn apply(&mut self, change: &RangeChange) {
        let RangeChange::Multirange { from: _, to } = change;
        self.set_multirange(to.clone());
    }
}
