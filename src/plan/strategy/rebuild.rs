//! Objects that must be dropped and made anew, with everything that depends on them.
//!
//! **The danger.** PostgreSQL refuses to drop or change what something else depends on, and CASCADE loses the dependents with
//! their comments and privileges. Between DROP and CREATE the object is missing.
//!
//! | phase | step |
//! |---|---|
//! | validate | where only constraints go and come: the unique indexes of the new keys, concurrently |
//! | contract, with approval | one transaction: drop the dependents, outermost first; change or replace the object; make the dependents anew with comments, owners and privileges |
//! | contract | where a table goes with its rows: no row of another refers to one of them |
//! | contract | materialized views are made with their indexes under names of ours before it, and take the names in it |
//! | contract | checks and foreign keys among the dependents come back NOT VALID and are validated after it |
//!
//! **If it stops half-way**: one transaction, so everything is as before.

mod around;
mod beside;
mod calls;
mod emptied;
mod key;
mod tie;

use std::collections::BTreeSet;

use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::routine::Returns;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::along::goes_along;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::recipe;
use crate::plan::strategy::type_change::blocks_type_change;
use crate::plan::{Class, Phase};
use crate::refs::{may_read, parts_of_column, uses_word};
use beside::Beside;
use tie::{retyped, tie, works_on_rows};

pub(super) use around::{Around, around};
pub use tie::is_tied;

/// A group of deltas that go into one transaction, and the recipe for it.
pub struct Rebuild {
    /// Objects whose own deltas the group has taken along.
    pub members: BTreeSet<ObjectId>,
    /// The recipe.
    pub recipe: Recipe,
}

/// Places of deltas, and the objects in their way.
type Group = (BTreeSet<usize>, BTreeSet<ObjectId>);

/// Groups the deltas that drop objects on which others, which stay, depend. What is `done` is made anew already.
pub fn rebuilds(deltas: &[Delta], done: &BTreeSet<ObjectId>, context: &Context) -> Vec<Rebuild> {
    // Each disruption with the live objects that stand in its way and stay in the desired schema.
    let mut groups: Vec<Group> = Vec::new();
    let replaced: BTreeSet<&ObjectId> = deltas
        .iter()
        .filter(|delta| is_disruptive(delta, context))
        .map(Delta::id)
        .collect();
    let retyped = retyped(deltas, context);
    let once = |delta: &Delta| {
        retyped
            .get(&delta.id().qualified())
            .filter(|all| all.contains(delta.id()))
    };
    for (at, delta) in deltas.iter().enumerate() {
        let mut members = match delta {
            Delta::Replace(id, _) if is_disruptive(delta, context) => dependents(id, context),
            _ if is_remade(delta, context) => column_readers(delta.id(), context),
            Delta::Alter(id, changes) => blockers(id, changes, context),
            // What is dropped for good may still be named by something that changes so that it no longer names it.
            Delta::Drop(id) if matches!(id.kind, Kind::Column) => column_users(id, context)
                .into_iter()
                .filter(|user| !stops_computing(user, context) && (user.kind != Kind::View || !done.contains(user)))
                .flat_map(|user| std::iter::once(user.clone()).chain(dependents(&user, context)))
                .collect(),
            Delta::Drop(id) if !goes_along(delta, context) => {
                let mut bound = bound_to(id, deltas, context);
                // Another object under the name of the dropped one comes in the same transaction.
                let heir = id
                    .kind
                    .is_relation()
                    .then(|| context.schemas.desired.relation(&id.qualified()));
                if !bound.is_empty() {
                    bound.extend(heir.flatten().filter(|heir| !context.schemas.live.contains(heir)));
                }
                bound.extend(calls::callers(id, context));
                bound
            }
            _ => continue,
        };
        if let Delta::Replace(id, _) = delta
            && id.kind != Kind::Column
        {
            members.insert(id.clone());
        }
        let rivals: Vec<usize> = match delta {
            Delta::Drop(id) => calls::rivals(id, deltas, &replaced, context),
            _ => Vec::new(),
        };
        let alone = members.is_empty() && rivals.is_empty() && once(delta).is_none();
        if alone {
            continue;
        }
        members.retain(|id| context.schemas.desired.contains(id) || replaced.contains(id));
        let own: BTreeSet<usize> = std::iter::once(at).chain(rivals).collect();
        let (mut joined_at, mut joined) = (own, members);
        groups.retain(|(others_at, others)| {
            let others_deltas = || others_at.iter().filter_map(|at| deltas.get(*at));
            let overlap = !others_at.is_disjoint(&joined_at)
                || touches(others, &joined, context)
                || touches(&joined, others, context)
                || once(delta).is_some_and(|all| others_deltas().any(|other| all.contains(other.id())));
            if overlap {
                joined_at.extend(others_at.iter().copied());
                joined.extend(others.iter().cloned());
            }
            !overlap
        });
        groups.push((joined_at, joined));
    }
    let groups = tie(groups, deltas, context);
    let mut groups: Vec<Group> = groups
        .into_iter()
        .map(|group| with_views_between(group, deltas, context))
        .collect();
    groups.sort_by_key(|(at, _)| at.first().copied());
    groups
        .into_iter()
        .map(|(at, members)| group(&at, members, deltas, context))
        .collect()
}

