//! The names that only an old application says: those that contract takes away.

use std::collections::HashSet;

use crate::name::{Ident, QualifiedName};
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::{Phase, Step};
use crate::refs::uses_word;

/// A name that goes in contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Old {
    /// The relation, or the one whose column it is.
    pub(crate) relation: QualifiedName,
    /// The column.
    pub(crate) column: Option<Ident>,
}

impl Old {
    /// Whether a statement says it. Where a column goes, its relation must be named as well.
    pub(crate) fn is_said_in(&self, text: &str) -> bool {
        uses_word(text, &self.relation.name) && self.column_is_said_in(text)
    }

    fn column_is_said_in(&self, text: &str) -> bool {
        self.column.as_ref().is_none_or(|column| uses_word(text, column))
    }

    /// Whether the body of a routine says it, which triggers on these tables call. There a column goes without its table.
    pub(crate) fn is_said_by(&self, body: &str, tables: &[String]) -> bool {
        let own = self.column.is_some() && tables.contains(&self.relation.to_string());
        self.is_said_in(body) || (own && self.column_is_said_in(body))
    }

    /// Whether it goes in this step.
    pub(crate) fn goes_in(&self, step: &Step) -> bool {
        step.operations.iter().any(|operation| match operation {
            Operation::Drop { id, .. } | Operation::Rename { from: id, .. } => {
                let column = (id.kind == Kind::Column).then(|| id.own_name());
                id.qualified() == self.relation && column == self.column.as_ref()
            }
            _ => false,
        })
    }

    /// What it is the name of.
    pub(crate) fn what(&self) -> &'static str {
        if self.column.is_some() { "column" } else { "table" }
    }

    /// The word that must be in a text.
    pub(crate) fn word(&self) -> &Ident {
        self.column.as_ref().unwrap_or(&self.relation.name)
    }
}

impl std::fmt::Display for Old {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.column {
            Some(column) => write!(f, "{}.{column}", self.relation),
            None => self.relation.fmt(f),
        }
    }
}

/// The old names of a plan: what contract drops or renames and nothing takes the name of.
pub(crate) fn old_names(steps: &[Step]) -> Vec<Old> {
    let mut gone: Vec<ObjectId> = Vec::new();
    let contract = steps.iter().filter(|step| step.phase == Phase::Contract);
    for operation in contract.flat_map(|step| &step.operations) {
        match operation {
            Operation::Drop { id, .. } => gone.push(id.clone()),
            Operation::Rename { from, to } => {
                gone.retain(|id| id != to);
                gone.push(from.clone());
            }
            Operation::Create { object, .. } => {
                let id = object.id();
                gone.retain(|gone| *gone != id);
            }
            _ => {}
        }
    }
    let relations: HashSet<QualifiedName> = gone
        .iter()
        .filter(|id| is_relation(id.kind))
        .map(ObjectId::qualified)
        .collect();
    gone.into_iter()
        .filter(|id| !id.own_name().is_helper())
        .filter_map(|id| match id.kind {
            Kind::Column if !relations.contains(&id.qualified()) => Some(Old {
                relation: id.qualified(),
                column: Some(id.own_name().clone()),
            }),
            kind if is_relation(kind) => Some(Old {
                relation: id.qualified(),
                column: None,
            }),
            _ => None,
        })
        .collect()
}

fn is_relation(kind: Kind) -> bool {
    matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView)
}
