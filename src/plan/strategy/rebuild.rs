//! Objects that must be dropped and made anew, with everything that depends on them.
//!
//! **The danger.** PostgreSQL refuses to drop or change what something else depends on, and CASCADE loses the dependents with
//! their comments and privileges. Between DROP and CREATE the object is missing.
//!
//! | phase | step |
//! |---|---|
//! | contract, with approval | one transaction: drop the dependents, outermost first; change or replace the object; make the dependents anew with comments, owners and privileges |
//! | contract | checks and foreign keys among the dependents come back NOT VALID and are validated after it |
//!
//! **If it stops half-way**: one transaction, so everything is as before.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::sequence::{ColumnRef, Sequence, SequenceChange};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::make::goes_along;
use crate::plan::strategy::type_change::blocks_type_change;
use crate::plan::strategy::{recipe, satellites};
use crate::plan::{Class, Hazard, HazardKind, Phase};
use crate::refs::uses_word;

/// A group of deltas that go into one transaction, and the recipe for it.
pub struct Rebuild {
    /// Objects whose own deltas the group has taken along.
    pub members: BTreeSet<ObjectId>,
    /// The recipe.
    pub recipe: Recipe,
}

/// Places of deltas, and the objects in their way.
type Group = (BTreeSet<usize>, BTreeSet<ObjectId>);

/// Groups the deltas that drop objects on which others, which stay, depend.
pub fn rebuilds(deltas: &[Delta], context: &Context) -> Vec<Rebuild> {
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
            Delta::Alter(id, changes) => blockers(id, changes, context),
            // What is dropped for good may still be named by something that changes so that it no longer names it.
            Delta::Drop(id) if matches!(id.kind, Kind::Column) => column_users(id, context)
                .into_iter()
                .filter(|user| !stops_computing(user, context))
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
                bound
            }
            _ => continue,
        };
        if let Delta::Replace(id, _) = delta {
            members.insert(id.clone());
        } else if members.is_empty() && once(delta).is_none() {
            continue;
        }
        members.retain(|id| context.schemas.desired.contains(id) || replaced.contains(id));
        let own: BTreeSet<usize> = BTreeSet::from([at]);
        let (mut joined_at, mut joined) = (own, members);
        groups.retain(|(others_at, others)| {
            let others_deltas = || others_at.iter().filter_map(|at| deltas.get(*at));
            let overlap = touches(others, &joined, context)
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
    let mut groups = tie(groups, deltas, context);
    groups.sort_by_key(|(at, _)| at.first().copied());
    groups
        .into_iter()
        .map(|(at, members)| group(&at, members, deltas, context))
        .collect()
}

/// Makes one group of those that would wait for each other, with the indexes and constraints that they would wait for.
fn tie(groups: Vec<Group>, deltas: &[Delta], context: &Context) -> Vec<Group> {
    let tied = &context.wishes.tied;
    let (waiting, mut others): (Vec<Group>, Vec<Group>) = groups.into_iter().partition(|(at, members)| {
        let own = at.iter().filter_map(|at| deltas.get(*at)).map(Delta::id);
        own.chain(members).any(|id| tied.contains(id))
    });
    let joined = waiting.into_iter().reduce(|mut all, (at, members)| {
        all.0.extend(at);
        all.1.extend(members);
        all
    });
    others.extend(joined.map(|(at, mut members)| {
        members.extend(
            deltas
                .iter()
                .filter(|delta| matches!(delta, Delta::Replace(..)) && is_tied(delta, context))
                .map(|delta| delta.id().clone()),
        );
        (at, members)
    }));
    others
}

/// Whether this is an index or constraint that is made anew together with what it would wait for, or a default that is given with
/// the enumerated type of its column.
pub fn is_tied(delta: &Delta, context: &Context) -> bool {
    match delta {
        Delta::Replace(id, _) => {
            matches!(id.kind, Kind::Index | Kind::Constraint | Kind::DomainConstraint)
                && context.wishes.tied.contains(id)
        }
        Delta::Alter(id, changes) => {
            let only_default = changes
                .iter()
                .all(|change| matches!(change, Change::Column(ColumnChange::Default(_))));
            let column = context.desired_column(&id.qualified(), id.own_name());
            let tied = |column: &Column| {
                let name = QualifiedName {
                    namespace: column.type_name.namespace.clone(),
                    name: column.type_name.name.clone(),
                };
                context.wishes.tied.contains(&ObjectId::named(Kind::EnumType, &name))
            };
            only_default && id.kind == Kind::Column && column.is_some_and(tied)
        }
        _ => false,
    }
}

fn works_on_rows(draft: &Draft) -> bool {
    matches!(
        draft.class,
        Class::Check | Class::Backfill | Class::Long | Class::Concurrent
    )
}

/// The columns of each table whose types are changed in place while others wait: several of one table at once, so that it is rewritten
/// once, and an index over two of them never sees one with the old type; a single one where it would wait for others.
fn retyped<'a>(deltas: &'a [Delta], context: &Context) -> BTreeMap<QualifiedName, BTreeSet<&'a ObjectId>> {
    let mut found: BTreeMap<QualifiedName, BTreeSet<&ObjectId>> = BTreeMap::new();
    for delta in deltas {
        let Delta::Alter(id, changes) = delta else { continue };
        let changes_type = changes
            .iter()
            .any(|change| matches!(change, Change::Column(ColumnChange::Type { .. })));
        if !changes_type {
            continue;
        }
        let recipe = recipe(delta, context);
        let tied = context.wishes.tied.contains(id);
        // Work on rows has steps of its own, which a transaction with others has no place for.
        if recipe.iter().any(|draft| draft.class == Class::Blocking) && (tied || !recipe.iter().any(works_on_rows)) {
            found.entry(id.qualified()).or_default().insert(id);
        }
    }
    found.retain(|_, columns| columns.len() > 1 || columns.iter().any(|id| context.wishes.tied.contains(*id)));
    found
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

