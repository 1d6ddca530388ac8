//! Code of users that would run within our triggers, with the rights of whoever runs the plan: a session could put functions of its own
//! under the names that it looks up.

use super::super::Scene;
use super::{Obstacle, told};
use crate::name::Ident;
use crate::object::trigger::{Enabled, Event, Trigger};
use crate::object::{Definition, Object};
use crate::plan::called::called;

/// A trigger that a write of the other application sets off, or a function that its rules and indexes call.
pub(super) fn first(scene: &Scene) -> Option<Obstacle> {
    let (live, desired) = (scene.context.schemas.live, scene.context.schemas.desired);
    let moved: Vec<&Ident> = scene.columns.iter().map(|moved| &moved.live.name).collect();
    let (source, target) = (&scene.source.name, &scene.target.name);
    let written = |trigger: &Trigger| match trigger.table == *target {
        true => trigger.events.iter().any(|event| *event != Event::Truncate),
        // The old table gets values of the columns that move, and no rows.
        false => trigger.fires_for_update_of(&moved),
    };
    let sides = [(live, source), (desired, source), (desired, target)];
    let mut parts = sides.iter().flat_map(|(schema, table)| schema.parts(table));
    let trigger = parts.find_map(|part| match part {
        Object::Trigger(trigger) if trigger.enabled != Enabled::Disabled && written(trigger) => Some(trigger.id()),
        _ => None,
    });
    let mut calls = sides
        .iter()
        .filter_map(|(schema, table)| called(schema, std::slice::from_ref(*table)));
    trigger.or_else(|| calls.next()).map(|id| {
        told(
            format!(
                "{id} would run for what the other application writes, with the rights of the role that runs the plan"
            ),
            "take it away in a plan before, and let it come back in one after",
        )
    })
}
