//! Makes a plan: deltas to recipes, recipes to ordered steps with facts and hazards, and the laws checked at the end.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::attach;
use crate::diff::Delta;
use crate::expr::{Expr, Query, SearchPath};
use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::index::{Index, IndexChange};
use crate::object::{Change, Comparison, Kind, NameRole, Object, ObjectId, Visitor};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::background::{Background, touched};
use crate::plan::bodies::{Said, said};
use crate::plan::check::{Broken, check};
use crate::plan::context::Context;
use crate::plan::deltas::deltas;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::inverse::way_back;
use crate::plan::locks::Observer;
use crate::plan::newborn::Newborn;
use crate::plan::order::{Placed, order};
use crate::plan::refuse::{PlanError, based_anew, named_in_one_family, not_held, possible, retypable};
use crate::plan::replica::keep_identity;
use crate::plan::room::{with_numbers_aside, with_room};
use crate::plan::strategy::{
    after_moves, bodies_follow, comes_with_column, held_keys, is_kept_when_detached, is_tied, is_volatile, moves,
    rebuilds, recipe, rename_recipe, shadows, swapped_key, take_along, taken_with_table, twins, views_along,
};
use crate::plan::switch;
use crate::plan::{
    Baseline, Class, FORMAT_VERSION, Facts, Hazard, HazardKind, Phase, Plan, Step, Wishes, describe, families, fold,
    foreign_rows, narrow, reach,
};
use crate::rename::{Renamed, suggestions};
use crate::schema::Schema;
use crate::types::TypeName;

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
    let roomy = with_room(renamed, desired);
    let attempt_with = |roomy: &Renamed, wishes: &Wishes| {
        untied(wishes, |wishes| {
            attempt(name, live, roomy, desired, server_version, wishes)
        })
    };
    let make = |wishes: &Wishes| match attempt_with(&roomy, wishes) {
        Err(error @ PlanError::Cycle(_)) => {
            let aside = with_room(&with_numbers_aside(renamed, desired), desired);
            attempt_with(&aside, wishes).map_err(|_| error)
        }
        made => made,
    };
    let made = make(wishes);
    let Err(error) = made else { return made };
    if wishes.cool_down.is_some() {
        let at_once = Wishes {
            cool_down: None,
            ..wishes.clone()
        };
        let mut plan = self::make(name, live, renamed, desired, server_version, &at_once)?;
        plan.notes
            .push(format!("Contract is done at once: with a cool-down, {error}."));
        return Ok(plan);
    }
    if wishes.all_in_place {
        return Err(error);
    }
    // What is tied together in a way that no twin can follow still has its plain form.
    let in_place = Wishes {
        all_in_place: true,
        ..wishes.clone()
    };
    let mut plan = make(&in_place).map_err(|_| error.clone())?;
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
    let beside = shadows(live, &deltas, &context);
    let elsewhere = found.groups.iter().chain(&beside.groups);
    let elsewhere: BTreeSet<ObjectId> = elsewhere.flat_map(|group| group.members.iter().cloned()).collect();
    let moved = moves(&renamed.operations, &deltas, &elsewhere, &context)?;
    for group in found.groups.into_iter().chain(beside.groups).chain(moved.groups) {
        taken.extend(group.members);
        through_twins.push(group.recipe);
    }
    for rename in &renamed.operations {
        match rename {
            Operation::Rename { to, .. } if to.kind == Kind::Column && taken.contains(to) => {}
            Operation::Rename { from, to } if taken.contains(to) && goes(to, &through_twins) => {
                under_old_name(&mut through_twins, from, to);
            }
            _ => recipes.push(rename_recipe(rename, &context)),
        }
    }
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
    for rename in &renamed.operations {
        let Operation::Rename { from, to } = rename else {
            continue;
        };
        if !matches!(to.kind, Kind::Constraint | Kind::Index) {
            continue;
        }
        let own = goes(to, &rebuilt);
        if own {
            under_old_name(&mut rebuilt, from, to);
        }
        // With its table it comes back under the new name.
        let home = context.schemas.live.get(to).and_then(Object::parent);
        if own || !to.own_name().is_helper() && home.is_some_and(|table| goes(&table, &rebuilt)) {
            let obsolete = rename_recipe(rename, &context);
            recipes.retain(|recipe| *recipe != obsolete);
        }
    }
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

