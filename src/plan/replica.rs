//! Replica identities that outlive the index they stand on.
//!
//! An index that is dropped takes the replica identity of its table along, and a published table without one refuses updates and
//! deletes (PostgreSQL documentation, ALTER TABLE). So what takes the index's name becomes the replica identity at once.

use crate::object::table::{ReplicaIdentity, TableChange};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::Draft;

/// Sets the replica identity again where an operation of the draft puts another index in the place of the one it stands on.
pub(super) fn keep_identity(draft: &mut Draft, context: &Context) {
    let kept: Vec<Operation> = draft
        .operations
        .iter()
        .filter_map(replaced)
        .filter_map(|part| set_again(&part, context))
        .collect();
    draft.operations.extend(kept);
}

/// What comes under this name.
fn replaced(operation: &Operation) -> Option<ObjectId> {
    match operation {
        Operation::UseIndex { constraint, .. } => Some(constraint.id()),
        Operation::Rename { from, to } if from.own_name().is_helper() => Some(to.clone()),
        Operation::Create { object, .. } => Some(object.id()),
        _ => None,
    }
    .filter(|id| matches!(id.kind, Kind::Constraint | Kind::Index))
}

fn set_again(part: &ObjectId, context: &Context) -> Option<Operation> {
    let table = match context.schemas.live.get(part)? {
        Object::Constraint(constraint) if constraint.has_index() => &constraint.table,
        Object::Index(index) => &index.table,
        _ => return None,
    };
    let identity = ReplicaIdentity::Index(part.own_name().clone());
    let stands = |schema: &crate::schema::Schema| schema.table(table).map(|table| table.replica_identity.clone());
    let stays = stands(context.schemas.live).as_ref() == Some(&identity)
        && stands(context.schemas.desired).as_ref() == Some(&identity);
    stays.then(|| {
        Operation::alter(
            ObjectId::named(Kind::Table, table),
            TableChange::ReplicaIdentity(identity),
        )
    })
}
