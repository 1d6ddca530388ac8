//! A function that goes while another form of it comes: what calls it calls the other one afterwards.
//!
//! PostgreSQL ties a view, check, default, policy or index to the very function that it was made with, so each of them is made
//! anew. Where the two forms take the same call, PostgreSQL finds a call that both take "not unique", so they change places at once.

use std::collections::BTreeSet;

use super::dependents;
use crate::diff::Delta;
use crate::object::routine::{Argument, ArgumentMode, Routine};
use crate::object::{Comparison, Kind, Object, ObjectId};
use crate::plan::context::Context;

/// What calls a function that goes for good, and still calls one of its name then, with everything that depends on that.
pub(super) fn callers(id: &ObjectId, context: &Context) -> BTreeSet<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    if !matches!(id.kind, Kind::Function | Kind::Aggregate) || another_stays(id, context) {
        return BTreeSet::new();
    }
    let users = context.live_users.get(id).into_iter().flatten();
    users
        .filter(|user| !matches!(user.kind, Kind::Table | Kind::EventTrigger))
        .filter(|user| {
            let still = |object: &Object| {
                let used = context.references.desired.of(object);
                used.iter()
                    .any(|used| used.kind == id.kind && used.qualified() == id.qualified())
            };
            live.contains(user) && desired.get(user).is_some_and(still)
        })
        .flat_map(|user| std::iter::once(user.clone()).chain(dependents(user, context)))
        .collect()
}

/// Whether a function of the same name is there before and after.
fn another_stays(id: &ObjectId, context: &Context) -> bool {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    live.of_kind(id.kind).any(|(other, object)| {
        other.qualified() == id.qualified()
            && desired
                .get(other)
                .is_some_and(|desired| !matches!(object.compare(desired), Comparison::Replaced(_)))
    })
}

/// Places of the deltas that make another form of a function that goes, where a call could mean either.
pub(super) fn rivals(id: &ObjectId, deltas: &[Delta], replaced: &BTreeSet<&ObjectId>, context: &Context) -> Vec<usize> {
    let Some(object @ Object::Routine(gone)) = context.schemas.live.get(id) else {
        return Vec::new();
    };
    // What is made anew between the two keeps them apart.
    let apart = |used: BTreeSet<ObjectId>| used.iter().any(|used| replaced.contains(used));
    if apart(context.references.live.of(object)) {
        return Vec::new();
    }
    let is_rival = |delta: &Delta| match delta {
        Delta::Create(new) => match context.schemas.desired.get(new) {
            Some(object @ Object::Routine(new)) => {
                take_the_same(gone, new) && !apart(context.references.desired.of(object))
            }
            _ => false,
        },
        _ => false,
    };
    (0..deltas.len()).filter(|at| is_rival(&deltas[*at])).collect()
}

/// Whether there is a call that both routines take, one of them with a default.
fn take_the_same(one: &Routine, other: &Routine) -> bool {
    if one.name != other.name || one.procedure != other.procedure {
        return false;
    }
    let (one, other) = (inputs(one), inputs(other));
    let least = needed(&one).max(needed(&other));
    let most = one.len().min(other.len());
    (least..=most).any(|count| {
        one.iter()
            .zip(&other)
            .take(count)
            .all(|(one, other)| one.type_name == other.type_name)
    })
}

fn inputs(routine: &Routine) -> Vec<&Argument> {
    let is_input = |argument: &&Argument| argument.mode != ArgumentMode::Out;
    routine.arguments.iter().filter(is_input).collect()
}

fn needed(inputs: &[&Argument]) -> usize {
    inputs.iter().filter(|argument| argument.default.is_none()).count()
}
