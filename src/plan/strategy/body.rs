//! Routines whose bodies say a new name.
//!
//! **The danger.** A body is only read when it runs: one that says a name that is not there yet, or not any more, fails in front of the
//! application, in a trigger with every write.
//!
//! | what | step |
//! |---|---|
//! | a body that said the old name of a table or column and says the new one | CREATE OR REPLACE in the transaction in which the old name goes, the last of several |

use std::collections::BTreeSet;

use crate::diff::Delta;
use crate::name::Ident;
use crate::object::routine::{Body, Routine, RoutineChange};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::refs::uses_word;
use crate::schema::Schema;

/// Puts new bodies that follow a rename into the step that carries it out; the routines that were put.
pub fn follow(
    renames: &[Operation],
    recipes: &mut [Recipe],
    original: &Schema,
    deltas: &[Delta],
    context: &Context,
) -> BTreeSet<ObjectId> {
    let mut taken = BTreeSet::new();
    for delta in deltas {
        let Delta::Alter(id, changes) = delta else { continue };
        let followed = renames.iter().filter_map(|rename| match rename {
            Operation::Rename { from, to } => follows(id, changes, from, to, original, context).then_some((from, to)),
            _ => None,
        });
        let followed: Vec<(&ObjectId, &ObjectId)> = followed.collect();
        // The last of them: until then an old name is needed.
        let last = recipes
            .iter_mut()
            .flatten()
            .filter(|draft| followed.iter().any(|(from, to)| carries_out(draft, from, to)))
            .max_by_key(|draft| draft.phase);
        if let Some(draft) = last {
            draft.operations.extend(
                changes
                    .iter()
                    .map(|change| Operation::alter(id.clone(), change.clone())),
            );
            taken.insert(id.clone());
        }
    }
    taken
}

/// Whether the old name goes in this step.
fn carries_out(draft: &Draft, from: &ObjectId, to: &ObjectId) -> bool {
    draft.operations.iter().any(|operation| match operation {
        Operation::Rename { to: other, .. } => other == to,
        Operation::Drop { id, .. } => id == from,
        _ => false,
    })
}

fn follows(
    id: &ObjectId,
    changes: &[Change],
    from: &ObjectId,
    to: &ObjectId,
    original: &Schema,
    context: &Context,
) -> bool {
    let [Change::Routine(RoutineChange::Replace(new))] = changes else {
        return false;
    };
    let Some(Object::Routine(old)) = original.get(id) else {
        return false;
    };
    let says = |routine: &Routine, name: &Ident| text(routine).is_some_and(|text| uses_word(text, name));
    let about =
        || from.kind != Kind::Column || says(old, &from.name) || says(new, &to.name) || is_called_by(id, to, context);
    from.own_name() != to.own_name()
        && says(old, from.own_name())
        && !says(old, to.own_name())
        && says(new, to.own_name())
        && about()
}

fn text(routine: &Routine) -> Option<&str> {
    match &routine.body {
        Body::Source(text) => Some(text),
        Body::Sql(query) => Some(&query.text),
        Body::Object { .. } => None,
    }
}

/// Whether a trigger of the column's table calls the routine.
fn is_called_by(routine: &ObjectId, column: &ObjectId, context: &Context) -> bool {
    let users = context.live_users.get(routine).into_iter().flatten();
    users
        .filter(|user| user.kind == Kind::Trigger)
        .any(|user| user.qualified() == column.qualified())
}
