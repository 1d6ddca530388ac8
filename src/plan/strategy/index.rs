//! Indexes on existing tables.
//!
//! **The danger.** CREATE INDEX blocks writes while it builds, DROP INDEX blocks everything for a moment.
//!
//! | the change | expand (validate when unique) | contract |
//! |---|---|---|
//! | new | CREATE INDEX CONCURRENTLY | |
//! | new on a partitioned table | CREATE INDEX ON ONLY; CONCURRENTLY on each partition; ATTACH | |
//! | redefined | CONCURRENTLY under a name of ours | DROP CONCURRENTLY the old one, rename |
//!
//! **If it stops half-way**: an invalid index is left; it is dropped concurrently and built anew.

use crate::attach;
use crate::name::object_name;
use crate::name::{Ident, QualifiedName};
use crate::object::index::{Index, IndexChange, KeyExpr};
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::drop_object::concurrent_drop;
use crate::plan::strategy::not_null::{data_check, helper_name, showing};
use crate::plan::strategy::{operations, satellites};
use crate::plan::{Class, HazardKind, Phase};

/// The recipe for a new index on an existing relation.
pub fn create(index: &Index, context: &Context) -> Recipe {
    let id = ObjectId::named(Kind::Index, &index.name);
    let phase = phase(index, context);
    let mut recipe = Recipe::new();
    if index.unique && !context.is_new(&index.table) {
        recipe.extend(duplicate_check(index));
    }
    if context.is_new(&index.table) {
        recipe.push(Draft::instant(phase, vec![Operation::create(index.clone())]));
    } else if context.is_partitioned(&index.table) {
        recipe.extend(partitioned(index, phase, context));
    } else {
        recipe.push(build(index, phase));
    }
    if let Some(parent) = index.attached_to.as_ref().filter(|_| !context.is_new(&index.table)) {
        // Built first, attached after: attaching is instant.
        let bare = Index {
            attached_to: None,
            ..index.clone()
        };
        recipe = if context.is_partitioned(&index.table) {
            partitioned(&bare, phase, context)
        } else {
            vec![build(&bare, phase)]
        };
        recipe.push(attach(&id, parent, phase));
    }
    if index.invalid && !context.is_partitioned(&index.table) {
        // The files cannot ask for a broken index.
        return recipe;
    }
    let mut after = Vec::new();
    if index.clustered {
        after.push(Operation::alter(id.clone(), IndexChange::Clustered(true)));
    }
    after.extend(satellites(&id, context));
    if !after.is_empty() {
        recipe.push(Draft::instant(phase, after));
    }
    recipe
}

fn build(index: &Index, phase: Phase) -> Draft {
    let plain = Index {
        clustered: false,
        ..index.clone()
    };
    let create = Operation::Create {
        object: plain.into(),
        if_exists: IfExists::Fail,
        concurrently: true,
        like: false,
    };
    Draft::new(phase, Class::Concurrent, vec![create]).because("Reads and writes go on while it is built.")
}

fn attach(id: &ObjectId, parent: &QualifiedName, phase: Phase) -> Draft {
    Draft::instant(
        phase,
        vec![Operation::alter(id.clone(), IndexChange::Attach(parent.clone()))],
    )
    .because("Reads of the partition wait for a moment, because planning locks the index.")
}

/// A unique index refuses writes, so it waits for validate; an index on a column that a backfill fills is built after it.
fn phase(index: &Index, context: &Context) -> Phase {
    let on_new_column = index.keys.iter().any(|key| match &key.key {
        KeyExpr::Column(column) => context.is_new_column(&index.table, column),
        KeyExpr::Expr(_) => false,
    });
    let filled = on_new_column && !context.is_new(&index.table);
    if (index.unique && !context.is_new(&index.table)) || filled {
        Phase::Validate
    } else {
        Phase::Expand
    }
}