/// Whether a step of a whole table, new or dropped, is about a foreign key that goes along with the table that it refers to.
fn is_done_by_group(draft: &Draft, taken: &BTreeSet<ObjectId>) -> bool {
    let mut about = draft.operations.iter().filter_map(|operation| match operation {
        Operation::Create { object, .. } => Some(object.id()),
        Operation::Drop { id, .. } => Some(id.clone()),
        _ => None,
    });
    about
        .next()
        .is_some_and(|id| id.kind == Kind::Constraint && taken.contains(&id))
}

/// Whether a part is dropped or set aside by one of these, so that it needs no new name before.
fn goes(part: &ObjectId, recipes: &[Recipe]) -> bool {
    let mut operations = recipes.iter().flatten().flat_map(|draft| &draft.operations);
    operations.any(|operation| removes(operation, part))
}

fn removes(operation: &Operation, part: &ObjectId) -> bool {
    match operation {
        Operation::Drop { id, .. } => id == part,
        Operation::Rename { from, .. } => from == part,
        _ => false,
    }
}

/// The part goes under the name that it has in the live schema.
fn under_old_name(recipes: &mut [Recipe], from: &ObjectId, to: &ObjectId) {
    let operations = recipes.iter_mut().flatten().flat_map(|draft| &mut draft.operations);
    for operation in operations {
        match operation {
            Operation::Drop { id, .. } if id == to => *id = from.clone(),
            Operation::Rename { from: id, .. } if id == to => *id = from.clone(),
            _ => {}
        }
    }
}

