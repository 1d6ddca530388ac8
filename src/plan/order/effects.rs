//! What the operations of a draft do to objects, as far as the order of drafts depends on it.

use std::collections::BTreeSet;

use crate::attach;
use crate::name::QualifiedName;
use crate::object::column::{ColumnChange, Identity, Reach};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::default_privileges::concern;
use crate::object::enum_type::EnumChange;
use crate::object::index::IndexChange;
use crate::object::sequence::SequenceChange;
use crate::object::table::{Table, TableChange};
use crate::object::{Change, Definition, Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::Phase;
use crate::plan::context::Context;
use crate::plan::draft::Draft;
use crate::plan::order::family;
use crate::plan::strategy::{making_room, outgoing_indexes, partitions_first};
use crate::refs::{keys_over, may_read, opens_rows, uses_word};
use crate::schema::{Schema, parents};

/// What a draft does to objects, for ordering.
#[derive(Default)]
pub(super) struct Effects {
    pub(super) creates: BTreeSet<ObjectId>,
    pub(super) destroys: BTreeSet<ObjectId>,
    /// Those of the destroyed that have a statement of their own.
    pub(super) drops: BTreeSet<ObjectId>,
    /// Changed so that what is made from the object afterwards differs.
    pub(super) reshapes: BTreeSet<ObjectId>,
    /// Touched in any way.
    pub(super) touches: BTreeSet<ObjectId>,
    pub(super) needs: BTreeSet<ObjectId>,
    /// Columns of which something is said that reaches every table below by then.
    pub(super) hands_down: BTreeSet<ObjectId>,
    /// Columns of parents that a table takes as they are by then.
    pub(super) takes: BTreeSet<ObjectId>,
    /// Live objects that must be gone before.
    pub(super) frees: BTreeSet<ObjectId>,
    /// Tables that become partitions.
    pub(super) attaches: BTreeSet<ObjectId>,
    /// Tables of which no column goes any more by then.
    pub(super) joins: BTreeSet<QualifiedName>,
    /// Tables that must be there, as partitions, before.
    pub(super) after_attach: BTreeSet<ObjectId>,
    /// Owners that a sequence is taken from, so that it does not go with them.
    pub(super) releases: BTreeSet<ObjectId>,
    /// Names of sequences that identity columns bring along.
    pub(super) sequences: BTreeSet<QualifiedName>,
    /// Names of relations that are free from then on, beside those of what is destroyed.
    pub(super) vacates: BTreeSet<QualifiedName>,
}

impl Effects {
    /// What is said about the sequence of an identity waits for it.
    fn brings_sequence(&mut self, column: &ObjectId, identity: Option<&Identity>) {
        if let Some(identity) = identity {
            let name = identity.sequence_of(column);
            self.creates.insert(ObjectId::named(Kind::Sequence, &name));
            self.sequences.insert(name);
        }
    }

    /// A table below takes the columns of its parents as they are when it comes, and what is said of them later goes down to it.
    fn takes_columns(&mut self, table: &Table, context: &Context) {
        let desired = context.schemas.desired;
        for parent in parents(table) {
            self.takes
                .extend(desired.all_columns(parent).into_iter().map(Definition::id));
        }
    }

    /// A bound can be taken when the partitions that hold some of its rows have let go of them.
    fn takes_room(&mut self, table: &Table, context: &Context) {
        let room = making_room(table, context);
        let desired = context.schemas.desired;
        self.needs
            .extend(room.iter().filter(|id| desired.contains(id)).cloned());
        self.frees.extend(room);
    }
}

/// The sequences of the identity columns of a table, which go with it.
fn own_sequences(table: &ObjectId, schema: &Schema) -> impl Iterator<Item = QualifiedName> {
    schema.children(table).filter_map(|id| match schema.get(id) {
        Some(Object::Column(column)) => Some(column.identity.as_ref()?.sequence_of(id)),
        _ => None,
    })
}

/// What a draft does.
pub(super) fn effects(draft: &Draft, context: &Context) -> Effects {
    let mut effects = Effects::default();
    let live = context.schemas.live;
    let desired = context.schemas.desired;
    for operation in &draft.operations {
        effects.needs.extend(half_detached(operation, context));
        effects.needs.extend(family::leaving(operation, context));
        match operation {
            Operation::Create { object, if_exists, .. } => {
                let id = object.id();
                // An index that came with its table was there before the partitions.
                let is_there = *if_exists == IfExists::Skip && id.kind == Kind::Index;
                if let Object::Column(column) = object {
                    effects.brings_sequence(&id, column.identity.as_ref());
                }
                let spare = spare_keys(object, context);
                let needed = context.references.desired.of(object).into_iter();
                effects.needs.extend(needed.filter(|id| !spare.contains(id)));
                effects.needs.extend(columns_read(object, context));
                effects.needs.extend(keys_of_parent(object, context));
                if !is_there {
                    effects.after_attach.extend(partitions_first(object, context));
                    // What comes with its table is there before any partition of it.
                    if !parent_comes(object, draft) {
                        effects.needs.extend(adopted(object, context));
                    }
                }
                // The sequence of an identity is no object of its own.
                if id.kind.is_satellite() && !desired.contains(id.subject()) {
                    effects.needs.insert(id.subject().clone());
                }
                effects.needs.extend(default_privileges(&id, context));
                if (id.kind, id.subject().kind) == (Kind::Acl, Kind::Column) {
                    effects.needs.extend(acl_of_home(&id, context));
                }
                effects.frees.extend(outgoing_keys(object, context));
                effects.frees.extend(outgoing_partitions(object, context));
                if let Object::Table(table) = object {
                    effects.takes_room(table, context);
                    effects.takes_columns(table, context);
                    effects.needs.extend(family::own_forms(table, context));
                }
                // A new part of something that the plan remakes belongs to the remade one.
                effects.creates.insert(id);
            }
            Operation::Drop { id, .. } => {
                effects.destroys.extend(live.descendants(id));
                // A column under its old name is not in the live schema with its renames carried out.
                effects.destroys.insert(id.clone());
                effects.drops.insert(id.clone());
                // Partitions go with their parent, and their indexes with its.
                if id.kind == Kind::Table {
                    effects.vacates.extend(own_sequences(id, live));
                    for partition in family::partitions_along(id, context) {
                        effects
                            .destroys
                            .extend(live.descendants(&ObjectId::named(Kind::Table, &partition)));
                    }
                }
                if let Some(Object::Index(index)) = live.get(id) {
                    if attach::leaves_with(context.schemas, index) {
                        effects.needs.insert(ObjectId::named(Kind::Table, &index.table));
                    }
                    for partition in context.live_partitions(&index.table) {
                        let attached = live
                            .indexes(&partition)
                            .filter(|child| child.attached_to.as_ref() == Some(&index.name));
                        effects
                            .destroys
                            .extend(attached.map(|child| ObjectId::named(Kind::Index, &child.name)));
                    }
                }
            }
            Operation::Alter { id, change } => {
                effects.touches.insert(id.clone());
                effects.needs.insert(id.clone());
                // A constraint is validated as it is, which may be over what stands in for a table.
                let as_it_is = matches!(change, Change::Constraint(ConstraintChange::Validate));
                if let Some(object) = desired.get(id).filter(|_| !as_it_is) {
                    effects.needs.extend(context.references.desired.of(object));
                }
                effects.needs.extend(columns_that_come_to_be_read(id, context));
                // A partition's column comes with its parent's.
                if id.kind == Kind::Column && !live.contains(id) {
                    let above = desired.ancestors(&id.qualified()).into_iter();
                    effects
                        .needs
                        .extend(above.map(|parent| ObjectId::part(Kind::Column, &parent, id.own_name())));
                }
                if let (Change::Acl(_), Kind::Column) = (change, id.subject().kind) {
                    effects.needs.extend(acl_of_home(id, context));
                }
                if let Change::Acl(_) | Change::Comment(_) | Change::SecurityLabel(_) | Change::Owner(_) = change {
                    effects.needs.insert(id.subject().clone());
                }
                match change {
                    // A table is attached when it looks like its parent, so after everything else that changes it.
                    Change::Table(TableChange::Attach(_) | TableChange::Inherit(_)) if live.contains(id) => {
                        effects.needs.extend(desired.children(id).cloned());
                        effects.needs.extend(family::shapes(id, context));
                        effects.joins.extend(family::joined(id, change, context));
                        effects.attaches.insert(id.clone());
                        if let Some(table) = desired.table(&id.qualified()) {
                            effects.takes_room(table, context);
                            effects.takes_columns(table, context);
                        }
                        effects.frees.extend(triggers_given(id, context));
                    }
                    // PostgreSQL lets no rows go to which others refer by the parent.
                    Change::Table(TableChange::Detach { parent, .. }) => {
                        effects.frees.extend(family::keys_that_go(parent, context));
                    }
                    Change::Column(ColumnChange::Identity {
                        from: None,
                        to: Some(identity),
                    }) => effects.brings_sequence(id, Some(identity)),
                    Change::Column(ColumnChange::NotNull(false)) => effects.frees.extend(primary_key(id, context)),
                    Change::Sequence(SequenceChange::OwnedBy(Some(owner))) => {
                        // A column that is only inherited comes with its table and the parent's column.
                        let holder = context.desired_column(&owner.table, &owner.column);
                        let holder = holder.map_or(&owner.table, |column| &column.table);
                        effects
                            .needs
                            .insert(ObjectId::part(Kind::Column, holder, &owner.column));
                        effects.needs.insert(ObjectId::named(Kind::Table, &owner.table));
                    }
                    Change::Column(ColumnChange::Identity {
                        from: Some(from),
                        to: Some(to),
                    }) => {
                        let (old, new) = (from.sequence_of(id), to.sequence_of(id));
                        effects.vacates.extend((old != new).then_some(old));
                    }
                    Change::Sequence(SequenceChange::OwnedBy(None)) => {
                        if let Some(Object::Sequence(sequence)) = live.get(id) {
                            let owner = sequence.owned_by.as_ref();
                            effects
                                .releases
                                .extend(owner.map(|owner| ObjectId::part(Kind::Column, &owner.table, &owner.column)));
                        }
                    }
                    _ => {}
                }
                if let Some(parent) = attached_to(id, change, context) {
                    effects.needs.insert(parent.clone());
                    effects.reshapes.insert(parent);
                }
                let is_early = draft.phase == Phase::Expand;
                if let Change::Column(change) = change
                    && is_early
                    && change.reach() == Reach::Below
                    && !reshapes_column(change)
                {
                    effects.hands_down.insert(id.clone());
                }
                if reshapes(change) {
                    effects.reshapes.insert(id.clone());
                    // In expand nothing is made anew.
                    if id.kind == Kind::Column && draft.phase == Phase::Contract {
                        effects.frees.extend(outgoing_indexes(id, context));
                    }
                }
            }
            Operation::Rename { from, to } => {
                if to.own_name().is_helper() && live.contains(to) {
                    effects.touches.insert(to.clone());
                    effects.vacates.insert(QualifiedName {
                        namespace: from.namespace.clone(),
                        name: from.own_name().clone(),
                    });
                    continue;
                }
                // A helper of ours under its first name is made by an earlier step.
                if live.contains(from) {
                    effects.destroys.insert(from.clone());
                } else {
                    effects.needs.insert(from.clone());
                }
                // What only lent it the name has gone just before; what reads the column stays.
                if !from.own_name().is_helper() && !live.contains(from) {
                    effects.destroys.retain(|id| id.subject() != to);
                    effects.drops.remove(to);
                }
                effects.creates.insert(to.clone());
            }
            Operation::UseIndex { constraint, index } => {
                let object = Object::from(constraint.clone());
                effects.needs.extend(context.references.desired.of(&object));
                let name = QualifiedName {
                    namespace: constraint.table.namespace.clone(),
                    name: index.clone(),
                };
                effects.needs.insert(ObjectId::named(Kind::Index, &name));
                effects.frees.extend(outgoing_keys(&object, context));
                effects.creates.insert(object.id());
            }
            Operation::Extend { index, .. } => {
                effects.needs.insert(ObjectId::named(Kind::Table, &index.table));
            }
            Operation::Backfill { table, set, .. } => {
                effects.needs.extend(
                    set.iter()
                        .map(|(column, _)| ObjectId::part(Kind::Column, table, column)),
                );
                effects.needs.insert(ObjectId::named(Kind::Table, table));
            }
            Operation::CopyRows { from, to, .. } => effects
                .needs
                .extend([from, to].map(|table| ObjectId::named(Kind::Table, table))),
            Operation::Check { table, query, .. } => {
                // A sequence has a row that is asked for where it stands.
                let looked_at = [Kind::Table, Kind::Sequence].map(|kind| ObjectId::named(kind, table));
                effects.needs.extend(looked_at);
                effects.needs.extend(compared_columns(table, &query.text, context));
                let used = desired
                    .columns(table)
                    .filter(|column| uses_word(&query.text, &column.name));
                effects
                    .needs
                    .extend(used.map(|column| ObjectId::part(Kind::Column, table, &column.name)));
            }
            Operation::StartAfter { sequence, column, .. } => effects.needs.extend([sequence.clone(), column.clone()]),
            Operation::Count { from, to } => effects.needs.extend([from.clone(), to.clone()]),
            Operation::Lock { tables, .. } => {
                // One that is there is locked as it is, also where it is made anew later.
                let tables = tables.iter().map(|table| ObjectId::named(Kind::Table, table));
                effects.needs.extend(tables.filter(|table| !live.contains(table)));
            }
        }
    }
    effects
}

/// Columns that the texts of an object may read: once it stands, their types cannot be changed.
fn columns_read(object: &Object, context: &Context) -> Vec<ObjectId> {
    let texts = object.binding_texts();
    if texts.is_empty() {
        return Vec::new();
    }
    let desired = context.schemas.desired;
    // A view that stands in for a table that is renamed shows its columns as they are by then.
    let reads = match desired.contains(&object.id()) {
        true => may_read,
        false => uses_word,
    };
    let mut relations: BTreeSet<ObjectId> = context.references.desired.of(object).into_iter().collect();
    if texts.iter().any(|text| opens_rows(text)) {
        relations = below_views(relations, context);
    }
    let tables = relations.iter().filter(|id| id.kind == Kind::Table);
    tables
        .flat_map(|table| desired.all_columns(&table.qualified()))
        .filter(|column| texts.iter().any(|text| reads(text, &column.name)))
        .map(|column| ObjectId::part(Kind::Column, &column.table, &column.name))
        .collect()
}

/// These relations, and those that the views among them read: a view may give whole rows of a table (`SELECT t AS w FROM t`), and what
/// takes a column out of one (`(w).a`) is tied to the column of the table.
fn below_views(relations: BTreeSet<ObjectId>, context: &Context) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut open = Vec::from_iter(relations);
    while let Some(id) = open.pop() {
        if let Some(object) = context.schemas.desired.get(&id)
            && matches!(id.kind, Kind::View | Kind::MaterializedView)
        {
            let below = context.references.desired.of(object).into_iter();
            open.extend(below.filter(|id| !found.contains(id)));
        }
        found.insert(id);
    }
    found
}