pub(super) fn duplicate_check(index: &Index) -> Option<Draft> {
    let names: Option<Vec<Ident>> = index
        .keys
        .iter()
        .map(|key| match &key.key {
            KeyExpr::Column(column) => Some(column.clone()),
            KeyExpr::Expr(_) => None,
        })
        .collect();
    let names = names?;
    let columns: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut filters: Vec<String> = Vec::new();
    if !index.nulls_not_distinct {
        filters.extend(columns.iter().map(|column| format!("{column} IS NOT NULL")));
    }
    if let Some(predicate) = &index.predicate {
        filters.push(format!("({})", predicate.text));
    }
    let filter = if filters.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", filters.join(" AND "))
    };
    let columns = columns.join(", ");
    let table = &index.table;
    let query = format!("SELECT {columns} FROM {table}{filter} GROUP BY {columns} HAVING count(*) > 1");
    let mut draft = showing(
        data_check(table, format!("share a value of ({columns})"), query),
        &names,
    );
    if let (Some(predicate), Some(Operation::Check { query, .. })) = (&index.predicate, draft.operations.first_mut()) {
        query.path = predicate.path.clone();
    }
    Some(draft)
}

/// ON ONLY the parent, concurrently on every partition, then attached one by one.
fn partitioned(index: &Index, phase: Phase, context: &Context) -> Recipe {
    let heirs = context.heirs(&index.table);
    let create = Index {
        invalid: !heirs.is_empty(),
        ..index.clone()
    };
    let mut recipe = vec![
        Draft::instant(phase, vec![Operation::create(create)])
            .because("On the parent only: instant, and not valid until every partition has its index."),
    ];
    recipe.extend(children(index, phase, context));
    recipe
}

/// The indexes of the partitions that have none to attach yet.
fn children(index: &Index, phase: Phase, context: &Context) -> Recipe {
    let mut recipe = Recipe::new();
    for partition in context.heirs(&index.table) {
        let declared = attach::attached(context.schemas.desired, partition, &index.name);
        if declared.is_some() || attach::attached(context.schemas.live, partition, &index.name).is_some() {
            continue;
        }
        let name = child_name(index, partition, context);
        let child = Index {
            name: QualifiedName {
                namespace: partition.namespace.clone(),
                name,
            },
            table: partition.clone(),
            attached_to: None,
            tablespace: index.tablespace.clone(),
            ..index.clone()
        };
        let child_id = ObjectId::named(Kind::Index, &child.name);
        if context.is_partitioned(partition) {
            recipe.extend(partitioned(&child, phase, context));
        } else if context.is_new(partition) {
            recipe.push(Draft::instant(phase, vec![Operation::create(child)]));
        } else {
            recipe.push(build(&child, phase));
        }
        recipe.push(attach(&child_id, &index.name, phase));
    }
    recipe
}

/// The name PostgreSQL would give the index of a partition: `PARTITION_COLUMNS_idx`.
fn child_name(index: &Index, partition: &QualifiedName, context: &Context) -> Ident {
    context.free_relation_name(partition, &index.name_part(), "idx")
}

/// Changes that need no new index.
pub fn alter(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let desired = context.schemas.desired;
    let another_is_marked = || match desired.get(id) {
        Some(Object::Index(index)) => desired.indexes(&index.table).any(|index| index.clustered),
        _ => false,
    };
    // `SET WITHOUT CLUSTER` would take the mark from the other one too, and that one's takes it from this.
    let is_said =
        |change: &&Change| !matches!(change, Change::Index(IndexChange::Clustered(false))) || !another_is_marked();
    changes
        .iter()
        .filter(is_said)
        .map(|change| {
            let alter = operations(id, std::slice::from_ref(change));
            match change {
                Change::Index(IndexChange::Tablespace(_)) => Draft::new(Phase::Contract, Class::Blocking, alter)
                    .hazard(
                        HazardKind::BlockingScan,
                        id,
                        "The index is copied while reads and writes that use it wait.",
                    ),
                Change::Index(IndexChange::Attach(_)) => {
                    let mut draft = Draft::instant(Phase::Validate, alter);
                    if let Some(Object::Index(desired)) = context.schemas.desired.get(id) {
                        draft = draft.because(format!(
                            "Reads of {} wait for a moment, because planning locks the index.",
                            desired.table
                        ));
                    }
                    draft
                }
                _ => Draft::instant(Phase::Expand, alter),
            }
        })
        .collect()
}