/// A view that goes for good.
fn view_that_goes(delta: &Delta) -> Option<&ObjectId> {
    match delta {
        Delta::Drop(id) if matches!(id.kind, Kind::View | Kind::MaterializedView) => Some(id),
        _ => None,
    }
}

/// The views among these deltas that go for good, and the routines that go and stand over one of them: they take its rows.
fn with_routines_over<'a>(deltas: impl Iterator<Item = &'a Delta> + Clone, context: &Context) -> BTreeSet<ObjectId> {
    let views: BTreeSet<ObjectId> = deltas.clone().filter_map(view_that_goes).cloned().collect();
    let over: BTreeSet<ObjectId> = views.iter().flat_map(|id| dependents(id, context)).collect();
    let goes = |delta: &Delta| match delta {
        Delta::Drop(id) if matches!(id.kind, Kind::Function | Kind::Procedure) => over.contains(id).then(|| id.clone()),
        _ => None,
    };
    views.into_iter().chain(deltas.filter_map(goes)).collect()
}

/// The group with the views that go for good and stand between two of it: over the one, under the other.
fn with_views_between((mut at, members): Group, deltas: &[Delta], context: &Context) -> Group {
    let views = || {
        deltas
            .iter()
            .enumerate()
            .filter_map(|(at, delta)| Some((at, view_that_goes(delta)?)))
    };
    if views().next().is_some() {
        let own = at.iter().filter_map(|at| deltas.get(*at)).map(Delta::id);
        let over: BTreeSet<ObjectId> = own.flat_map(|id| dependents(id, context)).collect();
        let between = |id: &ObjectId| over.contains(id) && !dependents(id, context).is_disjoint(&members);
        let found: Vec<usize> = views().filter(|(_, id)| between(id)).map(|(at, _)| at).collect();
        at.extend(found);
    }
    (at, members)
}

/// New views over some of these or over columns that change with them, and under others of them: they come with them.
pub(super) fn views_that_come(
    members: &BTreeSet<ObjectId>,
    columns: &[&ObjectId],
    context: &Context,
) -> BTreeSet<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let read_by = |id: &ObjectId| {
        desired
            .get(id)
            .map(|object| context.references.desired.of(object))
            .unwrap_or_default()
    };
    let is_new_view = |id: &ObjectId| {
        matches!(id.kind, Kind::View | Kind::MaterializedView) && desired.contains(id) && !live.contains(id)
    };
    let mut under: BTreeSet<ObjectId> = BTreeSet::new();
    let mut next: Vec<ObjectId> = members.iter().cloned().collect();
    while let Some(id) = next.pop() {
        let found = read_by(&id)
            .into_iter()
            .filter(|used| is_new_view(used) && !members.contains(used));
        next.extend(found.filter(|used| under.insert(used.clone())));
    }
    let mut between: BTreeSet<ObjectId> = BTreeSet::new();
    loop {
        let known = between.len();
        let over = |id: &&ObjectId| {
            read_by(id)
                .iter()
                .any(|used| members.contains(used) || between.contains(used))
                || desired
                    .get(id)
                    .is_some_and(|view| columns.iter().any(|column| comes_to_read(view, column, context)))
        };
        let found: Vec<ObjectId> = under.iter().filter(over).cloned().collect();
        between.extend(found);
        if between.len() == known {
            return between;
        }
    }
}

