//! Routines that stay as they are, while what their bodies say goes in contract. PostgreSQL does not know what a body needs, so the
//! words decide, and whoever reviews the plan.

use std::collections::BTreeMap;

use crate::name::QualifiedName;
use crate::object::routine::{Body, Routine};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::old_names::{Old, old_names};
use crate::plan::{Hazard, HazardKind, Step};
use crate::render::script::checksum;
use crate::schema::Schema;

/// A routine whose body says a name that goes.
pub(super) struct Said {
    /// The step in which it goes.
    pub(super) at: usize,
    pub(super) hazard: Hazard,
    /// The digest of the body.
    pub(super) digest: String,
}

/// The routines of the live schema that no step makes, changes or drops.
pub(super) fn said(steps: &[Step], live: &Schema) -> Vec<Said> {
    let names = old_names(steps);
    if names.is_empty() {
        return Vec::new();
    }
    let subjects = steps
        .iter()
        .flat_map(|step| &step.operations)
        .filter_map(Operation::subject);
    let subjects: Vec<ObjectId> = subjects.filter(|id| is_routine(id.kind)).collect();
    let routines = live.iter().filter_map(|(id, object)| match object {
        Object::Routine(routine) => Some((id.clone(), routine)),
        _ => None,
    });
    routines
        .filter(|(id, _)| !subjects.contains(id))
        .filter_map(|(id, routine)| {
            let body = body(routine)?;
            let tables = called_for(&routine.name, live);
            let name = names.iter().find(|name| name.is_said_by(body, &tables))?;
            let at = steps.iter().rposition(|step| name.goes_in(step))?;
            Some(Said {
                at,
                hazard: hazard(id, name),
                digest: checksum(body),
            })
        })
        .collect()
}

/// Whether the plan told of this body, so that it was approved with it.
pub(crate) fn is_told(routine: &str, body: &str, told: &BTreeMap<ObjectId, String>) -> bool {
    let digest = checksum(body);
    told.iter()
        .any(|(id, known)| id.qualified().to_string() == routine && *known == digest)
}

fn hazard(id: ObjectId, name: &Old) -> Hazard {
    let explanation = format!(
        "The body of {id} says {} {name}, which goes; if it is meant, the routine fails from here on.",
        name.what()
    );
    Hazard {
        kind: HazardKind::BreaksOldApplication,
        object: id,
        explanation,
    }
}

fn is_routine(kind: Kind) -> bool {
    matches!(kind, Kind::Function | Kind::Procedure)
}

/// A body that PostgreSQL reads only when it runs.
fn body(routine: &Routine) -> Option<&str> {
    match &routine.body {
        Body::Source(text) if !matches!(routine.language.as_str(), "internal" | "c") => Some(text),
        _ => None,
    }
}

/// The tables whose triggers call a function.
fn called_for(function: &QualifiedName, schema: &Schema) -> Vec<String> {
    let triggers = schema.of_kind(Kind::Trigger).filter_map(|(_, object)| match object {
        Object::Trigger(trigger) if trigger.function == *function => Some(trigger.table.to_string()),
        _ => None,
    });
    triggers.collect()
}
