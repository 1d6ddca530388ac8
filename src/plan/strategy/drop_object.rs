//! Something live is gone from the files.
//!
//! **The danger.** The old application still uses it; data is lost; DROP of a foreign key, or of a table or column with one,
//! takes ACCESS EXCLUSIVE on the referenced table too.
//!
//! | what | phase | step |
//! |---|---|---|
//! | check, not-null or exclusion constraint | expand | DROP CONSTRAINT: the new application may write what it refuses |
//! | foreign key | expand; contract where deletes or updates cascade | DROP CONSTRAINT after LOCK of both tables |
//! | column | expand | DROP NOT NULL where the old application has to give a value |
//! | column, check that some of the tables that inherit it keep | contract, expand | ALTER TABLE ONLY .. DROP, and DROP in the others |
//! | column, table | contract | DROP, with approval; a partition is detached before, CONCURRENTLY where PostgreSQL can |
//! | index | contract | DROP INDEX CONCURRENTLY |
//! | view, materialized view | contract | DROP, with approval |
//! | everything else | contract | DROP |

use crate::attach;
use crate::name::QualifiedName;
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintRule, ReferentialAction};
use crate::object::table::{Table, TableChange};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::access::drop_grants;
use crate::plan::strategy::alter_column::needs_value;
use crate::plan::strategy::{detach, subscription};
use crate::plan::{Class, HazardKind, Phase};
use crate::schema::Schema;

/// The recipe for a dropped object.
pub fn recipe(id: &ObjectId, context: &Context) -> Recipe {
    let drop = Operation::drop(id.clone());
    let contract = |operation| Draft::instant(Phase::Contract, vec![operation]);
    match context.schemas.live.get(id) {
        Some(Object::Constraint(constraint)) => {
            let mut draft = constraint_drop(constraint);
            if keeps_below(id, context) {
                draft.operations = goes_alone(id, context);
            }
            vec![draft]
        }
        Some(Object::Column(column)) => {
            let mut recipe = Recipe::new();
            let in_key = context
                .schemas
                .live
                .primary_key(&column.table)
                .and_then(|key| key.key().map(|key| key.columns.contains(&column.name)));
            if needs_value(&column.table, &column.name, context) && in_key != Some(true) {
                recipe.push(
                    Draft::instant(
                        Phase::Expand,
                        vec![Operation::alter(id.clone(), ColumnChange::NotNull(false))],
                    )
                    .because("The new application no longer gives it a value."),
                );
            }
            let (operations, lost) = match keeps_below(id, context) {
                true => (
                    goes_alone(id, context),
                    format!("Every value of {id} in rows of the table itself is lost."),
                ),
                false => (vec![drop], format!("Every value of {id} is lost.")),
            };
            recipe.push(Draft::instant(Phase::Contract, operations).hazard(HazardKind::DataLoss, id, lost));
            recipe
        }
        Some(Object::Table(table)) => {
            let mut tables = vec![table.name.clone()];
            tables.extend(context.partitions_that_go(&table.name));
            let mut recipe: Recipe = tables
                .iter()
                .flat_map(|name| context.schemas.live.constraints(name))
                .filter(|constraint| matches!(&constraint.rule, ConstraintRule::ForeignKey(key) if key.references != table.name))
                .map(|constraint| Draft { phase: Phase::Contract, ..constraint_drop(constraint) })
                .map(|draft| draft.because("Ahead of the table, so that each pair of tables is locked only for a moment."))
                .collect();
            recipe.extend(
                tables
                    .iter()
                    .flat_map(|name| entangled_policies(name, context))
                    .map(|policy| {
                        contract(Operation::drop(policy))
                            .because("Ahead of the table: it reads another one that goes as well.")
                    }),
            );
            let mut all = vec![drop];
            let concurrent = table
                .partition_of
                .as_ref()
                .and_then(|of| detach::concurrently(&table.name, &of.parent, context));
            if let Some((detach, _)) = concurrent {
                recipe.push(detach);
            } else if let Some(of) = &table.partition_of {
                // A foreign key to the parent keeps a partition from being dropped, but not from being detached.
                let detach = TableChange::Detach {
                    parent: of.parent.clone(),
                    concurrently: false,
                };
                all.insert(0, Operation::alter(id.clone(), detach));
            }
            let lost = format!("Every row of {} is lost.", id.qualified());
            recipe.push(Draft::instant(Phase::Contract, all).hazard(HazardKind::DataLoss, id, lost));
            recipe
        }
        Some(Object::Index(index)) => {
            let partitioned = context
                .schemas
                .live
                .table(&index.table)
                .is_some_and(|table| table.partition_by.is_some());
            let leaves = attach::leaves_with(context.schemas, index);
            if partitioned || index.attached_to.is_some() && !leaves {
                vec![contract(drop).because("The index of a partitioned table cannot be dropped concurrently.")]
            } else {
                vec![concurrent_drop(id, Phase::Contract)]
            }
        }
        Some(Object::Sequence(_)) => {
            vec![contract(drop).hazard(HazardKind::DataLoss, id, "The number it has counted to is lost.")]
        }
        Some(Object::Extension(_)) => {
            vec![contract(drop).hazard(
                HazardKind::DataLoss,
                id,
                "Everything the extension provides goes with it.",
            )]
        }
        Some(Object::View(_) | Object::MaterializedView(_)) => {
            let fail = format!("Queries that name {} fail.", id.qualified());
            vec![contract(drop).hazard(HazardKind::BreaksOldApplication, id, fail)]
        }
        Some(Object::Policy(_)) => {
            vec![contract(drop).because("Until contract the old application reads and writes through it.")]
        }
        Some(Object::Acl(acl)) => drop_grants(acl, id, context),
        Some(Object::Subscription(_)) => subscription::drop(id),
        Some(Object::Comment(_) | Object::SecurityLabel(_)) => vec![Draft::instant(Phase::Expand, vec![drop])],
        Some(Object::Owner(_)) | None => Recipe::new(),
        Some(_) => vec![contract(drop)],
    }
}

