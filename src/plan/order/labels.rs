//! New labels of enumerated types, renamed or added: what says one waits for it, with a cast or without.

use crate::expr::{Expr, Query, may_have_label};
use crate::name::QualifiedName;
use crate::object::enum_type::{EnumChange, EnumType, LabelPlace};
use crate::object::{Change, Kind, Object, ObjectId, Visitor};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::Draft;

/// The new labels of all drafts, each with its type.
pub(super) fn new<'a>(drafts: impl Iterator<Item = &'a Draft>) -> Vec<(QualifiedName, String)> {
    drafts.flat_map(of_draft).collect()
}

/// The new labels of a draft.
pub(super) fn creates(draft: &Draft) -> impl Iterator<Item = ObjectId> {
    of_draft(draft).map(|(enum_type, label)| EnumType::label_id(&enum_type, &label))
}

/// Whether one of these is a label of this type: a label is renamed before others are put beside it.
pub(super) fn renames_of<'a>(mut created: impl Iterator<Item = &'a ObjectId>, enum_type: &ObjectId) -> bool {
    enum_type.kind == Kind::EnumType
        && created.any(|id| id.kind == Kind::EnumType && id.part.is_some() && id.qualified() == enum_type.qualified())
}

fn of_draft(draft: &Draft) -> impl Iterator<Item = (QualifiedName, String)> {
    draft.operations.iter().filter_map(|operation| match operation {
        Operation::Alter {
            id,
            change: Change::EnumType(EnumChange::RenameLabel { to, .. }),
        } => Some((id.qualified(), to.clone())),
        Operation::Alter {
            id,
            change: Change::EnumType(EnumChange::AddLabel { label, .. }),
        } => Some((id.qualified(), label.clone())),
        _ => None,
    })
}

/// Those of the new labels that a draft says. A string that might be one counts.
pub(super) fn needs<'a>(
    draft: &'a Draft,
    new: &'a [(QualifiedName, String)],
    context: &'a Context,
) -> impl Iterator<Item = ObjectId> {
    let said = |(enum_type, label): &&(QualifiedName, String)| {
        let mut search = Search {
            enum_type,
            label,
            found: false,
        };
        draft
            .operations
            .iter()
            .any(|operation| search.operation(operation, context))
    };
    new.iter()
        .filter(said)
        .map(|(enum_type, label)| EnumType::label_id(enum_type, label))
}

struct Search<'a> {
    enum_type: &'a QualifiedName,
    label: &'a str,
    found: bool,
}

impl Search<'_> {
    fn operation(&mut self, operation: &Operation, context: &Context) -> bool {
        match operation {
            Operation::Create { object, .. } => self.object(object),
            Operation::Alter {
                id,
                change: Change::EnumType(EnumChange::AddLabel { place, .. }),
            } => {
                let beside = match place {
                    LabelPlace::Last => None,
                    LabelPlace::Before(label) | LabelPlace::After(label) => Some(label),
                };
                id.qualified() == *self.enum_type && beside.is_some_and(|label| label == self.label)
            }
            Operation::Alter { id, .. } => context
                .schemas
                .desired
                .get(id)
                .is_some_and(|object| self.object(object)),
            Operation::Backfill { set, .. } => {
                set.iter().for_each(|(_, expr)| self.look(expr));
                self.found
            }
            Operation::Check { query, .. } => {
                self.look(query);
                self.found
            }
            _ => false,
        }
    }

    fn object(&mut self, object: &Object) -> bool {
        object.clone().visit(self);
        self.found
    }

    fn look(&mut self, expr: &Expr) {
        self.found |= may_have_label(&expr.text, &expr.path, self.enum_type, self.label);
    }
}

impl Visitor for Search<'_> {
    fn expr(&mut self, _slot: &str, _relation: Option<&QualifiedName>, expr: &mut Expr) {
        self.look(expr);
    }

    fn query(&mut self, _slot: &str, query: &mut Query) {
        self.found |= may_have_label(&query.text, &query.path, self.enum_type, self.label);
    }
}
