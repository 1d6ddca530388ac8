//! What needs no recipe of its own, for another one takes it along.

use std::collections::BTreeSet;

use crate::attach;
use crate::diff::Delta;
use crate::object::index::{Index, IndexChange};
use crate::object::{Change, Comparison, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::draft::Draft;
use crate::plan::strategy::{comes_with_column, is_kept_when_detached, swapped_key, taken_with_table};
use crate::schema::Schema;

/// Whether the same object is made anew, with the comment, owner and privileges that it shall have.
fn is_made_anew(id: &ObjectId, context: &Context) -> bool {
    match (context.schemas.live.get(id), context.schemas.desired.get(id)) {
        (Some(live), Some(desired)) => matches!(live.compare(desired), Comparison::Replaced(_)),
        _ => false,
    }
}

/// Whether an index is the same but for what it is attached to, and its table comes to another parent: PostgreSQL attaches it there.
fn moves_with_table(id: &ObjectId, context: &Context) -> bool {
    let Pair { live, desired } = context.schemas;
    let (Some(Object::Index(before)), Some(Object::Index(after))) = (live.get(id), desired.get(id)) else {
        return false;
    };
    let parent = |schema: &Schema| Some(schema.table(&before.table)?.partition_of.as_ref()?.parent.clone());
    let alone = |index: &Index| Index {
        attached_to: None,
        ..index.clone()
    };
    after.attached_to.is_some() && parent(live) != parent(desired) && alone(before) == alone(after)
}

/// Whether something else takes the delta along: a new table its parts, a new object its satellites, a dropped object what
/// PostgreSQL drops with it.
pub(super) fn goes_along(delta: &Delta, context: &Context) -> bool {
    let live = context.schemas.live;
    let desired = context.schemas.desired;
    match delta {
        Delta::Create(id) if id.kind.is_satellite() => {
            let subject = id.subject();
            desired.contains(subject) && !live.contains(subject) || is_made_anew(subject, context)
        }
        Delta::Alter(id, _) | Delta::Drop(id) if id.kind.is_satellite() && is_made_anew(id.subject(), context) => true,
        // An inherited column goes with its parent's.
        Delta::Drop(id)
            if id.kind.is_satellite() && id.subject().kind == Kind::Column && desired.table(&id.subject().qualified()).is_some() =>
        {
            let column = id.subject();
            context.desired_column(&column.qualified(), column.own_name()).is_none()
        }
        Delta::Create(id) if matches!(desired.get(id), Some(Object::Constraint(key)) if is_kept_when_detached(key, context)) => true,
        // PostgreSQL attaches what fits when it attaches the table.
        Delta::Alter(id, changes)
            if changes.iter().all(|change| matches!(change, Change::Index(IndexChange::Attach(_)))) =>
        {
            let of = |schema: &Schema| match schema.get(id) {
                Some(Object::Index(index)) => schema.table(&index.table).and_then(|table| table.partition_of.clone()),
                _ => None,
            };
            of(live).map(|of| of.parent) != of(desired).map(|of| of.parent)
        }
        Delta::Replace(id, _) if moves_with_table(id, context) => true,
        Delta::Create(id) if matches!(desired.get(id), Some(Object::Sequence(new)) if comes_with_column(new, context)) => true,
        Delta::Create(id) => {
            taken_with_table(id.kind)
                && desired.get(id).and_then(Object::parent).is_some_and(|parent| {
                    parent.kind == Kind::Table && desired.contains(&parent) && !live.contains(&parent)
                })
        }
        Delta::Drop(id) => match live.get(id) {
            // A partition is dropped with its parent.
            Some(Object::Table(table)) => table
                .partition_of
                .as_ref()
                .is_some_and(|of| desired.table(&of.parent).is_none()),
            Some(Object::Sequence(sequence)) => sequence.owned_by.as_ref().is_some_and(|owner| {
                let column = ObjectId::part(Kind::Column, &owner.table, &owner.column);
                let is_identity = |schema: &Schema| {
                    matches!(schema.get(&column), Some(Object::Column(column)) if column.identity.is_some())
                };
                // It is dropped with its column, also an inherited one, or where the column becomes an identity column.
                let stays = context.desired_column(&owner.table, &owner.column).is_some();
                context.live_column(&owner.table, &owner.column).is_some()
                    && (!stays || (!is_identity(live) && is_identity(desired)))
            }),
            Some(object @ Object::Index(index)) => {
                let with_parent = index.attached_to.as_ref().is_some_and(|parent| {
                    let parent = ObjectId::named(Kind::Index, parent);
                    live.contains(&parent) && !desired.contains(&parent)
                });
                let leaves = attach::leaves_with(context.schemas, index);
                with_parent && !leaves || attach::taken_over(context.schemas, object)
            }
            Some(object @ Object::Constraint(constraint)) => {
                let swapped = desired
                    .primary_key(&constraint.table)
                    .and_then(|key| swapped_key(key, context));
                swapped.as_ref() == Some(id) || attach::taken_over(context.schemas, object)
            }
            _ => false,
        },
        // The indexes of partitions are made anew with the index of the parent.
        Delta::Replace(id, _) | Delta::Alter(id, _) => match (live.get(id), desired.get(id)) {
            (Some(Object::Index(before)), Some(Object::Index(after))) => {
                before.attached_to.is_some()
                    && before.attached_to == after.attached_to
                    && context.replaced_with_parent(before)
            }
            _ => false,
        },
    }
}

/// Whether a step of a whole table, new or dropped, is about a foreign key that goes along with the table that it refers to.
pub(super) fn is_done_by_group(draft: &Draft, taken: &BTreeSet<ObjectId>) -> bool {
    let mut about = draft.operations.iter().filter_map(|operation| match operation {
        Operation::Create { object, .. } => Some(object.id()),
        Operation::Drop { id, .. } => Some(id.clone()),
        _ => None,
    });
    about
        .next()
        .is_some_and(|id| id.kind == Kind::Constraint && taken.contains(&id))
}