/// Whether a generated column becomes an ordinary one, which lets go of the columns it was computed from.
fn stops_computing(id: &ObjectId, context: &Context) -> bool {
    id.kind == Kind::Column
        && context
            .desired_column(&id.qualified(), id.own_name())
            .is_some_and(|column| column.generated.is_none())
}

/// Live objects that stay and depend on something that is dropped for good: views and the like over another object that takes
/// the name, foreign keys that another key shall serve.
fn bound_to(id: &ObjectId, deltas: &[Delta], context: &Context) -> BTreeSet<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    dependents(id, context)
        .into_iter()
        .filter(|user| {
            let stays = || live.get(user) == desired.get(user);
            let goes = |part: &ObjectId| {
                deltas
                    .iter()
                    .any(|delta| matches!(delta, Delta::Drop(gone) if gone == part))
            };
            match (user.kind, desired.get(user)) {
                (Kind::View | Kind::MaterializedView | Kind::Rule, Some(_)) => stays() && !goes(&live.top_level(user)),
                (Kind::Constraint, Some(Object::Constraint(constraint))) => {
                    matches!(id.kind, Kind::Constraint | Kind::Index)
                        && matches!(constraint.rule, ConstraintRule::ForeignKey(_))
                }
                _ => false,
            }
        })
        .collect()
}

/// Whether a member of the first group is, or lives in, a member of the second.
fn touches(one: &BTreeSet<ObjectId>, other: &BTreeSet<ObjectId>, context: &Context) -> bool {
    one.iter()
        .any(|id| other.contains(id) || other.contains(&context.schemas.live.top_level(id)))
}

/// Whether this is a part of a member, which comes with it in its new form.
fn lives_in(id: &ObjectId, members: &BTreeSet<ObjectId>, context: &Context) -> bool {
    let top = context.schemas.live.top_level(id);
    top != *id && members.contains(&top)
}

/// Replacements that drop the object; those with a recipe of their own do not.
fn is_disruptive(delta: &Delta, context: &Context) -> bool {
    match delta {
        // A key that foreign keys or queries rely on cannot be dropped before they are.
        Delta::Replace(id, _) if matches!(id.kind, Kind::Index | Kind::Constraint) => {
            let users = context.live_users.get(id).into_iter().flatten();
            context.is_read(id) || users.into_iter().any(|user| user.kind == Kind::Constraint)
        }
        Delta::Replace(id, _) => !matches!(
            id.kind,
            Kind::Constraint
                | Kind::DomainConstraint
                | Kind::Index
                | Kind::Policy
                | Kind::Column
                | Kind::EnumType
                | Kind::Collation
        ),
        _ => false,
    }
}

/// One object, replaced with its dependents.
pub fn alone(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    let deltas = [Delta::Replace(id.clone(), why.to_string())];
    let mut members = dependents(id, context);
    members.insert(id.clone());
    members.retain(|id| context.schemas.desired.contains(id));
    group(&BTreeSet::from([0]), members, &deltas, context).recipe
}

