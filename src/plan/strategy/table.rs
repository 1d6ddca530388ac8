//! Changes of a table itself.
//!
//! | the change | phase | how |
//! |---|---|---|
//! | storage parameters, replica identity | expand | instant |
//! | row security enabled or forced | validate | rows become invisible to whom no policy lets in: never in expand |
//! | row security disabled | contract | with approval: access widens |
//! | attach a partition, inherit | validate | columns and checks that it lacks are added before; in place; the new partition is scanned, with approval |
//! | attach to another parent | contract | what it lacks and a check of its bound are made before; detached and attached in one transaction |
//! | detach a partition | contract | CONCURRENTLY where PostgreSQL can (`detach`), else instant |
//! | stop inheriting | contract | instant |
//! | unlogged, access method, tablespace | contract | in place, with approval: the table is rewritten or copied |

use std::collections::BTreeSet;

use crate::attach;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::Constraint;
use crate::object::table::{PartitionOf, Table, TableChange};
use crate::object::{Change, Comparison, Definition, Kind, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{add_column, attached, constraint, detach, not_null, operations, satellites};
use crate::plan::{Class, HazardKind, Phase};
use crate::schema::Schema;

/// The recipe for the changes of one table.
pub fn alter(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let table = id.qualified();
    if let Some(recipe) = rebound(id, changes, context).or_else(|| moved(id, changes, context)) {
        return recipe;
    }
    let left: Vec<&QualifiedName> = changes.iter().filter_map(left_parent).collect();
    let mut leaving = left.len();
    changes
        .iter()
        .flat_map(|change| {
            let Change::Table(kind) = change else {
                return Recipe::new();
            };
            let alter = operations(id, std::slice::from_ref(change));
            let mut proofs = Recipe::new();
            let mut recipe = match joined_parent(change) {
                Some(parent) => made_alike(&table, parent, context),
                None => Recipe::new(),
            };
            let ready = match kind {
                TableChange::Attach(of) => {
                    let mut ready = attached::before(&table, of, context);
                    recipe.append(&mut ready.before);
                    ready
                }
                _ => attached::Ready::default(),
            };
            let last = match kind {
                TableChange::Unlogged(_) | TableChange::AccessMethod(_) => {
                    Draft::new(Phase::Contract, Class::Blocking, alter).hazard(
                        HazardKind::Rewrite,
                        id,
                        format!("{table} and its indexes are rewritten while reads and writes wait."),
                    )
                }
                TableChange::Tablespace(_) => Draft::new(Phase::Contract, Class::Blocking, alter).hazard(
                    HazardKind::Rewrite,
                    id,
                    format!("{table} is copied while reads and writes wait."),
                ),
                TableChange::Attach(of) => {
                    let mut draft = Draft::new(Phase::Validate, Class::Blocking, alter).hazard(
                        HazardKind::BlockingScan,
                        id,
                        format!(
                            "Reads and writes of {table} wait while its rows are checked against the bound in {}.",
                            of.parent
                        ),
                    );
                    draft.needs_not_null = refusing_nulls(&table, &of.parent, context);
                    draft.operations.splice(0..0, ready.locks);
                    draft.operations.extend(ready.proofs.into_iter().map(Operation::drop));
                    draft
                }
                TableChange::Inherit(_) => Draft::instant(Phase::Validate, alter),
                TableChange::Declare => Draft::instant(Phase::Expand, alter).because(
                    "What a table keeps when it leaves its parents it goes on to declare when it comes back, which is the only way to it; no query is wiser for it, and nothing leads back.",
                ),
                TableChange::Detach { .. } | TableChange::NoInherit(_) => {
                    let concurrent = match kind {
                        TableChange::Detach { parent, .. } => detach::concurrently(&table, parent, context),
                        _ => None,
                    };
                    let unseen = |draft: Draft| {
                        let told = format!("The rows of {table} are no longer seen through its parent.");
                        draft.hazard(HazardKind::BreaksOldApplication, id, told)
                    };
                    let mut draft = match concurrent {
                        Some((detach, check)) => {
                            recipe.push(unseen(detach));
                            Draft::instant(Phase::Contract, vec![check])
                                .because("What is left of having been a partition.")
                        }
                        None => unseen(Draft::instant(Phase::Contract, alter)),
                    };
                    if let TableChange::Detach { .. } = kind {
                        draft.operations.extend(kept_keys(&table, context));
                        let again = detach::given_again(&table, context);
                        draft.operations.extend(again.at_once);
                        proofs = again.later;
                    }
                    leaving -= 1;
                    // What another parent hands down as well can go only when it has left that one too.
                    if leaving == 0 {
                        for column in came_with_parents(&table, &left, context) {
                            draft = draft.hazard(
                                HazardKind::DataLoss,
                                &column,
                                format!("{column} came with the parent's; what was written to it is lost."),
                            );
                            draft.operations.push(Operation::drop(column));
                        }
                        let checks = checks_of_parents(&table, context);
                        draft.operations.extend(checks.into_iter().map(Operation::drop));
                    }
                    draft
                }
                TableChange::RowSecurity(true) | TableChange::ForceRowSecurity(true) => {
                    Draft::instant(Phase::Validate, alter)
                        .because("From here on rows are visible only through policies, so it comes after them.")
                }
                TableChange::RowSecurity(false) | TableChange::ForceRowSecurity(false) => {
                    Draft::instant(Phase::Contract, alter).hazard(
                        HazardKind::Access,
                        id,
                        format!("Policies no longer protect the rows of {table}."),
                    )
                }
                TableChange::Options { .. }
                | TableChange::ForeignOptions(_)
                | TableChange::ReplicaIdentity(_)
                | TableChange::OfType(None) => Draft::instant(Phase::Expand, alter),
                // A table with a parent takes no type.
                TableChange::OfType(Some(_)) if changes.iter().any(|change| left_parent(change).is_some()) => {
                    Draft::instant(Phase::Contract, alter)
                }
                TableChange::OfType(Some(_)) => Draft::instant(Phase::Expand, alter),
            };
            recipe.push(last);
            recipe.extend(proofs);
            recipe
        })
        .collect()
}

/// Partitions whose bounds change leave and come back in one transaction, all of one parent together, so that their rows are seen at
/// every moment and one can take what another gives.
fn rebound(id: &ObjectId, changes: &[Change], context: &Context) -> Option<Recipe> {
    let parent = changes.iter().find_map(left_parent)?;
    changes.iter().find(|change| joined_parent(change) == Some(parent))?;
    let others: Vec<Change> = changes
        .iter()
        .filter(|change| left_parent(change).is_none() && joined_parent(change).is_none())
        .cloned()
        .collect();
    let mut recipe = match others.as_slice() {
        [] => Recipe::new(),
        others => alter(id, others, context),
    };
    let moving: Vec<(ObjectId, &PartitionOf)> = context
        .schemas
        .live
        .heirs(parent)
        .filter_map(|heir| {
            let after = context.schemas.desired.table(&heir.name)?.partition_of.as_ref()?;
            let stays = heir
                .partition_of
                .as_ref()
                .is_some_and(|before| before.parent == after.parent);
            (stays && heir.partition_of.as_ref() != Some(after))
                .then(|| (ObjectId::named(Kind::Table, &heir.name), after))
        })
        .collect();
    // They are one step, which comes with the first.
    if moving.first().is_some_and(|(first, _)| first != id) {
        return Some(recipe);
    }
    let detach = TableChange::Detach {
        parent: parent.clone(),
        concurrently: false,
    };
    let leave = moving
        .iter()
        .map(|(id, _)| Operation::alter(id.clone(), detach.clone()));
    let come = moving
        .iter()
        .map(|(id, of)| Operation::alter(id.clone(), TableChange::Attach((*of).clone())));
    let mut draft = Draft::new(Phase::Contract, Class::Blocking, leave.chain(come).collect())
        .because("In one transaction, so that the rows are seen at every moment.");
    for (id, _) in &moving {
        draft = draft.hazard(
            HazardKind::BlockingScan,
            id,
            format!(
                "Reads and writes of {parent} wait while the rows of {} are checked against its new bound; where some do not keep it, or rows of other tables reference them, the step fails and changes nothing.",
                id.qualified()
            ),
        );
    }
    recipe.push(draft);
    Some(recipe)
}

/// A partition leaves its parent and comes to another one in one transaction, so that its rows are seen at every moment. What the new
/// parent asks for is made and proved before. Not where their columns differ, as those of a partition are its parent's, where a partition
/// of the new parent moves away as well and may have to make room, or that one moves itself, and where it has begun to leave.
fn moved(id: &ObjectId, changes: &[Change], context: &Context) -> Option<Recipe> {
    let table = id.qualified();
    let (mut leaves, mut comes) = (None, None);
    let mut others = Vec::new();
    for change in changes {
        match change {
            Change::Table(TableChange::Detach { parent, .. }) => leaves = Some(parent),
            Change::Table(TableChange::Attach(of)) => comes = Some(of),
            other => others.push(other.clone()),
        }
    }
    let (parent, of) = (leaves?, comes?);
    let Pair { live, desired } = context.schemas;
    let (before, after) = (live.all_columns(&table), desired.all_columns(&table));
    let names = |columns: &[&Column]| {
        columns
            .iter()
            .map(|column| column.name.clone())
            .collect::<BTreeSet<_>>()
    };
    let is_leaving = live.table(&table)?.partition_of.as_ref()?.detach_pending;
    let moves_away = |heir: &Table| {
        let after = desired.table(&heir.name).and_then(|table| table.partition_of.as_ref());
        after.is_some_and(|after| after.parent != of.parent)
    };
    let place = |schema: &Schema| schema.table(&of.parent).and_then(|table| table.partition_of.clone());
    let waits = place(live) != place(desired) || live.heirs(&of.parent).any(moves_away);
    if is_leaving || waits || names(&before) != names(&after) {
        return None;
    }
    let alike = alike(&before, &after, &table, context)?;
    let mut recipe = alter(id, &others, context);
    recipe.extend(made_alike(&table, &of.parent, context));
    let refusing = refusing_nulls(&table, &of.parent, context);
    recipe.extend(
        refusing
            .iter()
            .flat_map(|column| not_null::recipe(&table, column.own_name(), context)),
    );
    let ready = attached::before(&table, of, context);
    recipe.extend(ready.before);
    let detach = TableChange::Detach {
        parent: parent.clone(),
        concurrently: false,
    };
    let mut operations = ready.locks;
    operations.push(Operation::alter(id.clone(), detach));
    operations.extend(kept_keys(&table, context));
    let checks = checks_of_parents(&table, context);
    operations.extend(checks.into_iter().map(Operation::drop));
    operations.extend(alike);
    operations.push(Operation::alter(id.clone(), TableChange::Attach(of.clone())));
    operations.extend(ready.proofs.into_iter().map(Operation::drop));
    let mut draft = Draft::new(Phase::Contract, Class::Blocking, operations)
        .because("In one transaction, so that the rows are seen at every moment.")
        .hazard(
            HazardKind::BreaksOldApplication,
            id,
            format!(
                "The rows of {table} are no longer seen through {parent}, but through {}.",
                of.parent
            ),
        )
        .hazard(
            HazardKind::BlockingScan,
            id,
            format!(
                "Reads and writes of {parent} and {table} wait while the rows are checked against the bound in {}.",
                of.parent
            ),
        );
    draft.needs_not_null = refusing;
    recipe.push(draft);
    Some(recipe)
}

/// What makes the columns of a table that has left its parent those of the new one, where nothing of it reads or writes rows. A
/// column that is the partition's own on either side is a difference of its own; those that shall refuse nulls do so before.
fn alike(before: &[&Column], after: &[&Column], table: &QualifiedName, context: &Context) -> Option<Vec<Operation>> {
    let Pair { live, desired } = context.schemas;
    let mut operations = Vec::new();
    for have in before {
        let want = after.iter().find(|want| want.name == have.name)?;
        if [live, desired]
            .iter()
            .any(|schema| schema.column(table, &have.name).is_some())
        {
            continue;
        }
        let own = |column: &Column| Column {
            table: table.clone(),
            ..column.clone()
        };
        let changes = match own(have).compare(&own(want)) {
            Comparison::Same => continue,
            Comparison::Altered(changes) => changes,
            Comparison::Replaced(_) => return None,
        };
        for change in changes {
            match change {
                ColumnChange::NotNull(true) => {}
                ColumnChange::NotNull(false)
                | ColumnChange::Default(_)
                | ColumnChange::Storage(_)
                | ColumnChange::Compression(_)
                | ColumnChange::Statistics(_)
                | ColumnChange::Options { .. } => operations.push(Operation::alter(own(have).id(), change)),
                _ => return None,
            }
        }
    }
    // Said of a table alone, they do not reach its partitions, which have the same columns.
    let is_partitioned = live.table(table).is_some_and(|table| table.partition_by.is_some());
    (operations.is_empty() || !is_partitioned).then_some(operations)
}

/// The columns of a table that must refuse nulls before it is attached, as those of its parent do (measured:
/// `pt_attach_missing_column_notnull`).
fn refusing_nulls(table: &QualifiedName, parent: &QualifiedName, context: &Context) -> Vec<ObjectId> {
    let live = context.schemas.live;
    let refuses = |name: &Ident| {
        live.all_columns(parent)
            .iter()
            .any(|column| column.name == *name && column.not_null)
    };
    let columns = live.all_columns(table).into_iter();
    columns
        .filter(|column| !column.not_null && refuses(&column.name))
        .map(|column| ObjectId::part(Kind::Column, table, &column.name))
        .collect()
}

fn left_parent(change: &Change) -> Option<&QualifiedName> {
    match change {
        Change::Table(TableChange::Detach { parent, .. } | TableChange::NoInherit(parent)) => Some(parent),
        _ => None,
    }
}

fn joined_parent(change: &Change) -> Option<&QualifiedName> {
    match change {
        Change::Table(TableChange::Attach(of)) => Some(&of.parent),
        Change::Table(TableChange::Inherit(parent)) => Some(parent),
        _ => None,
    }
}

/// What a partition keeps of its parents' keys when it is detached gets the name that the files give it, or goes where they have none.
fn kept_keys(table: &QualifiedName, context: &Context) -> Vec<Operation> {
    let Pair { live, desired } = context.schemas;
    let id = |name: &Ident| ObjectId::part(Kind::Constraint, table, name);
    let kept = attach::kept_when_detached(live, table);
    kept.iter()
        .flat_map(|have| {
            let same = |want: &&Constraint| have.rule == want.rule || attach::same_rule(&have.rule, &want.rule);
            let Some(want) = desired.constraints(table).find(same) else {
                // The new parent takes what it has as well.
                let stays = attach::kept_when_detached(desired, table);
                let goes = !stays.iter().any(|above| attach::same_rule(&above.rule, &have.rule));
                let drop = detach::drop_kept(table, have, context);
                return goes.then_some(drop).into_iter().collect();
            };
            let (from, to) = (id(&have.name), id(&want.name));
            if live.contains(&to) {
                return Vec::new();
            }
            if detach::is_lost(have, context) {
                return vec![detach::drop_kept(table, have, context)];
            }
            let rename = (from != to).then(|| Operation::Rename { from, to: to.clone() });
            rename.into_iter().chain(satellites(&to, context)).collect()
        })
        .collect()
}

/// Whether a new key of a table that stops being a partition is one that it keeps of its parents'.
pub fn is_kept_when_detached(constraint: &Constraint, context: &Context) -> bool {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let parent = |schema: &Schema| {
        let table = schema.table(&constraint.table)?;
        table.partition_of.as_ref().map(|of| of.parent.clone())
    };
    parent(live).is_some()
        && parent(desired).is_none()
        && attach::kept_when_detached(live, &constraint.table)
            .iter()
            .any(|kept| kept.rule == constraint.rule || attach::same_rule(&kept.rule, &constraint.rule))
}

/// What a table lacks of a parent that takes only tables like itself: columns and checks.
fn made_alike(table: &QualifiedName, parent: &QualifiedName, context: &Context) -> Recipe {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let is_new = live
        .table(table)
        .is_none_or(|table| crate::schema::parents(table).any(|other| other == parent));
    if is_new {
        return Recipe::new();
    }
    let has = live.all_columns(table);
    let columns = desired.all_columns(parent).into_iter().filter(|column| {
        has.iter().all(|other| other.name != column.name) && desired.column(table, &column.name).is_none()
    });
    let columns = columns.flat_map(|column| {
        let own = Column {
            table: table.clone(),
            ..column.clone()
        };
        add_column::recipe(&own, context)
    });
    let stays = live.inherited_checks(table);
    let checks = desired.inherited_checks(table).into_iter();
    // What the table has from the parent that it leaves becomes its own.
    let lacking = checks.filter(|check| {
        stays
            .iter()
            .all(|other| other.name != check.name || other.rule != check.rule)
    });
    let checks = lacking.map(|check| Constraint {
        table: table.clone(),
        ..check.clone()
    });
    let checks = checks.filter(|check| {
        let id = ObjectId::part(Kind::Constraint, table, &check.name);
        !live.contains(&id) && !desired.contains(&id)
    });
    columns
        .chain(checks.flat_map(|check| constraint::add(&check, context)))
        .collect()
}

/// Columns that the table has from the parents that it leaves, and that it shall not have.
fn came_with_parents(table: &QualifiedName, parents: &[&QualifiedName], context: &Context) -> BTreeSet<ObjectId> {
    let desired = context.schemas.desired;
    let own = desired.all_columns(table);
    parents
        .iter()
        .flat_map(|parent| desired.all_columns(parent))
        .filter(|column| {
            context.schemas.live.column(table, &column.name).is_none()
                && own.iter().all(|kept| kept.name != column.name)
        })
        .map(|column| ObjectId::part(Kind::Column, table, &column.name))
        .collect()
}

/// Checks that stay with a table when it leaves its parents, and that it shall not have.
fn checks_of_parents(table: &QualifiedName, context: &Context) -> Vec<ObjectId> {
    let kept = context.schemas.desired.inherited_checks(table);
    context
        .schemas
        .live
        .inherited_checks(table)
        .into_iter()
        .filter(|check| kept.iter().all(|other| other.name != check.name))
        .map(|check| ObjectId::part(Kind::Constraint, table, &check.name))
        .filter(|id| !context.schemas.desired.contains(id))
        .collect()
}