/// How long contract waits, where it swaps shapes.
fn cool_down(steps: &[Step], wishes: &Wishes) -> Option<Duration> {
    wishes
        .cool_down
        .filter(|_| steps.iter().any(|step| step.switch().is_some()))
}

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
        for operation in &draft.operations {
            let mut of_operation = observer.facts(operation, &schema);
            renamed.iter().for_each(|(from, to)| of_operation.say_of(from, to));
            newborn.leave_out(operation, &schema, &mut of_operation);
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

/// A step that holds a strong lock while something grows with the table is blocking, whatever its strategy thought, and
/// every loss, rewrite and blocking scan is a hazard; on tables made by the plan there are none.
fn dangers(draft: &Draft, facts: &Facts) -> (Class, Vec<Hazard>) {
    let mut hazards: Vec<Hazard> = Vec::new();
    for hazard in &draft.hazards {
        let about_size = matches!(hazard.kind, HazardKind::Rewrite | HazardKind::BlockingScan);
        if (!about_size || facts.grows()) && !hazards.contains(hazard) {
            hazards.push(hazard.clone());
        }
    }
    let mut class = draft.class;
    let strong = facts.locks.iter().any(|lock| lock.mode.blocks_writes());
    if class.in_transaction() && facts.grows() && strong {
        class = Class::Blocking;
        for (kind, tables, what) in [
            (HazardKind::Rewrite, &facts.rewrites, "is rewritten"),
            (HazardKind::BlockingScan, &facts.scans, "is scanned"),
            (HazardKind::BlockingScan, &facts.builds, "has indexes built"),
        ] {
            for table in tables {
                let waits = facts
                    .locks
                    .iter()
                    .any(|lock| lock.relation == *table && lock.mode.blocks_writes());
                let object = ObjectId::named(Kind::Table, table);
                let named = hazards.iter().any(|hazard| {
                    matches!(hazard.kind, HazardKind::Rewrite | HazardKind::BlockingScan)
                        && hazard.object.subject().qualified() == *table
                });
                if waits && !named {
                    let explanation = format!("{table} {what} while reads or writes of it wait.");
                    hazards.push(Hazard {
                        kind,
                        object,
                        explanation,
                    });
                }
            }
        }
    } else if class == Class::Blocking {
        class = Class::Instant;
    }
    (class, hazards)
}

/// The search path for a step: that of its texts; texts from the catalog name everything in full and fit any. Names that only
/// an extension can provide are looked for where extensions are.
fn search_path(operations: &[Operation], context: &Context) -> SearchPath {
    #[derive(Default)]
    struct Finder {
        found: Option<SearchPath>,
        unresolved: bool,
    }
    impl Finder {
        fn see(&mut self, path: &SearchPath) {
            if self.found.is_none() && !path.is_empty() {
                self.found = Some(path.clone());
            }
        }
    }
    impl Visitor for Finder {
        fn expr(&mut self, _: &str, _: Option<&crate::name::QualifiedName>, expr: &mut Expr) {
            self.see(&expr.path);
        }
        fn query(&mut self, _: &str, query: &mut Query) {
            self.see(&query.path);
        }
        fn name(&mut self, _: NameRole, name: &mut QualifiedName) {
            self.unresolved |= name.namespace.is_none();
        }
        fn type_name(&mut self, type_name: &mut TypeName) {
            self.unresolved |= type_name.namespace.is_none() && !type_name.is_builtin();
        }
    }
    let mut finder = Finder::default();
    for operation in operations {
        match operation {
            Operation::Create { object, .. } => {
                finder.unresolved |= object.id().kind == Kind::Extension;
                object.clone().visit(&mut finder);
            }
            Operation::Backfill { set, condition, .. } => {
                set.iter().for_each(|(_, expr)| finder.see(&expr.path));
                finder.see(&condition.path);
            }
            Operation::Check { query, .. } => finder.see(&query.path),
            Operation::UseIndex { constraint, .. } => Object::from(constraint.clone()).visit(&mut finder),
            Operation::Alter { change, .. } => {
                if let Change::Column(ColumnChange::Type { type_name, .. }) = change {
                    finder.type_name(&mut type_name.clone());
                }
                change_paths(change, &mut |path| finder.see(path));
            }
            Operation::CopyRows { condition, .. } => {
                condition.iter().for_each(|only| finder.see(&only.path));
            }
            Operation::Extend { key: Some(key), .. } => Object::from(key.clone()).visit(&mut finder),
            Operation::Extend { index, key: None } => Object::from(index.clone()).visit(&mut finder),
            Operation::Drop { .. }
            | Operation::Rename { .. }
            | Operation::Count { .. }
            | Operation::StartAfter { .. }
            | Operation::Lock { .. } => {}
        }
    }
    match finder.found {
        Some(path) => path,
        None if finder.unresolved => homes_of_extensions(context),
        None => SearchPath::default(),
    }
}

/// `public`, and the namespaces that the files put extensions into.
fn homes_of_extensions(context: &Context) -> SearchPath {
    let mut homes = vec![Ident::from("public")];
    for (_, object) in context.schemas.desired.of_kind(Kind::Extension) {
        if let Object::Extension(extension) = object {
            homes.extend(extension.namespace.clone().filter(|home| !homes.contains(home)));
        }
    }
    SearchPath::new(homes)
}

fn change_paths(change: &crate::object::Change, see: &mut dyn FnMut(&SearchPath)) {
    struct Paths<'a>(&'a mut dyn FnMut(&SearchPath));
    impl Visitor for Paths<'_> {
        fn expr(&mut self, _: &str, _: Option<&crate::name::QualifiedName>, expr: &mut Expr) {
            (self.0)(&expr.path);
        }
        fn query(&mut self, _: &str, query: &mut Query) {
            (self.0)(&query.path);
        }
    }
    let mut paths = Paths(see);
    match change {
        Change::Column(ColumnChange::Default(Some(expr)) | ColumnChange::Type { using: Some(expr), .. }) => {
            (paths.0)(&expr.path)
        }
        Change::Column(ColumnChange::Generated(Some(generated))) => (paths.0)(&generated.expr.path),
        Change::Domain(crate::object::domain::DomainChange::Default(Some(expr))) => (paths.0)(&expr.path),
        Change::Policy(
            crate::object::policy::PolicyChange::Using(expr) | crate::object::policy::PolicyChange::Check(expr),
        ) => (paths.0)(&expr.path),
        Change::View(crate::object::view::ViewChange::Replace(view)) => {
            Object::from((**view).clone()).visit(&mut paths)
        }
        Change::View(crate::object::view::ViewChange::Default {
            default: Some(expr), ..
        }) => (paths.0)(&expr.path),
        Change::Routine(crate::object::routine::RoutineChange::Replace(routine)) => {
            Object::from((**routine).clone()).visit(&mut paths);
        }
        Change::Trigger(crate::object::trigger::TriggerChange::Replace(trigger)) => {
            Object::from((**trigger).clone()).visit(&mut paths);
        }
        Change::Rule(crate::object::rule::RuleChange::Replace(rule)) => {
            Object::from((**rule).clone()).visit(&mut paths)
        }
        _ => {}
    }
}