/// Live objects that name this one, directly or through others; parts and satellites of those are not listed.
pub(super) fn dependents(id: &ObjectId, context: &Context) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut stack = vec![id.clone()];
    while let Some(next) = stack.pop() {
        let inside: BTreeSet<ObjectId> = context.schemas.live.descendants(&next).into_iter().collect();
        if next.kind == Kind::Table {
            found.extend(context.live_owned_sequences(&next.qualified()));
        }
        let readers = if next.kind == Kind::Column {
            column_users(&next, context)
        } else {
            Vec::new()
        };
        for user in context.live_users_of(&next).into_iter().chain(&readers) {
            // A table that has a column of a dropped type or with a default is not dropped itself.
            let partition = context
                .schemas
                .live
                .table(&user.qualified())
                .and_then(|table| table.partition_of.as_ref())
                .is_some_and(|of| {
                    user.kind == Kind::Table && next.kind == Kind::Table && of.parent == next.qualified()
                });
            let foreign = user.kind == Kind::Table && next.kind == Kind::Server;
            let stays = matches!(user.kind, Kind::Table | Kind::Sequence | Kind::Extension) && !partition && !foreign;
            if stays || inside.contains(user) || user == id {
                continue;
            }
            if user.kind == Kind::Column
                && context
                    .live_column(&user.qualified(), user.own_name())
                    .is_some_and(|c| c.generated.is_none())
            {
                if !goes_over(user, &next, context) {
                    found.insert(user.clone());
                }
                continue;
            }
            if found.insert(user.clone()) {
                stack.push(user.clone());
            }
        }
    }
    found
}

/// Whether a column gets another type than this one, which it does in a step of its own.
fn goes_over(column: &ObjectId, from: &ObjectId, context: &Context) -> bool {
    let has_it =
        |column: Option<&Column>| column.is_some_and(|column| column.type_name.qualified() == from.qualified());
    let (table, name) = (column.qualified(), column.own_name());
    from.kind.is_type() && has_it(context.live_column(&table, name)) && !has_it(context.desired_column(&table, name))
}

/// Whether a column is dropped and added, as PostgreSQL has no other way for it.
fn is_remade(delta: &Delta, context: &Context) -> bool {
    let computes = |change: &Change| matches!(change, Change::Column(ColumnChange::Generated(Some(_))));
    match delta {
        Delta::Replace(id, _) => id.kind == Kind::Column,
        Delta::Alter(_, changes) => context.server_version < 17 && changes.iter().any(computes),
        _ => false,
    }
}

/// What PostgreSQL does not drop with a column that is dropped and added.
fn column_readers(id: &ObjectId, context: &Context) -> BTreeSet<ObjectId> {
    let parts = parts_of_column(context.schemas.live, id);
    column_users(id, context)
        .into_iter()
        .filter(|user| !parts.contains(user))
        .flat_map(|user| std::iter::once(user.clone()).chain(dependents(&user, context)))
        .collect()
}

/// Live objects that keep a column's type from being changed.
fn blockers(id: &ObjectId, changes: &[Change], context: &Context) -> BTreeSet<ObjectId> {
    let changes_type = changes
        .iter()
        .any(|change| matches!(change, Change::Column(ColumnChange::Type { .. })));
    if id.kind != Kind::Column || !changes_type {
        return BTreeSet::new();
    }
    column_users(id, context)
        .into_iter()
        .flat_map(|user| std::iter::once(user.clone()).chain(dependents(&user, context)))
        .filter(|user| user != id)
        .chain(keys_between_changes(id, context))
        .chain(redefined_checks(id, context))
        .chain(publications(id, context))
        .chain(readers_to_come(id, context))
        .collect()
}

/// Views and rules of both sides that come to read a column: in their new form they would keep it from getting another type.
fn readers_to_come(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let Pair { live, desired } = context.schemas;
    let changed = [Kind::View, Kind::MaterializedView, Kind::Rule]
        .into_iter()
        .flat_map(|kind| desired.of_kind(kind))
        .filter(|(user, object)| live.get(user).is_some_and(|before| before != *object));
    changed
        .filter(|(_, object)| comes_to_read(object, id, context))
        .flat_map(|(user, _)| std::iter::once(user.clone()).chain(dependents(user, context)))
        .collect()
}

