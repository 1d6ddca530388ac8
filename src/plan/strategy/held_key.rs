//! A partition's own key that serves a plain index of the parent: one of the two goes.
//!
//! **The danger.** PostgreSQL drops neither the key nor the index but with CASCADE, which takes along what shall stay.
//!
//! | what goes | validate | contract, in one transaction |
//! |---|---|---|
//! | the key | the parent's index anew under a name of ours, CONCURRENTLY on each partition | DROP INDEX .. CASCADE of the old one; the new one takes its name |
//! | the index | a unique index for each key that stays, CONCURRENTLY | DROP INDEX .. CASCADE; ADD CONSTRAINT .. USING INDEX |
//! | both | | DROP INDEX .. CASCADE |
//! | the index, and a key of the parent over the same columns comes | a unique index on each partition, CONCURRENTLY | DROP INDEX .. CASCADE; the key ON ONLY the parent; USING INDEX and ATTACH on each partition |
//!
//! **Not used**, and the plan refused: where a foreign key refers to the partition, which CASCADE would drop; where the partition is
//! partitioned itself, is replicated by the index of the key, or the key changes at the same time.
//! **If it stops half-way**: an index under a name of ours is left, and an invalid one is built anew; the transaction is all or nothing.

use std::collections::BTreeSet;

use crate::attach;
use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule, KeyRule, PartNames};
use crate::object::index::{Index, IndexKey};
use crate::object::table::ReplicaIdentity;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::constraint::key_index;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::rebuild::Rebuild;
use crate::plan::strategy::{index, satellites};
use crate::plan::{Class, Phase};

/// Takes along the deltas of such keys and indexes, as far as there is a way.
pub fn held_keys(deltas: &[Delta], context: &Context) -> Vec<Rebuild> {
    let live = context.schemas.live;
    let indexes = live.of_kind(Kind::Index).filter_map(|(_, object)| match object {
        Object::Index(index) if index.attached_to.is_none() => Some(index),
        _ => None,
    });
    let found = indexes.filter_map(|index| Scene::new(index, deltas, context)?.group());
    found.collect()
}

/// An index of a partitioned table that keys of partitions serve.
struct Scene<'a> {
    index: &'a Index,
    keys: Vec<&'a Constraint>,
    /// The key of the parent that takes the place of the index.
    heir: Option<&'a Constraint>,
    deltas: &'a [Delta],
    context: &'a Context<'a>,
}

impl<'a> Scene<'a> {
    fn new(index: &'a Index, deltas: &'a [Delta], context: &'a Context<'a>) -> Option<Self> {
        let live = context.schemas.live;
        let serves = |partition: &QualifiedName| {
            live.constraints(partition)
                .find(|key| key.attached_to.as_ref() == Some(&index.name))
        };
        let keys: Vec<&Constraint> = live.heirs(&index.table).filter_map(|heir| serves(&heir.name)).collect();
        let comes = |key: &&Constraint| deltas.contains(&Delta::Create(key.id()));
        let same = |key: &&Constraint| key.key().is_some_and(|rule| covers(index, rule));
        let heir = context
            .schemas
            .desired
            .constraints(&index.table)
            .filter(comes)
            .find(same);
        (!keys.is_empty()).then_some(Self {
            index,
            keys,
            heir,
            deltas,
            context,
        })
    }

    fn group(&self) -> Option<Rebuild> {
        let goes = |id: &ObjectId| self.deltas.contains(&Delta::Drop(id.clone()));
        let stays = |key: &&&Constraint| self.left_alone(key).is_some();
        let id = self.index.id();
        let concerned = |id: &ObjectId| self.deltas.iter().any(|delta| delta.id() == id);
        if !self.is_free() || self.keys.iter().any(|key| !goes(&key.id()) && !stays(&key)) {
            return None;
        }
        let mut members: BTreeSet<ObjectId> = self.keys.iter().map(|key| key.id()).collect();
        members.insert(id.clone());
        let recipe = if goes(&id) {
            members.extend(self.heir.map(Definition::id));
            self.without_index()
        } else {
            let all_go = self.keys.iter().all(|key| goes(&key.id()));
            if concerned(&id) || !all_go {
                return None;
            }
            self.without_keys()
        };
        Some(Rebuild { members, recipe })
    }

    /// Whether CASCADE takes nothing along that shall stay, and every partition can get an index of its own.
    fn is_free(&self) -> bool {
        let Pair { live, desired } = self.context.schemas;
        let referred = |table: &QualifiedName| {
            live.of_kind(Kind::Constraint).any(|(_, object)| match object {
                Object::Constraint(constraint) => {
                    matches!(&constraint.rule, ConstraintRule::ForeignKey(key) if key.references == *table)
                }
                _ => false,
            })
        };
        let plain = |table: &QualifiedName| {
            [live, desired].into_iter().all(|schema| {
                schema.table(table).is_some_and(|table| {
                    let of = table.partition_of.as_ref().map(|of| &of.parent);
                    let by_index = matches!(table.replica_identity, ReplicaIdentity::Index(_));
                    of == Some(&self.index.table)
                        && table.partition_by.is_none()
                        && table.foreign.is_none()
                        && !by_index
                })
            })
        };
        let partitions = || live.heirs(&self.index.table).chain(desired.heirs(&self.index.table));
        !self.keys.iter().any(|key| self.context.is_read(&key.id()))
            && !referred(&self.index.table)
            && partitions().all(|heir| plain(&heir.name) && !referred(&heir.name))
    }