/// Columns that a rule, a policy or a routine reads in its new form alone.
fn columns_that_come_to_be_read(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let concerned = matches!(id.kind, Kind::Rule | Kind::Policy | Kind::Function | Kind::Procedure);
    let (Some(before), Some(after)) = (context.schemas.live.get(id), context.schemas.desired.get(id)) else {
        return Vec::new();
    };
    if !concerned || before == after {
        return Vec::new();
    }
    let known = before.binding_texts();
    let mut found = columns_read(after, context);
    found.retain(|column| !known.iter().any(|text| may_read(text, column.own_name())));
    found
}

/// New keys that a foreign key fits but need not wait for, because one that fits is there and stays.
fn spare_keys(object: &Object, context: &Context) -> Vec<ObjectId> {
    let Object::Constraint(Constraint {
        rule: ConstraintRule::ForeignKey(key),
        ..
    }) = object
    else {
        return Vec::new();
    };
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let keys = keys_over(desired, &key.references, &key.referenced_columns);
    if keys
        .iter()
        .any(|id| live.contains(id) && live.get(id) == desired.get(id))
    {
        keys.into_iter().filter(|id| !live.contains(id)).collect()
    } else {
        Vec::new()
    }
}

/// The new keys of the parent of a new partition that is partitioned itself: the old ones need not hold its partition key.
fn keys_of_parent(object: &Object, context: &Context) -> Vec<ObjectId> {
    let Object::Table(table) = object else {
        return Vec::new();
    };
    let Some(of) = table.partition_of.as_ref().filter(|_| table.partition_by.is_some()) else {
        return Vec::new();
    };
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let keys = desired
        .constraints(&of.parent)
        .filter(|key| key.has_index() && key.missing.is_empty());
    keys.map(|key| ObjectId::part(Kind::Constraint, &key.table, &key.name))
        .filter(|id| !context.is_new(&of.parent) && live.get(id) != desired.get(id))
        .collect()
}

