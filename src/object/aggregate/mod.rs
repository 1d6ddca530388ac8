//! Aggregate functions.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::routine::{Argument, signature};
use super::{Comparison, Definition, Kind, NameRole, ObjectId, Visitor};
use crate::name::QualifiedName;
use crate::types::TypeName;

/// An aggregate function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aggregate {
    /// Its name.
    pub name: QualifiedName,
    /// Direct or ordinary arguments; empty for `(*)`.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// Aggregated arguments behind `ORDER BY`, for ordered-set and hypothetical-set aggregates.
    #[serde(default)]
    pub order_by: Vec<Argument>,
    /// Whether it is a hypothetical-set aggregate.
    #[serde(default)]
    pub hypothetical: bool,
    /// The state transition function.
    pub transition: QualifiedName,
    /// The type of the state.
    pub state_type: TypeName,
    /// Functions by their lower-case parameter name: `finalfunc`, `combinefunc`, `serialfunc`, `deserialfunc`, `msfunc`,
    /// `minvfunc`, `mfinalfunc`.
    #[serde(default)]
    pub functions: IndexMap<String, QualifiedName>,
    /// The type of the moving state.
    #[serde(default)]
    pub moving_state_type: Option<TypeName>,
    /// Every other parameter by its lower-case name, values as `pg_aggregate` shows them; only where they are not the
    /// default: `sspace`, `initcond`, `finalfunc_extra`, `finalfunc_modify`, `mstype`-less `msspace`, `minitcond`,
    /// `mfinalfunc_extra`, `mfinalfunc_modify`, `sortop`, `parallel`. Sorted by name.
    #[serde(default)]
    pub parameters: IndexMap<String, String>,
}

/// A change of an aggregate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregateChange {
    /// `CREATE OR REPLACE AGGREGATE` with this definition.
    Replace(Box<Aggregate>),
}

impl Definition for Aggregate {
    type Change = AggregateChange;

    fn id(&self) -> ObjectId {
        let all: Vec<Argument> = self.arguments.iter().chain(&self.order_by).cloned().collect();
        ObjectId::routine(Kind::Aggregate, &self.name, &signature(&all))
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        for argument in self.arguments.iter_mut().chain(&mut self.order_by) {
            visitor.type_name(&mut argument.type_name);
        }
        visitor.name(NameRole::Routine, &mut self.transition);
        visitor.type_name(&mut self.state_type);
        self.functions
            .values_mut()
            .for_each(|name| visitor.name(NameRole::Routine, name));
        if let Some(state) = &mut self.moving_state_type {
            visitor.type_name(state);
        }
    }

    fn rename(&mut self, to: &ObjectId) {
        self.name = to.qualified();
    }

    fn compare(&self, desired: &Self) -> Comparison<AggregateChange> {
        if self == desired {
            return Comparison::Same;
        }
        let names = |list: &[Argument]| list.iter().map(|a| (a.mode, a.name.clone())).collect::<Vec<_>>();
        let result = |a: &Self| {
            (
                a.state_type.clone(),
                a.functions.get("finalfunc").cloned(),
                a.hypothetical,
                a.order_by.len(),
            )
        };
        if result(self) != result(desired) || names(&self.arguments) != names(&desired.arguments) {
            return Comparison::Replaced("its arguments or result may differ".into());
        }
        Comparison::Altered(vec![AggregateChange::Replace(Box::new(desired.clone()))])
    }

    fn apply(&mut self, change: &AggregateChange) {
        match change {
            AggregateChange::Replace(aggregate) => *self = (**aggregate).clone(),
        }
    }
}
