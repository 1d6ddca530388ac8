//! What keeps columns from moving. Nothing else keeps their values, so each is an error, with what can be done.

mod form;
mod keys;
mod rules;
mod strangers;

use std::collections::{BTreeMap, BTreeSet};

use super::{BadMove, Moved, Scene};
use crate::diff::Delta;
use crate::name::QualifiedName;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::parse::MovedFrom;
use crate::plan::context::Context;

pub(super) use form::constant;

/// What stands in the way, and what can be done.
type Obstacle = (String, String);

fn bad(to: &ObjectId, said: &MovedFrom, (why, hint): Obstacle) -> BadMove {
    BadMove {
        to: to.clone(),
        from: said.column.clone(),
        why,
        hint,
        place: said.place.clone(),
    }
}

fn told(why: impl Into<String>, hint: impl Into<String>) -> Obstacle {
    (why.into(), hint.into())
}

const LATER: &str = "change that in a plan before or after this one";

const BY_HAND: &str = "let the old column stay, add the new one in this change, copy the values, and take the old one out in a later change";

/// A column that has to move; none where it has moved, or where neither table is there yet.
pub(super) fn column<'a>(
    to: &ObjectId,
    said: &'a MovedFrom,
    context: &Context<'a>,
) -> Result<Option<Moved<'a>>, BadMove> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let Some(Object::Column(column)) = desired.get(to) else {
        return Ok(None);
    };
    let from = &said.column;
    let there = live.contains(to);
    if there && (!live.contains(from) || desired.contains(from)) || live.table(&from.qualified()).is_none() {
        return Ok(None);
    }
    let fault = |why: &str, hint: &str| Err(bad(to, said, told(why, hint)));
    let Some(Object::Column(old)) = live.get(from) else {
        return fault(
            "the database has neither",
            "correct or remove the annotation @moved_from; a table that is renamed as well is renamed in a plan before",
        );
    };
    if desired.contains(from) {
        return fault(
            &format!("the files still define {from}"),
            "take it out of the files; it goes in contract, when its values are in the new table",
        );
    }
    if there {
        return fault("the database has both", BY_HAND);
    }
    if desired.table(&from.qualified()).is_none() {
        return fault(
            "its table goes",
            "let the table stay in this change, and drop it in a later one",
        );
    }
    if live.relation(&to.qualified()).is_some() {
        return fault(
            &format!(
                "{} is there already: what an application that knows both tables writes could not be told apart",
                to.qualified()
            ),
            BY_HAND,
        );
    }
    match form::of_column(old, column, context) {
        Some(obstacle) => Err(bad(to, said, obstacle)),
        None => Ok(Some(Moved {
            live: old,
            desired: column,
            said,
        })),
    }
}

/// What the columns that move say together.
pub(super) fn several(scenes: &BTreeMap<(QualifiedName, QualifiedName), Vec<Moved>>) -> Result<(), BadMove> {
    let all = || scenes.values().flatten();
    for moved in all() {
        let fault = |why: String| Err(bad(&moved.desired.id(), moved.said, told(why, LATER)));
        if let Some(other) =
            all().find(|other| other.said.column == moved.said.column && other.desired.id() != moved.desired.id())
        {
            return fault(format!("{} is declared as moved from it as well", other.desired.id()));
        }
        let same_target = |other: &&Moved| other.desired.table == moved.desired.table;
        if let Some(other) = all()
            .filter(same_target)
            .find(|other| other.live.table != moved.live.table || other.said.via != moved.said.via)
        {
            return fault(format!(
                "{} comes from another table, or via other columns",
                other.desired.id()
            ));
        }
    }
    Ok(())
}

/// What stands in the way of the tables.
pub(super) fn scene(
    scene: &Scene,
    renames: &[Operation],
    deltas: &[Delta],
    elsewhere: &BTreeSet<ObjectId>,
) -> Result<(), BadMove> {
    let obstacle = form::of_tables(scene)
        .or_else(|| keys::key(scene))
        .or_else(|| changing(scene, renames, deltas, elsewhere))
        .or_else(|| rules::rows(scene))
        .or_else(|| rules::stricter(scene))
        .or_else(|| strangers::first(scene));
    match (obstacle, scene.columns.first()) {
        (Some(obstacle), Some(first)) => Err(bad(&first.desired.id(), first.said, obstacle)),
        _ => Ok(()),
    }
}

/// What changes at the same time.
fn changing(
    scene: &Scene,
    renames: &[Operation],
    deltas: &[Delta],
    elsewhere: &BTreeSet<ObjectId>,
) -> Option<Obstacle> {
    let source = scene.source.id();
    let types: Vec<QualifiedName> = scene
        .columns
        .iter()
        .map(|moved| moved.live.type_name.qualified())
        .collect();
    let own = |id: &ObjectId| {
        *id == source
            || id.part.is_some() && id.on.is_none() && id.kind == Kind::Column && id.qualified() == scene.source.name
    };
    let renamed = renames.iter().find_map(|rename| match rename {
        Operation::Rename { to, .. } if own(to) => Some(to.clone()),
        _ => None,
    });
    let keys = |id: &ObjectId| scene.key.iter().any(|(name, _)| id.own_name() == name);
    let changed = deltas.iter().find_map(|delta| match delta {
        Delta::Replace(id, _) if own(id) && *id == source => Some(id.clone()),
        Delta::Alter(id, _) | Delta::Replace(id, _) if own(id) && *id != source && keys(id) => Some(id.clone()),
        Delta::Alter(id, _) | Delta::Replace(id, _) if id.kind.is_type() && types.contains(&id.qualified()) => {
            Some(id.clone())
        }
        _ => None,
    });
    let tables = [source, scene.target.id()];
    renamed
        .or(changed)
        .or(tables.into_iter().find(|id| elsewhere.contains(id)))
        .map(|id| told(format!("{id} changes at the same time"), LATER))
}
