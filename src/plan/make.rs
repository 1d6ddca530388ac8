//! Makes a plan: deltas to recipes, recipes to ordered steps with facts and hazards, and the laws checked at the end.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::diff::Delta;
use crate::expr::Expr;
use crate::name::QualifiedName;
use crate::object::{Comparison, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::along::{goes_along, is_done_by_group};
use crate::plan::background::{Background, touched};
use crate::plan::bodies::{Said, said};
use crate::plan::check::{Broken, check};
use crate::plan::context::Context;
use crate::plan::dangers::dangers;
use crate::plan::deltas::deltas;
use crate::plan::draft::Recipe;
use crate::plan::inverse::way_back;
use crate::plan::lent::lent;
use crate::plan::locks::Observer;
use crate::plan::newborn::Newborn;
use crate::plan::order::{Placed, order};
use crate::plan::paths::search_path;
use crate::plan::refuse::{PlanError, based_anew, named_in_one_family, not_held, possible, retypable};
use crate::plan::replica::keep_identity;
use crate::plan::room::{Room, with_numbers_aside, with_room};
use crate::plan::strategy::{
    after_moves, bodies_follow, held_keys, is_tied, is_volatile, moves, rebuilds, recipe, rename_recipe, shadows,
    take_along, twins, views_along,
};
use crate::plan::switch;
use crate::plan::{
    Baseline, FORMAT_VERSION, Facts, Hazard, HazardKind, Phase, Plan, Step, Wishes, describe, families, fold,
    foreign_rows, narrow, reach, renames,
};
use crate::rename::{Renamed, suggestions};
use crate::schema::Schema;

/// Makes the plan that turns the live schema into the desired one. `renamed` is the live schema with declared renames
/// carried out, and the desired schema has been unified with it, so that plain equality tells what differs.
pub fn make(
    name: &str,
    live: &Schema,
    renamed: &Renamed,
    desired: &Schema,
    server_version: u32,
    wishes: &Wishes,
) -> Result<Plan, PlanError> {
    let roomy = with_room(renamed, desired, Room::Usual);
    let tied = |roomy: &Renamed, wishes: &Wishes| {
        untied(wishes, |wishes| {
            attempt(name, live, roomy, desired, server_version, wishes)
        })
    };
    let tried = |wishes: &Wishes| match tied(&roomy, wishes) {
        Err(error @ PlanError::Cycle(_)) => {
            let aside = with_numbers_aside(renamed, desired);
            let fused = Wishes {
                fused: true,
                ..wishes.clone()
            };
            let wide = with_room(&aside, desired, Room::Wide);
            tied(&wide, wishes)
                .or_else(|_| tied(&roomy, &fused))
                .or_else(|_| tied(&wide, &fused))
                .map_err(|_| error)
        }
        made => made,
    };
    let made = tried(wishes);
    let Err(error) = made else { return made };
    if wishes.cool_down.is_some() {
        let at_once = Wishes {
            cool_down: None,
            ..wishes.clone()
        };
        let mut plan = make(name, live, renamed, desired, server_version, &at_once)?;
        plan.notes
            .push(format!("Contract is done at once: with a cool-down, {error}."));
        return Ok(plan);
    }
    if wishes.all_in_place {
        return Err(error);
    }
    // What no twin can follow still has its plain form; the note says why.
    let in_place = Wishes {
        all_in_place: true,
        ..wishes.clone()
    };
    let mut plan = tried(&in_place).map_err(|_| error.clone())?;
    plan.notes
        .push(format!("Columns are changed in place: through twins, {error}."));
    Ok(plan)
}

/// Whether there is nothing to do, which is seen without looking at who names whom. Declared moves are looked at one by one.
pub(crate) fn is_reached(renamed: &Renamed, desired: &Schema, wishes: &Wishes) -> bool {
    let is_same = |(id, want): (&ObjectId, &Object)| {
        let have = renamed.live.get(id);
        have.is_some_and(|have| matches!(have.compare(want), Comparison::Same))
    };
    renamed.operations.is_empty()
        && wishes.moved.is_empty()
        && renamed.live.len() == desired.len()
        && desired.iter().all(is_same)
}

/// Tries again where steps wait for each other: an index built ahead for a type that comes later, while the old one stands in
/// the way of that type. What they work on is tied together then. The error is that of the first attempt.
fn untied(wishes: &Wishes, attempt: impl Fn(&Wishes) -> Result<Plan, PlanError>) -> Result<Plan, PlanError> {
    let first = attempt(wishes);
    let mut wishes = wishes.clone();
    let mut last = first.clone();
    while let Err(PlanError::Cycle(cycle)) = &last {
        let known = wishes.tied.len();
        wishes.tied.extend(cycle.objects.iter().cloned());
        if wishes.tied.len() == known {
            break;
        }
        last = attempt(&wishes);
    }
    last.or(first)
}

fn attempt(
    name: &str,
    live: &Schema,
    renamed: &Renamed,
    desired: &Schema,
    server_version: u32,
    wishes: &Wishes,
) -> Result<Plan, PlanError> {
    let empty = |objects: BTreeMap<String, String>| Plan {
        format_version: FORMAT_VERSION.into(),
        name: name.into(),
        server_version,
        cool_down: None,
        baseline: Baseline {
            fingerprint: Schema::fingerprint_of(&objects),
            objects,
            kept: vec![],
        },
        steps: Vec::new(),
        approvals: Vec::new(),
        notes: Vec::new(),
        background: Background::default(),
    };
    if is_reached(renamed, desired, wishes) {
        return Ok(empty(live.digests()));
    }
    let context = Context::new(Pair::new(&renamed.live, desired), server_version, wishes);
    let deltas = deltas(&context);
    possible(&deltas, &context)?;
    named_in_one_family(&renamed.operations, live, &context)?;
    families::alike(&deltas, &renamed.operations, &context)?;
    let mut taken: BTreeSet<ObjectId> = BTreeSet::new();
    let mut recipes: Vec<Recipe> = Vec::new();
    let mut through_twins: Vec<Recipe> = Vec::new();
    let found = twins(live, &renamed.operations, &deltas, &context);
    let through: BTreeSet<ObjectId> = found
        .groups
        .iter()
        .flat_map(|group| group.members.iter().cloned())
        .collect();
    let beside = shadows(live, &deltas, &through, &context);
    let by_shadow = |id: &ObjectId| beside.groups.iter().any(|group| group.members.contains(id));
    let in_place = found.in_place.into_iter().filter(|(id, _)| !by_shadow(id));
    let in_place: Vec<String> = in_place.map(|(_, note)| note).collect();
    let elsewhere = found.groups.iter().chain(&beside.groups);
    let elsewhere: BTreeSet<ObjectId> = elsewhere.flat_map(|group| group.members.iter().cloned()).collect();
    let moved = moves(&renamed.operations, &deltas, &elsewhere, &context)?;
    for group in found.groups.into_iter().chain(beside.groups).chain(moved.groups) {
        taken.extend(group.members);
        through_twins.push(group.recipe);
    }
    let spared = renames::spared(&renamed.operations, &mut through_twins, &taken, &context);
    let left = renamed.operations.iter().filter(|rename| !spared.contains(rename));
    recipes.extend(left.map(|rename| rename_recipe(rename, &context)));
    let of_renames = recipes.len();
    recipes.extend(through_twins);
    based_anew(&deltas, &taken, &found.hindered, &context)?;
    for group in held_keys(&deltas, &context) {
        if taken.is_disjoint(&group.members) {
            taken.extend(group.members);
            recipes.push(group.recipe);
        }
    }
    not_held(&deltas, &taken, &context)?;
    retypable(&deltas, &taken, &context)?;
    taken.extend(bodies_follow(
        &renamed.operations,
        &mut recipes,
        live,
        &deltas,
        &context,
    ));
    let along = deltas.iter().filter(|delta| !taken.contains(delta.id()));
    let along: BTreeSet<ObjectId> = along.flat_map(|delta| views_along(delta, &context)).collect();
    taken.extend(along);
    let left: Vec<Delta> = deltas
        .iter()
        .filter(|delta| !taken.contains(delta.id()))
        .cloned()
        .collect();
    let mut rebuilt: Vec<Recipe> = Vec::new();
    for group in rebuilds(&left, &taken, &context) {
        taken.extend(group.members);
        rebuilt.push(group.recipe);
    }
    let spared = renames::spared(&renamed.operations, &mut rebuilt, &taken, &context);
    renames::leave_out(&mut recipes[..of_renames], &spared);
    recipes.extend(rebuilt);
    for delta in &deltas {
        if !taken.contains(delta.id()) && !goes_along(delta, &context) && !is_tied(delta, &context) {
            let mut recipe = recipe(delta, &context);
            recipe.retain(|draft| !is_done_by_group(draft, &taken));
            recipes.push(recipe);
        }
    }
    take_along(&mut recipes);
    for draft in recipes.iter_mut().flatten() {
        keep_identity(draft, &context);
        after_moves(draft, &context);
    }
    let (steps, background) = steps(order(recipes, &context)?, live, &context)?;
    let mut notes = suggestions(&deltas, context.schemas);
    notes.extend(narrow::notes(&deltas, context.schemas));
    notes.extend(found.notes);
    notes.extend(in_place);
    notes.extend(beside.notes);
    notes.extend(moved.notes);
    notes.extend(foreign_rows::notes(&steps, live));
    let cool_down = cool_down(&steps, wishes);
    notes.extend(cool_down.map(|time| switch::announced(&steps, time)));
    let plan = Plan {
        cool_down: cool_down.map(|time| time.as_secs()),
        steps,
        notes,
        background,
        ..empty(live.digests())
    };
    check(&plan, live, desired)?;
    Ok(plan)
}

/// How long contract waits, where it swaps shapes.
fn cool_down(steps: &[Step], wishes: &Wishes) -> Option<Duration> {
    wishes
        .cool_down
        .filter(|_| steps.iter().any(|step| step.switch().is_some()))
}

fn steps(placed: Vec<Placed>, live: &Schema, context: &Context) -> Result<(Vec<Step>, Background), PlanError> {
    let volatile = |default: &Expr| is_volatile(default, context);
    let mut observer = Observer::new(context.schemas.live, live, context.server_version, &volatile);
    let mut schema = live.clone();
    schema.start_record();
    let mut newborn = Newborn::default();
    let mut numbers = [0usize; 4];
    let mut steps: Vec<Step> = Vec::new();
    let mut waits = BTreeMap::new();
    for Placed { draft, waits: before } in placed {
        let title = describe::title(&draft.operations);
        let mut facts = Facts::default();
        let mut renamed: Vec<(QualifiedName, QualifiedName)> = Vec::new();
        let lent = lent(&draft.operations, steps.iter());
        for operation in &draft.operations {
            let mut of_operation = observer.facts(operation, &schema);
            renamed.iter().for_each(|(from, to)| of_operation.say_of(from, to));
            newborn.leave_out(operation, &schema, &mut of_operation);
            if matches!(operation, Operation::Drop { id, .. } if lent.contains(id)) {
                of_operation.loses.clear();
            }
            facts.merge(of_operation);
            newborn.follow(operation, &schema);
            fold::apply(&mut schema, std::slice::from_ref(operation), &title).map_err(Broken::from)?;
            observer.follow(operation);
            match operation {
                Operation::Rename { from, to }
                    if from.kind == Kind::Table && live.relation(&to.qualified()).is_none() =>
                {
                    renamed.push((from.qualified(), to.qualified()));
                }
                _ => {}
            }
        }
        let number = &mut numbers[draft.phase.number() - 1];
        *number += 1;
        let id = format!("{}-{number}", draft.phase);
        let (class, hazards) = dangers(&draft, &facts);
        let search_path = search_path(&draft.operations, context);
        let before: Vec<String> = before.iter().map(|at| steps[*at].id.clone()).collect();
        if !before.is_empty() {
            waits.insert(id.clone(), before);
        }
        steps.push(Step {
            id,
            phase: draft.phase,
            title,
            why: draft.why,
            class,
            operations: draft.operations,
            facts,
            hazards,
            turn: draft.turn,
            search_path,
        });
    }
    let record = schema.end_record();
    mark_one_way(&mut steps, live);
    for (at, hazard) in reach::fired(&steps, live) {
        steps[at].hazards.push(hazard);
    }
    let mut bodies = BTreeMap::new();
    for Said { at, hazard, digest } in said(&steps, live) {
        bodies.insert(hazard.object.clone(), digest);
        steps[at].hazards.push(hazard);
    }
    let background = Background {
        waits,
        touched: touched(live, &schema, &record, &steps),
        sizes: BTreeMap::new(),
        reach: reach::reach(&steps, live),
        bodies,
    };
    Ok((steps, background))
}

/// Whoever runs a step before contract can go back, or has approved that he cannot.
fn mark_one_way(steps: &mut [Step], live: &Schema) {
    let mut one_way: HashMap<String, String> = HashMap::new();
    let before: Vec<&Step> = steps.iter().filter(|step| step.phase < Phase::Contract).collect();
    way_back(&before, live, |step, inverse, _| {
        if let Err(why) = inverse {
            one_way.insert(step.id.clone(), why.clone());
        }
    });
    for step in steps {
        let object = step.operations.iter().find_map(Operation::subject);
        if let (Some(why), Some(object)) = (one_way.remove(&step.id), object) {
            step.hazards.push(Hazard {
                kind: HazardKind::OneWay,
                object,
                explanation: format!("The step cannot be undone: {why}."),
            });
        }
    }
}
