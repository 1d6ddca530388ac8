//! Columns of the plan's own that lend another one its name until contract: they hold nothing but copies, and come back empty.

use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::inverse::Way;
use crate::plan::{Phase, Step};
use crate::refs::uses_word;

/// The columns among those that the operations of a step drop that earlier steps have made and whose names others take in it.
pub(super) fn lent<'a>(operations: &[Operation], earlier: impl Iterator<Item = &'a Step> + Clone) -> Vec<ObjectId> {
    let takes = |id: &ObjectId| {
        let mut operations = operations.iter();
        operations.any(|operation| matches!(operation, Operation::Rename { to, .. } if to == id))
    };
    let made = |id: &ObjectId| {
        let mut operations = earlier.clone().flat_map(|step| &step.operations);
        operations.any(|operation| {
            matches!(operation, Operation::Create { object: object @ Object::Column(_), .. } if object.id() == *id)
        })
    };
    let dropped = operations.iter().filter_map(|operation| match operation {
        Operation::Drop { id, .. } if id.kind == Kind::Column => Some(id),
        _ => None,
    });
    dropped.filter(|id| takes(id) && made(id)).cloned().collect()
}

/// The steps before contract whose work a way back has used up.
pub(super) fn used_up(steps: &[&Step], way: &Way) -> Vec<String> {
    let is_spent = |operation: &Operation| match operation {
        Operation::Drop { .. } => false,
        Operation::Backfill { table, set, .. } => way
            .emptied
            .iter()
            .any(|column| column.qualified() == *table && set.iter().any(|(name, _)| name == column.own_name())),
        Operation::Check { table, query, .. } => {
            let mut columns = way.emptied.iter();
            columns.any(|column| column.qualified() == *table && uses_word(&query.text, column.own_name()))
        }
        other => other.subject().is_some_and(|id| way.spent.contains(&id)),
    };
    let steps = steps.iter().filter(|step| step.phase < Phase::Contract);
    let used = steps.filter(|step| step.operations.iter().any(is_spent));
    used.map(|step| step.id.clone()).collect()
}