/// Columns of other tables that a check of rows reads: those of the tables that the table references.
fn compared_columns(table: &QualifiedName, query: &str, context: &Context) -> Vec<ObjectId> {
    let desired = context.schemas.desired;
    let keys = desired
        .constraints(table)
        .filter_map(|constraint| match &constraint.rule {
            ConstraintRule::ForeignKey(key) => Some(key),
            _ => None,
        });
    keys.filter(|key| key.references != *table && query.contains(&key.references.to_string()))
        .flat_map(|key| {
            let columns = key.referenced_columns.iter();
            columns.map(|column| ObjectId::part(Kind::Column, &key.references, column))
        })
        .collect()
}

/// Live keys that must be gone first: another primary key of the table, and keys that a new foreign key would be bound to, also where
/// their names go on over other columns.
fn outgoing_keys(object: &Object, context: &Context) -> Vec<ObjectId> {
    let Object::Constraint(constraint) = object else {
        return Vec::new();
    };
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let live_keys: Vec<ObjectId> = match &constraint.rule {
        // A partition has that of its parent.
        ConstraintRule::PrimaryKey(_) => std::iter::once(constraint.table.clone())
            .chain(live.ancestors(&constraint.table))
            .filter_map(|table| live.primary_key(&table))
            .filter(|key| key.table != constraint.table || key.name != constraint.name)
            .map(|key| ObjectId::part(Kind::Constraint, &key.table, &key.name))
            .filter(|id| !desired.contains(id))
            .collect(),
        ConstraintRule::ForeignKey(foreign) => keys_over(live, &foreign.references, &foreign.referenced_columns),
        _ => Vec::new(),
    };
    live_keys
        .into_iter()
        .filter(|id| live.get(id) != desired.get(id))
        .collect()
}

