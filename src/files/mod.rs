//! Desired files made from a schema, and desired files brought up to a schema.

mod elements;
pub mod layout;
pub mod update;

use crate::name::Ident;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::{Plan, Step};
use crate::render::script;
use crate::render::statements::statements;
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
    let mut made = Schema::new();
    let mut found = Vec::new();
    // Default privileges come last: whoever loads the file is given no more on what it makes.
    let (last, first): (Vec<Step>, Vec<Step>) = from_nothing.steps.into_iter().partition(says_defaults);
    for step in first.into_iter().chain(last) {
        let operations: Vec<Operation> = step
            .operations
            .iter()
            .filter(|one| !is_there_anyway(one))
            .cloned()
            .collect();
        let texts = statements(&operations, &made);
        for operation in &step.operations {
            // A plan that does not fold has been refused before.
            let _ = operation.apply(&mut made);
        }
        let ids: Vec<ObjectId> = operations.iter().filter_map(Operation::subject).collect();
        let homes: Vec<ObjectId> = ids.iter().map(|id| home(schema, id)).collect();
        let table = homes.iter().find(|home| home.kind == Kind::Table);
        if let Some(home) = table.or(homes.first()) {
            found.push(Definition {
                home: home.clone(),
                sql: format!("{}\n", script::statements(&texts).trim_end()),
                ids,
            });
        }
    }
    found
}

/// The object whose file an object belongs into: what it is a part of, and for a column's own sequence (also that of an
/// identity) the table.
pub fn home(schema: &Schema, id: &ObjectId) -> ObjectId {
    let top = schema.top_level(id);
    match schema.get(&top) {
        Some(Object::Sequence(sequence)) => match &sequence.owned_by {
            Some(owner) => ObjectId::named(Kind::Table, &owner.table),
            None => top,
        },
        Some(_) => top,
        None => match schema.identity_of(&top) {
            Some(column) => ObjectId::named(Kind::Table, &column.table),
            None => top,
        },
    }
}

/// The definitions as one text. Bodies of routines may speak of what comes further down, or of what is not there at all.
pub fn text(definitions: &[Definition]) -> String {
    let is_routine = |id: &ObjectId| matches!(id.kind, Kind::Function | Kind::Procedure);
    let head = definitions.iter().flat_map(|one| &one.ids).any(is_routine);
    let head = head.then_some("SET check_function_bodies = off;\n");
    let texts = head.into_iter().chain(definitions.iter().map(|one| one.sql.as_str()));
    texts.collect::<Vec<_>>().join("\n")
}

/// Whether a step is about default privileges alone.
fn says_defaults(step: &Step) -> bool {
    let about = |operation: &Operation| operation.subject().is_some_and(|id| id.kind == Kind::DefaultPrivileges);
    step.operations.iter().all(about)
}

/// Every database has namespace public, and files need not say so.
fn is_there_anyway(operation: &Operation) -> bool {
    let public = ObjectId::global(Kind::Namespace, &Ident::new("public"));
    matches!(operation, Operation::Create { object, .. } if object.id() == public)
}
