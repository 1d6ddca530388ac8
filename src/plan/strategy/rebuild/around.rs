//! What is dropped before a change that it stands in the way of, and made anew after it.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::QualifiedName;
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::publication::{Publication, PublicationChange};
use crate::object::sequence::{ColumnRef, Sequence, SequenceChange};
use crate::object::{Comparison, Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::satellites;
use crate::plan::{Class, Hazard, HazardKind, Phase};
use crate::schema::Schema;

/// What is done before and after something that these objects stand in the way of.
pub(in crate::plan::strategy) struct Around {
    /// Drops, outermost first.
    pub(in crate::plan::strategy) down: Vec<Operation>,
    /// Everything anew, innermost first.
    pub(in crate::plan::strategy) up: Vec<Operation>,
    /// What comes in steps of its own afterwards.
    pub(in crate::plan::strategy) validate: Recipe,
    /// Everything that goes along.
    pub(in crate::plan::strategy) taken: BTreeSet<ObjectId>,
    pub(in crate::plan::strategy) hazards: Vec<Hazard>,
    pub(super) class: Class,
}

impl Around {
    /// The drops with the locks of tables among them: whoever reads a view locks it before the tables under it, and would otherwise wait
    /// for those while the drop of the view waits for him. What stands over views in a table goes behind the locks, with those views.
    pub(in crate::plan::strategy) fn down_with(&self, locks: Vec<Operation>, context: &Context) -> Vec<Operation> {
        let dropped = |operation: &Operation| match operation {
            Operation::Drop { id, .. } => Some(id.clone()),
            _ => None,
        };
        let all: BTreeSet<ObjectId> = self.down.iter().filter_map(dropped).collect();
        let mut ahead: BTreeSet<ObjectId> = BTreeSet::new();
        for id in self.down.iter().filter_map(dropped) {
            let locked_first = matches!(
                id.kind,
                Kind::View | Kind::MaterializedView | Kind::Function | Kind::Procedure
            );
            let mut users = context.live_users_of(&id).into_iter();
            if locked_first && users.all(|user| *user == id || !all.contains(user) || ahead.contains(user)) {
                ahead.insert(id);
            }
        }
        let goes_ahead = |operation: &&Operation| dropped(operation).is_some_and(|id| ahead.contains(&id));
        let (mut operations, behind): (Vec<_>, Vec<_>) = self.down.iter().partition(goes_ahead);
        operations.extend(&locks);
        operations.extend(behind);
        operations.into_iter().cloned().collect()
    }
}

/// Objects dropped before and made anew after.
pub(in crate::plan::strategy) fn around(members: BTreeSet<ObjectId>, context: &Context) -> Around {
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
            Some(Object::Publication(publication)) if stays(id, context) => down.extend(without_tables(publication)),
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
            Object::Publication(publication) if stays(&id, context) => {
                last.extend(with_tables(&id, publication, context));
                continue;
            }
            Object::Sequence(sequence) if staying.contains(&id) => {
                last.push(owned_by(&id, sequence.owned_by.clone()));
            }
            Object::Sequence(sequence) => {
                up.push(Operation::create(Sequence {
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
            if has_parts_of_its_own(part, desired) {
                let create = Draft::instant(Phase::Contract, vec![Operation::create(part.clone())]);
                validate.push(create.because("After the partitions, whose own indexes become parts of it."));
                continue;
            }
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
            hazards(&id, object, live, &mut draft);
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

/// Whether this is an index of which partitions have parts under names of their own: were it there first, PostgreSQL would make them.
fn has_parts_of_its_own(part: &Object, desired: &Schema) -> bool {
    let Object::Index(index) = part else { return false };
    let attached = |(_, other): (&ObjectId, &Object)| matches!(other, Object::Index(other) if other.attached_to.as_ref() == Some(&index.name));
    desired.of_kind(Kind::Index).any(attached)
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

/// Whether a publication is one of named tables before and after, so that it goes on with others.
fn stays(id: &ObjectId, context: &Context) -> bool {
    let named =
        |schema: &Schema| matches!(schema.get(id), Some(Object::Publication(publication)) if !publication.all_tables);
    named(context.schemas.live) && named(context.schemas.desired)
}

/// A publication without the tables of which it names columns; it stays, so that no subscriber misses it. Whole tables leave it by
/// themselves when they go.
fn without_tables(publication: &Publication) -> Option<Operation> {
    let named = publication
        .tables
        .iter()
        .filter(|member| member.filter.is_some() || !member.columns.is_empty());
    let tables: Vec<QualifiedName> = named.map(|member| member.table.clone()).collect();
    (!tables.is_empty()).then(|| Operation::alter(publication.id(), PublicationChange::Drop(tables, BTreeSet::new())))
}

/// A publication with its tables again, and whatever else it shall have.
fn with_tables(id: &ObjectId, publication: &Publication, context: &Context) -> Vec<Operation> {
    let members = PublicationChange::Members(publication.tables.clone(), publication.namespaces.clone());
    let options = match context.schemas.live.get(id) {
        Some(Object::Publication(live)) => live.options != publication.options,
        _ => false,
    };
    let options = options.then(|| PublicationChange::Options(publication.options.clone()));
    std::iter::once(members)
        .chain(options)
        .map(|change| Operation::alter(id.clone(), change))
        .chain(satellites(id, context))
        .collect()
}

fn owned_by(sequence: &ObjectId, owner: Option<ColumnRef>) -> Operation {
    Operation::alter(sequence.clone(), SequenceChange::OwnedBy(owner))
}

/// Foreign keys among the members and of member tables; they are dropped before anything else.
fn foreign_keys(members: &BTreeSet<ObjectId>, live: &Schema) -> Vec<ObjectId> {
    let is_key =
        |object: &Object| matches!(object, Object::Constraint(c) if matches!(c.rule, ConstraintRule::ForeignKey(_)));
    members
        .iter()
        .flat_map(|id| live.descendants(id))
        .filter(|id| live.get(id).is_some_and(is_key))
        .collect()
}

fn hazards(id: &ObjectId, object: &Object, live: &Schema, draft: &mut Draft) {
    let hazard = match object {
        // Its rows are elsewhere.
        Object::Table(table) if table.foreign.is_some() => None,
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
            match live.get(id).map(|live| live.compare(object)) {
                Some(Comparison::Replaced(_)) => format!(
                    "The columns of {} change, and reads of it wait for a moment.",
                    view.name
                ),
                _ => format!(
                    "{} is made anew; its columns stay, and reads of it wait for a moment.",
                    view.name
                ),
            },
        )),
        Object::Routine(routine) => Some((
            HazardKind::BreaksOldApplication,
            match live.get(id) == Some(object) {
                true => format!(
                    "{} is made anew; its form stays, and calls of it wait for a moment.",
                    routine.name
                ),
                false => format!("Callers of {} must fit its new form.", routine.name),
            },
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
fn in_order(members: &BTreeSet<ObjectId>, schema: &Schema, context: &Context) -> Vec<ObjectId> {
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