/// Live partitions that go and are partitioned themselves: a key must hold their partition key too as long as they are there.
fn outgoing_partitions(object: &Object, context: &Context) -> Vec<ObjectId> {
    let table = match object {
        Object::Constraint(constraint) if constraint.has_index() => &constraint.table,
        Object::Index(index) if index.unique => &index.table,
        _ => return Vec::new(),
    };
    let live = context.schemas.live;
    context
        .live_partitions(table)
        .iter()
        .filter(|name| live.table(name).is_some_and(|table| table.partition_by.is_some()))
        .map(|name| ObjectId::named(Kind::Table, name))
        .filter(|id| !context.schemas.desired.contains(id))
        .collect()
}

/// What an index is attached to: an index, or the key of the parent that has it.
fn attached_to(id: &ObjectId, change: &Change, context: &Context) -> Option<ObjectId> {
    match change {
        Change::Index(IndexChange::Attach(parent)) => Some(ObjectId::named(Kind::Index, parent)),
        Change::Constraint(ConstraintChange::Attach(parent)) => {
            let desired = context.schemas.desired;
            Some(
                attach::parent_index(desired, &id.qualified(), parent)
                    .unwrap_or_else(|| ObjectId::named(Kind::Index, parent)),
            )
        }
        _ => None,
    }
}

