//! Desired files made from a schema, and desired files brought up to a schema.

mod elements;
pub mod layout;
pub mod update;

use crate::name::Ident;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::file::PlanFolder;
use crate::plan::{Plan, Step};
use crate::schema::Schema;

/// The statements that define one object, as a file would hold them.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The object whose file they belong into.
    pub home: ObjectId,
    /// Everything they define.
    pub ids: Vec<ObjectId>,
    /// The statements, each ended by a semicolon, the last line ended too.
    pub sql: String,
}

/// The definitions of a schema in an order in which they can be run, from the plan that makes it from nothing.
pub fn definitions(schema: &Schema, from_nothing: Plan) -> Vec<Definition> {
    let folder = PlanFolder::new(from_nothing, &Schema::new(), &crate::render::statements::statements);
    folder
        .plan
        .steps
        .iter()
        .filter(|step| !is_there_anyway(step))
        .map(|step| {
            let ids: Vec<ObjectId> = step.operations.iter().filter_map(Operation::subject).collect();
            let homes: Vec<ObjectId> = ids.iter().map(|id| home(schema, id)).collect();
            let table = homes.iter().find(|home| home.kind == Kind::Table);
            Definition {
                home: table.or(homes.first()).cloned().unwrap_or_else(unnamed),
                ids,
                sql: format!("{}\n", folder.statements(step).trim_end()),
            }
        })
        .collect()
}

/// The object whose file an object belongs into: what it is a part of, and for a column's own sequence the table.
pub fn home(schema: &Schema, id: &ObjectId) -> ObjectId {
    let top = schema.top_level(id);
    match schema.get(&top) {
        Some(Object::Sequence(sequence)) => match &sequence.owned_by {
            Some(owner) => ObjectId::named(Kind::Table, &owner.table),
            None => top,
        },
        _ => top,
    }
}

/// Every database has namespace public, and files need not say so.
fn is_there_anyway(step: &Step) -> bool {
    let public = ObjectId::global(Kind::Namespace, &Ident::new("public"));
    step.operations
        .iter()
        .all(|operation| matches!(operation, Operation::Create { object, .. } if object.id() == public))
}

/// Where statements go that define nothing by themselves; a plan from nothing has none.
fn unnamed() -> ObjectId {
    ObjectId::global(Kind::Namespace, &Ident::new("other"))
}