    /// The key as the files have it, where nothing but what it serves differs.
    fn left_alone(&self, key: &Constraint) -> Option<&'a Constraint> {
        let Some(Object::Constraint(after)) = self.context.schemas.desired.get(&key.id()) else {
            return None;
        };
        let alone = |key: &Constraint| Constraint {
            attached_to: None,
            ..key.clone()
        };
        (alone(key) == alone(after) && after.attached_to.is_none()).then_some(after)
    }

    /// The key goes: the index is made anew, with indexes that nobody else needs.
    fn without_keys(&self) -> Recipe {
        let why = "a key of a partition that serves it goes, and PostgreSQL drops neither without the other";
        let mut recipe = index::replace(&self.index.id(), why, self.context);
        for operation in recipe.iter_mut().flat_map(|draft| &mut draft.operations) {
            if let Operation::Drop { id, cascade, .. } = operation {
                *cascade |= *id == self.index.id();
            }
        }
        recipe
    }

    /// The index goes, and what stays or comes has indexes of its own by then.
    fn without_index(&self) -> Recipe {
        let mut built = Recipe::new();
        let mut last = vec![Operation::Drop {
            id: self.index.id(),
            if_exists: false,
            cascade: true,
            concurrently: false,
            only: false,
        }];
        for after in self.keys.iter().filter_map(|key| self.left_alone(key)) {
            last.push(self.over_own_index(after, &mut built));
            last.extend(satellites(&after.id(), self.context));
        }
        let mut needed = Vec::new();
        if let Some(heir) = self.heir {
            last.extend(self.parent_key(heir, &mut built));
            last.extend(satellites(&heir.id(), self.context));
            if let (ConstraintRule::PrimaryKey(_), Some(rule)) = (&heir.rule, heir.key()) {
                let columns = rule.columns.iter();
                needed.extend(columns.map(|column| ObjectId::part(Kind::Column, &heir.table, column)));
            }
        }
        let mut switch = Draft::instant(Phase::Contract, last).because(
            "PostgreSQL drops neither the key of a partition nor the index that it serves without the other; in one transaction, so that no row comes twice.",
        );
        switch.needs_not_null = needed;
        built.push(switch);
        built
    }

    /// The key over an index that is built before.
    fn over_own_index(&self, key: &Constraint, built: &mut Recipe) -> Operation {
        let helper = Ident::new(helper_name(&format!("{}_{}", key.table.name, key.name.as_str()), "new"));
        if let Some(rule) = key.key() {
            let build = Operation::Create {
                object: key_index(key, rule, &helper).into(),
                if_exists: Default::default(),
                concurrently: true,
                like: false,
            };
            built.push(
                Draft::new(Phase::Validate, Class::Concurrent, vec![build])
                    .because("Reads and writes go on while it is built."),
            );
        }
        Operation::UseIndex {
            constraint: key.clone(),
            index: helper,
        }
    }

    fn parent_key(&self, heir: &Constraint, built: &mut Recipe) -> Vec<Operation> {
        let mut partitions = attach::partitions(self.context.schemas.live, &heir.table);
        partitions.sort();
        let mut operations = vec![Operation::create(Constraint {
            missing: partitions.clone(),
            parts: PartNames::default(),
            ..heir.clone()
        })];
        let parent = QualifiedName {
            name: heir.name.clone(),
            ..heir.table.clone()
        };
        for partition in partitions {
            let child = Constraint {
                name: self.name_on(&partition, heir),
                table: partition,
                missing: Vec::new(),
                parts: PartNames::default(),
                ..heir.clone()
            };
            operations.push(self.over_own_index(&child, built));
            operations.push(Operation::alter(child.id(), ConstraintChange::Attach(parent.clone())));
        }
        operations
    }

    /// The name that PostgreSQL would choose, which may be that of what goes.
    fn name_on(&self, partition: &QualifiedName, heir: &Constraint) -> Ident {
        let usual = attach::name_on_partition(partition, heir);
        let going = attach::attached(self.context.schemas.live, partition, &self.index.name);
        let stays = going.is_some_and(|id| self.context.schemas.desired.contains(id));
        if !stays && going.is_some_and(|id| *id.own_name() == usual) {
            return usual;
        }
        let (middle, label) = attach::name_parts(&heir.rule).unwrap_or_default();
        self.context.free_relation_name(partition, &middle, label)
    }
}

/// Whether a key is over the columns of an index, in whatever order.
fn covers(index: &Index, key: &KeyRule) -> bool {
    let columns: Vec<IndexKey> = key.columns.iter().map(IndexKey::column).collect();
    index.unique
        && index.predicate.is_none()
        && index.nulls_not_distinct == key.nulls_not_distinct
        && !key.without_overlaps
        && columns.len() == index.keys.len()
        && columns.iter().all(|column| index.keys.contains(column))
}