/// Triggers of a table's own whose names its parent's triggers take when it becomes a partition.
fn triggers_given(table: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let Some(of) = desired
        .table(&table.qualified())
        .and_then(|table| table.partition_of.as_ref())
    else {
        return Vec::new();
    };
    live.children(table)
        .filter(|child| child.kind == Kind::Trigger && !desired.contains(child))
        .filter(|child| desired.contains(&ObjectId::part(Kind::Trigger, &of.parent, child.own_name())))
        .cloned()
        .collect()
}

/// The table of an operation, where a detachment was cut off: PostgreSQL alters nothing of it until that has ended.
fn half_detached(operation: &Operation, context: &Context) -> Option<ObjectId> {
    let subject = operation.subject()?;
    let table = context.schemas.live.table(&subject.qualified())?;
    let pending = table.partition_of.as_ref().is_some_and(|of| of.detach_pending);
    pending.then(|| ObjectId::named(Kind::Table, &table.name))
}

/// The privileges on the relation of a column.
fn acl_of_home(column: &ObjectId, context: &Context) -> Option<ObjectId> {
    let name = column.subject().qualified();
    let home = context.schemas.desired.relation(&name)?;
    Some(ObjectId::satellite(Kind::Acl, &home))
}

/// New default privileges that the object is to be born with.
fn default_privileges<'a>(id: &'a ObjectId, context: &'a Context) -> impl Iterator<Item = ObjectId> + 'a {
    let all = context.default_privileges.iter();
    all.filter(|defaults| concern(defaults, id))
        .map(|defaults| defaults.id())
}