/// Whether an object of the desired schema reads a column, as far as its texts tell.
fn comes_to_read(object: &Object, column: &ObjectId, context: &Context) -> bool {
    let used = context.references.desired.of(object);
    let reads_it = |text: &&str| may_read(text, column.own_name());
    used.contains(column)
        || used.contains(&ObjectId::named(Kind::Table, &column.qualified()))
            && object.binding_texts().iter().any(reads_it)
}

/// Publications that name a column, which keep it from getting another type.
pub(super) fn publications(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let users = context.live_users.get(id).into_iter().flatten();
    users.filter(|user| user.kind == Kind::Publication).cloned().collect()
}

/// Checks over a column that change along with its type: the old one may not take the new type, nor the new one the old type.
fn redefined_checks(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let Pair { live, desired } = context.schemas;
    let users = context.live_users.get(id).into_iter().flatten();
    users
        .filter(|user| match (live.get(user), desired.get(user)) {
            (Some(Object::Constraint(before)), Some(Object::Constraint(after))) => {
                matches!(before.rule, ConstraintRule::Check { .. }) && before.rule != after.rule
            }
            _ => false,
        })
        .cloned()
        .collect()
}

/// Foreign keys over a column where the column on the other side changes its type too: the two must change before the key
/// can be made over them.
fn keys_between_changes(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let live = context.schemas.live;
    let changes = |table: &QualifiedName, column: &Ident| {
        let before = context.live_column(table, column);
        let after = context.desired_column(table, column);
        before
            .zip(after)
            .is_some_and(|(before, after)| before.type_name != after.type_name)
    };
    let users = context.live_users.get(id).into_iter().flatten();
    users
        .filter(|user| match live.get(user) {
            Some(Object::Constraint(Constraint {
                table,
                rule: ConstraintRule::ForeignKey(key),
                ..
            })) => key
                .columns
                .iter()
                .zip(&key.referenced_columns)
                .any(|(own, other)| changes(table, own) && changes(&key.references, other)),
            _ => false,
        })
        .cloned()
        .collect()
}

/// Live objects that use a column and do not simply go with it; those that use it in a table that inherits it too.
pub fn column_users(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let live = context.schemas.live;
    let mut users: Vec<ObjectId> = Vec::new();
    for table in std::iter::once(id.qualified()).chain(live.all_heirs(&id.qualified())) {
        let id = ObjectId::part(Kind::Column, &table, id.own_name());
        let table = ObjectId::named(Kind::Table, &table);
        let of = |used: &ObjectId| context.live_users.get(used).into_iter().flatten();
        let in_texts = |object: &Object| object.binding_texts().iter().any(|text| uses_word(text, id.own_name()));
        for user in of(&id).chain(of(&table)).chain(row_readers(&table, context)) {
            let Some(object) = live.get(user) else { continue };
            let names_it = match object {
                // A policy may name the column by an alias of another table, or one that is inherited and so no object.
                Object::View(_)
                | Object::MaterializedView(_)
                | Object::Rule(_)
                | Object::Routine(_)
                | Object::Policy(_) => in_texts(object),
                Object::Trigger(trigger)
                    if trigger
                        .when
                        .as_ref()
                        .is_some_and(|when| uses_word(&when.text, id.own_name())) =>
                {
                    trigger.table == id.qualified()
                }
                _ => context.references.live.of(object).contains(&id),
            };
            if names_it && blocks_type_change(object) && !users.contains(user) {
                users.push(user.clone());
            }
        }
    }
    users
}

/// Views and rules over functions that give rows of a table: PostgreSQL ties them to its columns.
pub(in crate::plan::strategy) fn row_readers<'a>(
    table: &'a ObjectId,
    context: &'a Context,
) -> impl Iterator<Item = &'a ObjectId> {
    let gives_rows = |user: &&ObjectId| match context.schemas.live.get(user) {
        Some(Object::Routine(routine)) => match &routine.returns {
            Some(Returns::Type(row) | Returns::SetOf(row)) => row.qualified() == table.qualified(),
            _ => false,
        },
        _ => false,
    };
    let functions = context.live_users.get(table).into_iter().flatten().filter(gives_rows);
    functions
        .flat_map(|function| context.live_users.get(function).into_iter().flatten())
        .filter(|user| matches!(user.kind, Kind::View | Kind::MaterializedView | Kind::Rule))
}

