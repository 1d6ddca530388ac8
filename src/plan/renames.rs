//! Declared renames of what a group of steps drops, sets aside, or brings anew: nothing is left to rename.

use std::collections::BTreeSet;

use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::Recipe;

/// The renames that such groups spare. What goes with a group goes under the name that it has in the live schema.
pub fn spared<'a>(
    renames: &'a [Operation],
    groups: &mut [Recipe],
    taken: &BTreeSet<ObjectId>,
    context: &Context,
) -> Vec<&'a Operation> {
    let mut found = Vec::new();
    for rename in renames {
        let Operation::Rename { from, to } = rename else {
            continue;
        };
        // The twin brings the new name.
        if to.kind == Kind::Column && taken.contains(to) {
            found.push(rename);
            continue;
        }
        // What makes room does so before anything goes.
        if to.own_name().is_helper() {
            continue;
        }
        let is_part = matches!(to.kind, Kind::Constraint | Kind::Index);
        let goes_itself = (is_part || taken.contains(to)) && goes(to, groups);
        if goes_itself {
            under_old_name(groups, from, to);
        }
        // With its table it comes back under the new name.
        let home = || context.schemas.live.get(to).and_then(Object::parent);
        let comes_back = || home().is_some_and(|table| goes(&table, groups));
        if goes_itself || is_part && comes_back() {
            found.push(rename);
        }
    }
    found
}

/// Leaves renames that are spared out of the recipes for renames, with the steps that did nothing else.
pub fn leave_out(recipes: &mut [Recipe], spared: &[&Operation]) {
    for recipe in recipes {
        for draft in recipe.iter_mut() {
            draft.operations.retain(|operation| !spared.contains(&operation));
        }
        recipe.retain(|draft| !draft.operations.is_empty());
    }
}

/// Whether an object is dropped or set aside by one of these, so that it needs no new name before.
fn goes(id: &ObjectId, recipes: &[Recipe]) -> bool {
    let mut operations = recipes.iter().flatten().flat_map(|draft| &draft.operations);
    operations.any(|operation| match operation {
        Operation::Drop { id: gone, .. } => gone == id,
        Operation::Rename { from, .. } => from == id,
        _ => false,
    })
}

fn under_old_name(recipes: &mut [Recipe], from: &ObjectId, to: &ObjectId) {
    let operations = recipes.iter_mut().flatten().flat_map(|draft| &mut draft.operations);
    for operation in operations {
        match operation {
            Operation::Drop { id, .. } | Operation::Rename { from: id, .. } if id == to => *id = from.clone(),
            _ => {}
        }
    }
}
