//! A column under another name whose twin cannot take its place: the twin lends it the new name, and goes when the column itself is
//! renamed.
//!
//! | phase | step |
//! |---|---|
//! | expand, backfill | as for any twin under a new name; of what stands over the column only the indexes, which the new application needs |
//! | validate | compare |
//! | contract, with approval | one transaction: drop trigger, function and twin; RENAME COLUMN |
//!
//! PostgreSQL takes everything along with a rename: generated columns, exclusion constraints, deferrable keys, the index of the replica
//! identity, and what reads the column from elsewhere. So nothing of that is made over the twin, and the column keeps its place. What
//! the files say anew of what reads it comes after the rename.

use std::collections::BTreeSet;

use crate::object::constraint::ConstraintRule;
use crate::object::trigger::Timing;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{Operation, named_not_null, not_null_name};
use crate::plan::draft::{Draft, Recipe};
use crate::plan::{HazardKind, Phase};

use super::{Scene, Twin, contract, family, obstacle, part, partitioned, prepare, sync};

/// Whether a group can do with names alone.
pub(super) fn fits(scene: &Scene) -> bool {
    let plain = |twin: &&Twin| {
        twin.both_ways() && twin.same() && twin.live.type_name == twin.desired.type_name && !changes(twin, scene)
    };
    let free = |twin: &&Twin| {
        obstacle::form(twin, scene).is_none()
            && obstacle::rule(twin, scene).is_none()
            && family::obstacle(twin, scene).is_none()
    };
    let triggered = |twins: &[&Twin]| {
        let ours = sync::name(twins);
        // One that asks before our trigger does not see what the new application writes.
        let asked = obstacle::triggers(twins, scene, |trigger, twin| {
            let before = trigger.timing == Timing::Before && trigger.name.as_str() < ours.as_str();
            obstacle::fires_for(trigger, &twin.after) || before && obstacle::is_asked(trigger, &twin.after)
        });
        asked.is_some()
    };
    scene.twins.iter().all(|twin| plain(twin) && free(twin))
        && obstacle::by_place(scene).is_none()
        && !scene.tables().iter().any(|(_, twins)| triggered(twins))
}

/// Whether the column changes beside its name.
fn changes(twin: &Twin, scene: &Scene) -> bool {
    twin.after_ids().any(|id| scene.deltas.contains_key(&id))
}

/// What stands over the twin: plain indexes, and those of keys that an application may name in `ON CONFLICT`.
pub(super) fn parts(scene: &Scene) -> BTreeSet<ObjectId> {
    let (live, desired) = (scene.context.schemas.live, scene.context.schemas.desired);
    let stays = |id: &&ObjectId| live.get(id) == desired.get(id);
    let stands = |id: &&ObjectId| match live.get(id) {
        Some(Object::Index(index)) => !index.invalid && index.attached_to.is_none(),
        Some(Object::Constraint(constraint)) => match &constraint.rule {
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                !constraint.deferrable && !key.without_overlaps && constraint.missing.is_empty()
            }
            _ => false,
        },
        _ => false,
    };
    scene.parts.iter().filter(stays).filter(stands).cloned().collect()
}

/// The columns whose renames the group carries out.
pub(super) fn members(scene: &Scene) -> BTreeSet<ObjectId> {
    scene.twins.iter().map(|twin| twin.after_id()).collect()
}

/// The recipe; the scene has only the parts of above.
pub(super) fn recipe(scene: &Scene) -> Recipe {
    let mut recipe = prepare::expand(scene);
    recipe.extend(prepare::backfill(scene));
    recipe.extend(scene.twins.iter().map(|twin| prepare::compared(twin)));
    let children = partitioned::Children::of(scene);
    for part in part::wanted(scene) {
        if let Object::Index(index) = &part.stand_in
            && !part::is_early(index, part.proved, scene)
        {
            recipe.extend(children.build(&part, index, Phase::Validate));
        }
    }
    recipe.push(renamed(scene));
    recipe
}

/// The whole of contract.
fn renamed(scene: &Scene) -> Draft {
    let tables = scene.tables();
    let mut operations = vec![Operation::Lock {
        tables: tables.iter().map(|(table, _)| (*table).clone()).collect(),
        mode: "ACCESS EXCLUSIVE".into(),
    }];
    if scene.twins.iter().any(|twin| !twin.heirs.is_empty()) {
        operations.extend(family::guards(scene));
    }
    for (table, twins) in &tables {
        operations.extend(contract::untied(table, twins));
    }
    let mut draft = Draft::instant(Phase::Contract, operations).because(
        "In one transaction, so that every application finds the column; what reads it goes along with its name.",
    );
    for twin in scene.twins {
        draft.operations.push(Operation::drop(twin.id()));
        draft.operations.push(Operation::Rename {
            from: twin.before_id(),
            to: twin.after_id(),
        });
        draft.operations.extend(refusal(twin, scene));
        let (before, after) = (twin.before_id(), twin.after_id());
        draft = draft.hazard(
            HazardKind::OldShape,
            &before,
            format!(
                "The {before} is {after} from here on; the column that lent it the name goes, and held the same values."
            ),
        );
    }
    draft
}

/// PostgreSQL 18 leaves what makes the column not null under the name that it gave it after the column.
fn refusal(twin: &Twin, scene: &Scene) -> Option<Operation> {
    let is_named = |schema, column: &ObjectId| !named_not_null(schema, column).is_empty();
    let named =
        is_named(scene.original, &twin.before_id()) || is_named(scene.context.schemas.desired, &twin.after_id());
    let id = |column| ObjectId::part(Kind::Constraint, &twin.table, &not_null_name(&twin.table, column));
    (scene.context.server_version >= 18 && twin.live.not_null && !named).then(|| Operation::Rename {
        from: id(&twin.before),
        to: id(&twin.after),
    })
}