/// One transaction for the deltas at these places and their members.
fn group(at: &BTreeSet<usize>, members: BTreeSet<ObjectId>, deltas: &[Delta], context: &Context) -> Rebuild {
    let mut members = members;
    let going = with_routines_over(at.iter().filter_map(|at| deltas.get(*at)), context);
    members.extend(going.iter().cloned());
    let columns: Vec<&ObjectId> = at
        .iter()
        .filter_map(|at| deltas.get(*at).map(Delta::id))
        .filter(|id| id.kind == Kind::Column)
        .collect();
    members.extend(views_that_come(&members, &columns, context));
    let mut taken = members.clone();
    let mut draft = Draft::new(Phase::Contract, Class::Instant, Vec::new());
    let mut reasons = Vec::new();
    let mut middle: Vec<Operation> = Vec::new();
    for delta in at.iter().filter_map(|at| deltas.get(*at)) {
        taken.insert(delta.id().clone());
        match delta {
            // It goes and comes with the others.
            Delta::Alter(id, _) | Delta::Replace(id, _) if members.contains(id) && id.kind == Kind::Column => {}
            delta if lives_in(delta.id(), &members, context) => {}
            // It goes ahead of what it reads.
            delta if going.contains(delta.id()) => {
                let steps = recipe(delta, context);
                draft.hazards.extend(steps.into_iter().flat_map(|step| step.hazards));
            }
            Delta::Replace(id, why) if id.kind != Kind::Column => reasons.push(format!("{id}: {why}")),
            // In a transaction an index cannot be dropped concurrently.
            Delta::Drop(id) if id.kind == Kind::Index => middle.push(Operation::drop(id.clone())),
            _ => {
                for step in recipe(delta, context) {
                    if works_on_rows(&step) || step.phase == Phase::Expand && matches!(delta, Delta::Drop(_)) {
                        continue;
                    }
                    if step.class == Class::Blocking {
                        draft.class = Class::Blocking;
                    }
                    draft.hazards.extend(step.hazards);
                    middle.extend(step.operations);
                }
            }
        }
    }
    let own: Vec<&Delta> = at.iter().filter_map(|at| deltas.get(*at)).collect();
    let beside = Beside::of(&members, &own, context).filter(|_| draft.class == Class::Instant);
    if let Some(beside) = &beside {
        members.retain(|id| !beside.takes(id));
        taken.extend(beside.taken());
        draft.hazards.extend(beside.hazards());
    }
    let looked = members.clone();
    let around = around(members, context);
    taken.extend(around.taken);
    if around.class == Class::Blocking {
        draft.class = Class::Blocking;
    }
    draft.hazards.extend(around.hazards);
    // A foreign key of a table that goes may be in the way of something else as well.
    middle.retain(|operation| !around.down.contains(operation));
    let changed = middle.len();
    draft.operations = around.down;
    draft.operations.extend(beside.iter().flat_map(Beside::dropped));
    draft.operations.extend(middle);
    draft.operations.extend(beside.iter().flat_map(Beside::named));
    draft.operations.extend(around.up);
    draft.why = match reasons.as_slice() {
        [] if draft.operations.len() == changed && draft.class == Class::Blocking => {
            "All at once, so that the table is rewritten once.".into()
        }
        [] if draft.operations.len() == changed => "All at once, in one transaction.".into(),
        [] => "What depends on it is dropped before and made anew after, in one transaction.".into(),
        reasons => format!(
            "No ALTER exists ({}), so it is made anew in one transaction.",
            reasons.join("; ")
        ),
    };
    let mut recipe = emptied::looked_for(&looked, context);
    recipe.extend(key::ahead(&mut draft, context));
    recipe.extend(beside.iter().map(Beside::made));
    recipe.push(draft);
    recipe.extend(around.validate);
    Rebuild { members: taken, recipe }
}