/// Policies of a table that read other relations that go: two tables may wait for each other by them. Without a permissive policy fewer
/// rows are seen; a restrictive one stays as long as its table.
fn entangled_policies(table: &QualifiedName, context: &Context) -> Vec<ObjectId> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let reads_another = |object: &Object| {
        let needed = context.references.live.of(object);
        needed
            .into_iter()
            .any(|id| id.kind.is_relation() && id.qualified() != *table && !desired.contains(&id))
    };
    live.parts(table)
        .filter(|object| matches!(object, Object::Policy(policy) if !policy.restrictive) && reads_another(object))
        .map(Object::id)
        .collect()
}

/// What children by `INHERITS`, before and after, have of a column or check.
fn in_heirs<'a>(id: &ObjectId, context: &Context<'a>) -> Vec<(&'a Table, ObjectId)> {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let table = id.qualified();
    let stays = |heir: &Table| heir.inherits.contains(&table);
    let heirs: Vec<QualifiedName> = live.heirs(&table).map(|heir| heir.name.clone()).collect();
    heirs
        .iter()
        .filter_map(|name| live.table(name))
        .filter(|heir| stays(heir) && desired.table(&heir.name).is_some_and(stays))
        .map(|heir| (heir, ObjectId::part(id.kind, &heir.name, id.own_name())))
        .collect()
}

/// Whether a table below has it as its own, before or after. One that only differs from the parent's, by a default for instance, may
/// be inherited all the same, and would go with the parent's.
fn keeps_below(id: &ObjectId, context: &Context) -> bool {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    matches!(id.kind, Kind::Column | Kind::Constraint)
        && in_heirs(id, context)
            .iter()
            .any(|(_, own)| live.contains(own) || desired.contains(own) || keeps_below(own, context))
}

/// DROP from a table alone, and from those below it that have it from there and do not keep it. What is a table's own has a
/// step of its own where it goes.
fn goes_alone(id: &ObjectId, context: &Context) -> Vec<Operation> {
    let mut operations = vec![Operation::Drop {
        id: id.clone(),
        if_exists: false,
        cascade: false,
        concurrently: false,
        only: true,
    }];
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let table = id.qualified();
    for (heir, own) in in_heirs(id, context) {
        let mut others = heir.inherits.iter().filter(|parent| **parent != table);
        if live.contains(&own) || desired.contains(&own) || others.any(|parent| gives(live, parent, id)) {
            continue;
        }
        match keeps_below(&own, context) {
            true => operations.extend(goes_alone(&own, context)),
            false => operations.push(Operation::drop(own)),
        }
    }
    operations
}

/// Whether a parent hands down a column or check of this name.
fn gives(schema: &Schema, parent: &QualifiedName, id: &ObjectId) -> bool {
    match id.kind {
        Kind::Column => schema
            .all_columns(parent)
            .iter()
            .any(|column| column.name == *id.own_name()),
        _ => schema
            .all_checks(parent)
            .iter()
            .any(|check| check.name == *id.own_name()),
    }
}

/// DROP INDEX CONCURRENTLY.
pub fn concurrent_drop(id: &ObjectId, phase: Phase) -> Draft {
    let drop = Operation::Drop {
        id: id.clone(),
        if_exists: false,
        cascade: false,
        concurrently: true,
        only: false,
    };
    Draft::new(phase, Class::Concurrent, vec![drop]).because("Reads and writes go on.")
}

fn constraint_drop(constraint: &Constraint) -> Draft {
    let id = ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name);
    let drop = Operation::drop(id.clone());
    match &constraint.rule {
        ConstraintRule::ForeignKey(key) => {
            let acts = |action| !matches!(action, ReferentialAction::NoAction | ReferentialAction::Restrict);
            let cascades = acts(key.on_delete) || acts(key.on_update);
            let phase = if cascades { Phase::Contract } else { Phase::Expand };
            let draft = Draft::instant(phase, lock_both(constraint, "ACCESS EXCLUSIVE", drop));
            draft.because(if cascades {
                "The old application relies on rows being changed along."
            } else {
                "The new application may write rows that it refuses."
            })
        }
        ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) => Draft::instant(Phase::Contract, vec![drop])
            .because("The old application may rely on it, as ON CONFLICT does."),
        ConstraintRule::Check { .. } | ConstraintRule::Exclude(_) | ConstraintRule::NotNull { .. } => {
            Draft::instant(Phase::Expand, vec![drop]).because("The new application may write rows that it refuses.")
        }
    }
}

/// LOCK TABLE referenced, referencing before an operation on a foreign key: PostgreSQL's own order is the other way round
/// than the application's, which costs retries (measured: 4 to 30 against 1).
pub fn lock_both(constraint: &Constraint, mode: &str, operation: Operation) -> Vec<Operation> {
    match &constraint.rule {
        ConstraintRule::ForeignKey(key) if key.references != constraint.table => {
            let tables = vec![key.references.clone(), constraint.table.clone()];
            vec![
                Operation::Lock {
                    tables,
                    mode: mode.into(),
                },
                operation,
            ]
        }
        _ => vec![operation],
    }
}