/// The new index under a name of ours, then the old one goes and the new one takes its name.
pub fn replace(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    let (Some(Object::Index(live)), Some(Object::Index(desired))) =
        (context.schemas.live.get(id), context.schemas.desired.get(id))
    else {
        return Recipe::new();
    };
    let why = format!("It cannot be altered: {why}.");
    if live.invalid && !desired.invalid && !context.is_partitioned(&live.table) {
        let mut recipe = vec![concurrent_drop(id, Phase::Expand).because("What a failed build left is of no use.")];
        recipe.extend(create(desired, context));
        return recipe;
    }
    if live.invalid && !desired.invalid && attach::same_shape(live, desired) {
        // A partitioned index that lacks those of some partitions.
        return children(desired, phase(desired, context), context);
    }
    let parent_goes = live.attached_to.as_ref().is_some_and(|parent| {
        desired.attached_to.as_ref() != Some(parent)
            && !context.schemas.desired.contains(&ObjectId::named(Kind::Index, parent))
    });
    if parent_goes {
        // It is dropped with the index it is attached to.
        return create(desired, context);
    }
    if live.table != desired.table {
        // The name moves to another table.
        let gone = context.schemas.desired.relation(&live.table).is_none();
        let mut recipe = if gone {
            Recipe::new()
        } else {
            vec![concurrent_drop(id, Phase::Contract)]
        };
        recipe.extend(create(desired, context));
        return recipe;
    }
    let partitioned_live = context
        .schemas
        .live
        .table(&live.table)
        .is_some_and(|table| table.partition_by.is_some());
    let helper = QualifiedName {
        namespace: desired.name.namespace.clone(),
        name: Ident::new(helper_name(desired.name.name.as_str(), "new")),
    };
    let helper_id = ObjectId::named(Kind::Index, &helper);
    let build = Index {
        name: helper,
        clustered: false,
        ..desired.clone()
    };
    let mut recipe = create(&build, context);
    let renames = child_renames(&recipe, id, context);
    let drop = if partitioned_live || live.attached_to.is_some() {
        Draft::instant(Phase::Contract, vec![Operation::drop(id.clone())])
    } else {
        concurrent_drop(id, Phase::Contract)
    };
    recipe.push(drop.because(why));
    let mut last = vec![Operation::Rename {
        from: helper_id,
        to: id.clone(),
    }];
    if desired.clustered {
        last.push(Operation::alter(id.clone(), IndexChange::Clustered(true)));
    }
    last.extend(renames);
    last.extend(satellites(id, context));
    recipe.push(Draft::instant(Phase::Contract, last));
    recipe
}

/// The new indexes of partitions take the names of the old ones, which go with the old parent.
fn child_renames(recipe: &[Draft], parent: &ObjectId, context: &Context) -> Vec<Operation> {
    let parent = parent.qualified();
    let built = recipe
        .iter()
        .flat_map(|draft| &draft.operations)
        .filter_map(|operation| match operation {
            Operation::Create {
                object: Object::Index(index),
                concurrently: true,
                ..
            } => Some(index),
            _ => None,
        });
    built
        .filter_map(|index| {
            let usual = Ident::new(object_name(index.table.name.as_str(), &index.name_part(), "idx"));
            let old = context
                .schemas
                .live
                .indexes(&index.table)
                .find(|old| old.attached_to.as_ref() == Some(&parent))?;
            let from = ObjectId::named(Kind::Index, &index.name);
            let freed = old.name != index.name && old.name.name == usual;
            freed.then(|| Operation::Rename {
                from,
                to: ObjectId::named(Kind::Index, &old.name),
            })
        })
        .collect()
}