/// Replacements that drop the object; those with a recipe of their own do not.
fn is_disruptive(delta: &Delta, context: &Context) -> bool {
    match delta {
        // A unique index that foreign keys rely on cannot be dropped before they are.
        Delta::Replace(id, _) if matches!(id.kind, Kind::Index | Kind::Constraint) => context
            .live_users
            .get(id)
            .is_some_and(|users| users.iter().any(|user| user.kind == Kind::Constraint)),
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
        for user in context.live_users_of(&next) {
            // A table that has a column of a dropped type or with a default is not dropped itself.
            let partition = context
                .schemas
                .live
                .table(&user.qualified())
                .and_then(|table| table.partition_of.as_ref())
                .is_some_and(|of| {
                    user.kind == Kind::Table && next.kind == Kind::Table && of.parent == next.qualified()
                });
            let stays = matches!(user.kind, Kind::Table | Kind::Sequence | Kind::Extension) && !partition;
            if stays || inside.contains(user) || user == id {
                continue;
            }
            if user.kind == Kind::Column
                && context
                    .live_column(&user.qualified(), user.own_name())
                    .is_some_and(|c| c.generated.is_none())
            {
                found.insert(user.clone());
                continue;
            }
            if found.insert(user.clone()) {
                stack.push(user.clone());
            }
        }
    }
    found
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
        .collect()
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

/// Live objects that use a column and do not simply go with it.
pub fn column_users(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let live = context.schemas.live;
    let table = ObjectId::named(Kind::Table, &id.qualified());
    let mut users: Vec<ObjectId> = Vec::new();
    for user in context
        .live_users
        .get(id)
        .into_iter()
        .flatten()
        .chain(context.live_users.get(&table).into_iter().flatten())
    {
        let Some(object) = live.get(user) else { continue };
        let names_it = match object {
            Object::View(view) => uses_word(&view.query.text, id.own_name()),
            Object::MaterializedView(view) => uses_word(&view.query.text, id.own_name()),
            Object::Rule(rule) => rule.actions.iter().any(|action| uses_word(&action.text, id.own_name())),
            Object::Routine(routine) => match &routine.body {
                crate::object::routine::Body::Sql(body) => uses_word(&body.text, id.own_name()),
                _ => false,
            },
            _ => context.references.live.of(object).contains(id),
        };
        if names_it && blocks_type_change(object) && !users.contains(user) {
            users.push(user.clone());
        }
    }
    users
}

/// One transaction for the deltas at these places and their members.
fn group(at: &BTreeSet<usize>, members: BTreeSet<ObjectId>, deltas: &[Delta], context: &Context) -> Rebuild {
    let mut taken = members.clone();
    let mut draft = Draft::new(Phase::Contract, Class::Instant, Vec::new());
    let mut reasons = Vec::new();
    let mut middle: Vec<Operation> = Vec::new();
    for delta in at.iter().filter_map(|at| deltas.get(*at)) {
        taken.insert(delta.id().clone());
        match delta {
            Delta::Replace(id, why) => reasons.push(format!("{id}: {why}")),
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
    let around = around(members, context);
    taken.extend(around.taken);
    if around.class == Class::Blocking {
        draft.class = Class::Blocking;
    }
    draft.hazards.extend(around.hazards);
    let changed = middle.len();
    draft.operations = around.down;
    draft.operations.extend(middle);
    draft.operations.extend(around.up);
    draft.why = match reasons.as_slice() {
        [] if draft.operations.len() == changed => "All at once, so that the table is rewritten once.".into(),
        [] => "What depends on it is dropped before and made anew after, in one transaction.".into(),
        reasons => format!(
            "No ALTER exists ({}), so it is made anew in one transaction.",
            reasons.join("; ")
        ),
    };
    let mut recipe = vec![draft];
    recipe.extend(around.validate);
    Rebuild { members: taken, recipe }
}

/// What is done before and after something that these objects stand in the way of.
pub(super) struct Around {
    /// Drops, outermost first.
    pub(super) down: Vec<Operation>,
    /// Everything anew, innermost first.
    pub(super) up: Vec<Operation>,
    /// What comes in steps of its own afterwards.
    pub(super) validate: Recipe,
    /// Everything that goes along.
    pub(super) taken: BTreeSet<ObjectId>,
    pub(super) hazards: Vec<Hazard>,
    class: Class,
}

/// Objects dropped before and made anew after.
pub(super) fn around(members: BTreeSet<ObjectId>, context: &Context) -> Around {
    let live = context.schemas.live;
    let desired = context.schemas.desired;
    let mut taken = members.clone();
    let mut draft = Draft::new(Phase::Contract, Class::Instant, Vec::new());
    // What lives in another member goes and comes with it.
    let inner: BTreeSet<ObjectId> = members
        .iter()
        .filter(|id| {
            let top = live.top_level(id);
            top != **id && members.contains(&top)
        })
        .cloned()
        .collect();
    taken.extend(inner.iter().cloned());
    let members: BTreeSet<ObjectId> = members.difference(&inner).cloned().collect();
    let order = in_order(&members, live, context);
    let mut down: Vec<Operation> = foreign_keys(&members, live).into_iter().map(Operation::drop).collect();
    let staying: BTreeSet<&ObjectId> = members
        .iter()
        .filter(|id| outlives_owner(id, &members, context))
        .collect();
    down.extend(staying.iter().map(|id| owned_by(id, None)));
    for id in order.iter().rev() {
        match live.get(id) {
            Some(Object::Column(column)) if column.generated.is_none() => {
                // Only the default stands in the way.
                if column.default.is_some() {
                    down.push(Operation::alter(id.clone(), ColumnChange::Default(None)));
                }
            }
            Some(Object::Constraint(constraint)) if matches!(constraint.rule, ConstraintRule::ForeignKey(_)) => {}
            Some(Object::Sequence(sequence))
                if sequence
                    .owned_by
                    .as_ref()
                    .is_some_and(|owner| members.contains(&ObjectId::named(Kind::Table, &owner.table))) => {}
            Some(Object::Table(table))
                if table
                    .partition_of
                    .as_ref()
                    .is_some_and(|of| members.contains(&ObjectId::named(Kind::Table, &of.parent))) => {}
            Some(_) if staying.contains(id) => {}
            Some(_) => down.push(Operation::drop(id.clone())),
            None => {}
        }
    }
    let mut up = Vec::new();
    let mut last = Vec::new();
    let mut validate = Recipe::new();
    for id in in_order(&members, desired, context) {
        let Some(object) = desired.get(&id) else { continue };
        match object {
            Object::Column(column) if column.generated.is_none() => {
                let dropped = context
                    .live_column(&id.qualified(), id.own_name())
                    .is_some_and(|live| live.default.is_some());
                if column.default.is_some() && dropped {
                    up.push(Operation::alter(
                        id.clone(),
                        ColumnChange::Default(column.default.clone()),
                    ));
                }
                continue;
            }
            Object::Constraint(constraint) => {
                let unchecked = matches!(
                    constraint.rule,
                    ConstraintRule::Check { .. } | ConstraintRule::ForeignKey(_)
                ) && !constraint.not_valid
                    && !constraint.not_enforced
                    && !context.is_partitioned(&constraint.table);
                let created = Constraint {
                    not_valid: constraint.not_valid || unchecked,
                    ..constraint.clone()
                };
                if unchecked {
                    let change = Operation::alter(id.clone(), ConstraintChange::Validate);
                    validate.push(
                        Draft::new(Phase::Contract, Class::Long, vec![change])
                            .because("Apart, so that reads and writes go on while existing rows are checked."),
                    );
                }
                let list = if matches!(constraint.rule, ConstraintRule::ForeignKey(_)) {
                    &mut last
                } else {
                    &mut up
                };
                list.push(Operation::create(created));
                list.extend(satellites(&id, context));
                continue;
            }
            Object::Sequence(sequence) if staying.contains(&id) => {
                last.push(owned_by(&id, sequence.owned_by.clone()));
            }
            Object::Sequence(sequence) => {
                up.push(Operation::create(crate::object::sequence::Sequence {
                    owned_by: None,
                    ..sequence.clone()
                }));
                if sequence.owned_by.is_some() {
                    last.push(owned_by(&id, sequence.owned_by.clone()));
                }
            }
            _ => up.push(Operation::create(object.clone())),
        }
        let (inside, spoken): (Vec<ObjectId>, Vec<ObjectId>) = desired
            .descendants(&id)
            .into_iter()
            .filter(|inner| *inner != id)
            .partition(|inner| !inner.kind.is_satellite());
        let mut inside: Vec<&Object> = inside.iter().filter_map(|id| desired.get(id)).collect();
        inside.sort_by_key(|object| object.id().kind);
        for part in inside {
            let foreign = matches!(part, Object::Constraint(c) if matches!(c.rule, ConstraintRule::ForeignKey(_)));
            if foreign {
                last.push(Operation::create(part.clone()))
            } else {
                up.push(Operation::create(part.clone()))
            }
        }
        last.extend(
            spoken
                .iter()
                .filter_map(|id| desired.get(id))
                .map(|object| Operation::put(object.clone())),
        );
        if !staying.contains(&id) {
            hazards(&id, object, &mut draft);
        }
    }
    up.extend(last);
    for id in &members {
        for partition in context
            .live_partitions(&id.qualified())
            .iter()
            .filter(|_| id.kind == Kind::Table)
        {
            taken.extend(live.descendants(&ObjectId::named(Kind::Table, partition)));
        }
        taken.extend(desired.descendants(id));
        taken.extend(live.descendants(id));
    }
    Around {
        down,
        up,
        validate,
        taken,
        hazards: draft.hazards,
        class: draft.class,
    }
}

/// Whether a sequence of a column that goes can be let go of before, so that it keeps its number and whoever uses it.
fn outlives_owner(id: &ObjectId, members: &BTreeSet<ObjectId>, context: &Context) -> bool {
    let (Some(Object::Sequence(live)), Some(Object::Sequence(desired))) =
        (context.schemas.live.get(id), context.schemas.desired.get(id))
    else {
        return false;
    };
    let owner = live.owned_by.as_ref();
    let same = Sequence {
        owned_by: live.owned_by.clone(),
        ..desired.clone()
    };
    same == *live
        && desired.owned_by.is_some()
        && owner.is_some_and(|owner| members.contains(&ObjectId::named(Kind::Table, &owner.table)))
}

fn owned_by(sequence: &ObjectId, owner: Option<ColumnRef>) -> Operation {
    Operation::alter(sequence.clone(), SequenceChange::OwnedBy(owner))
}

/// Foreign keys among the members and of member tables; they are dropped before anything else.
fn foreign_keys(members: &BTreeSet<ObjectId>, live: &crate::schema::Schema) -> Vec<ObjectId> {
    let is_key =
        |object: &Object| matches!(object, Object::Constraint(c) if matches!(c.rule, ConstraintRule::ForeignKey(_)));
    members
        .iter()
        .flat_map(|id| live.descendants(id))
        .filter(|id| live.get(id).is_some_and(is_key))
        .collect()
}

fn hazards(id: &ObjectId, object: &Object, draft: &mut Draft) {
    let hazard = match object {
        Object::Table(table) => Some((HazardKind::DataLoss, format!("Every row of {} is lost.", table.name))),
        Object::MaterializedView(view) => {
            draft.class = Class::Blocking;
            Some((
                HazardKind::BlockingScan,
                format!("Reads of {} wait while its query runs.", view.name),
            ))
        }
        Object::View(view) => Some((
            HazardKind::BreaksOldApplication,
            format!(
                "The columns of {} change, and reads of it wait for a moment.",
                view.name
            ),
        )),
        Object::Routine(routine) => Some((
            HazardKind::BreaksOldApplication,
            format!("Callers of {} must fit its new form.", routine.name),
        )),
        Object::Sequence(sequence) => Some((
            HazardKind::DataLoss,
            format!("The number that {} has counted to is lost.", sequence.name),
        )),
        Object::Index(_) | Object::Constraint(_) => None,
        _ => None,
    };
    if let Some((kind, explanation)) = hazard {
        draft.hazards.push(Hazard {
            kind,
            object: id.clone(),
            explanation,
        });
    }
}

/// The members so that each comes after the members it names.
fn in_order(members: &BTreeSet<ObjectId>, schema: &crate::schema::Schema, context: &Context) -> Vec<ObjectId> {
    let live = std::ptr::eq(schema, context.schemas.live);
    let references = if live {
        &context.references.live
    } else {
        &context.references.desired
    };
    let mut needs: BTreeMap<&ObjectId, BTreeSet<ObjectId>> = BTreeMap::new();
    for id in members {
        let mut needed = BTreeSet::new();
        for inside in schema.descendants(id) {
            if let Some(object) = schema.get(&inside) {
                for used in references.of(object) {
                    let top = schema.top_level(&used);
                    needed.extend(
                        [used, top]
                            .into_iter()
                            .filter(|used| members.contains(used) && used != id),
                    );
                }
            }
        }
        needs.insert(id, needed);
    }
    let mut order = Vec::new();
    let mut done: BTreeSet<ObjectId> = BTreeSet::new();
    while done.len() < members.len() {
        let ready: Vec<ObjectId> = members
            .iter()
            .filter(|id| !done.contains(*id) && needs[*id].iter().all(|need| done.contains(need)))
            .cloned()
            .collect();
        let ready = if ready.is_empty() {
            members
                .iter()
                .filter(|id| !done.contains(*id))
                .take(1)
                .cloned()
                .collect()
        } else {
            ready
        };
        for id in ready {
            done.insert(id.clone());
            order.push(id);
        }
    }
    order
}