/// Whether the draft makes the table of a part as well.
fn parent_comes(object: &Object, draft: &Draft) -> bool {
    let Some(parent) = object.parent() else {
        return false;
    };
    draft
        .operations
        .iter()
        .any(|operation| matches!(operation, Operation::Create { object, .. } if object.id() == parent))
}

/// What a new index of a new partitioned table finds on its partitions and takes over.
fn adopted(object: &Object, context: &Context) -> Vec<ObjectId> {
    let Object::Index(index) = object else {
        return Vec::new();
    };
    if index.invalid {
        // Made on the parent alone, it takes over nothing by itself.
        return Vec::new();
    }
    let heirs = context.heirs(&index.table).iter();
    heirs
        .filter_map(|heir| attach::attached(context.schemas.desired, heir, &index.name).cloned())
        .collect()
}

/// The live primary key that a column is part of, or of which a partition keeps its part when it is detached; it keeps the column from
/// accepting nulls.
fn primary_key(column: &ObjectId, context: &Context) -> Option<ObjectId> {
    let table = column.qualified();
    let live = context.schemas.live;
    let kept = attach::kept_when_detached(live, &table)
        .into_iter()
        .find(|kept| matches!(kept.rule, ConstraintRule::PrimaryKey(_)));
    let key = live.primary_key(&table).cloned().or(kept)?;
    let part = key.key().is_some_and(|rule| rule.columns.contains(column.own_name()));
    part.then(|| ObjectId::part(Kind::Constraint, &key.table, &key.name))
}

/// Live views that may read a column: they let go of it first.
pub(super) fn queries_over<'a>(column: &'a ObjectId, context: &'a Context) -> impl Iterator<Item = &'a ObjectId> {
    let relation = (column.kind == Kind::Column)
        .then(|| context.schemas.live.relation(&column.qualified()))
        .flatten();
    let users = relation.and_then(|relation| context.live_users.get(&relation));
    users
        .into_iter()
        .flatten()
        .filter(|user| matches!(user.kind, Kind::View | Kind::MaterializedView))
        .filter(|user| {
            let texts = context
                .schemas
                .live
                .get(user)
                .map(Object::binding_texts)
                .unwrap_or_default();
            texts.iter().any(|text| may_read(text, column.own_name()))
        })
}

/// Whether objects made afterwards depend on the change.
fn reshapes(change: &Change) -> bool {
    match change {
        Change::Column(change) => reshapes_column(change),
        // Only what says the new label waits for a renamed one.
        Change::EnumType(change) => matches!(change, EnumChange::AddLabel { .. }),
        Change::CompositeType(_) | Change::RangeType(_) | Change::View(_) | Change::Routine(_) => true,
        // What is taken from a table is taken from its columns too.
        Change::Acl(_) => true,
        Change::Table(change) => matches!(change, TableChange::Detach { .. } | TableChange::NoInherit(_)),
        _ => false,
    }
}

fn reshapes_column(change: &ColumnChange) -> bool {
    matches!(change, ColumnChange::Type { .. } | ColumnChange::Generated(_))
}
