//! Changes of an existing column.
//!
//! | change | phase | how |
//! |---|---|---|
//! | default set or changed | expand | SET DEFAULT, instant |
//! | default dropped | contract | the old application may rely on it |
//! | DROP NOT NULL | expand | instant |
//! | SET NOT NULL | validate | see `not_null` |
//! | type | expand, through a twin, or contract with approval | see `type_change` and `twin` |
//! | expression of a stored generated column | validate and contract, or contract in place with approval | see `shadow` |
//! | identity added or changed | validate, after the not-null proof | instant |
//! | serial becomes identity | contract | default and sequence go and the identity comes in one transaction |
//! | identity dropped | contract | the old application may rely on it |
//! | storage, compression, statistics, options | expand | instant |

use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{add_column, below, not_null, numbering, type_change};
use crate::plan::{Class, HazardKind, Phase};
use crate::schema::parents;

/// The recipe for the changes of one column.
pub fn recipe(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let table = id.qualified();
    let mut recipe = Recipe::new();
    let type_changes = changes
        .iter()
        .any(|change| matches!(change, Change::Column(ColumnChange::Type { .. })));
    let handover = numbering::handover(id, context);
    let hands_over = handover.is_some();
    recipe.extend(numbering::room(id, context));
    // The recipe for a type carries the handover out itself.
    recipe.extend(
        handover
            .filter(|_| !type_changes)
            .map(|handover| numbering::recipe(id, handover, context)),
    );
    // So it does with what it would undo.
    let left = |change: &&Change| !type_changes || !type_change::is_forgotten(change);
    // Settings come first: a new partition takes them from its parent, and a rule over all rows waits for new partitions.
    let (first, rest): (Vec<&Change>, Vec<&Change>) =
        changes.iter().filter(left).partition(|change| is_setting(change));
    for change in first.into_iter().chain(rest) {
        let Change::Column(change) = change else { continue };
        let mut alter = vec![Operation::alter(id.clone(), change.clone())];
        let phase = match change {
            ColumnChange::Default(None) => Phase::Contract,
            _ => Phase::Expand,
        };
        alter.extend(below::told(id, change, phase, context));
        match change {
            ColumnChange::Type { .. } => recipe.extend(type_change::recipe(id, change, changes, context)),
            ColumnChange::Default(_) | ColumnChange::Identity { .. } if hands_over => {}
            ColumnChange::Default(Some(_)) if numbering::starts(id, context).is_some() => {
                alter.extend(numbering::starts(id, context));
                recipe.push(numbering::first_numbers(id, alter, Phase::Expand, context));
            }
            // The recipe for the type sets the default again where it has to.
            ColumnChange::Default(_) if type_changes && type_change::takes_default(id, changes, context) => {}
            ColumnChange::ForeignOptions(_) | ColumnChange::Default(Some(_)) => {
                recipe.push(Draft::instant(Phase::Expand, alter))
            }
            ColumnChange::Default(None) => recipe.push(
                Draft::instant(Phase::Contract, alter)
                    .because("The old application may leave the column out and rely on the default."),
            ),
            ColumnChange::NotNull(true) if kept_below(id, context) => {}
            ColumnChange::NotNull(true) => {
                if let Some(value) = context.wishes.backfill.get(id) {
                    recipe.push(
                        not_null::fill(
                            &table,
                            id.own_name(),
                            value,
                            not_null::nulls(&table, id.own_name(), context),
                        )
                        .hazard(
                            HazardKind::OneWay,
                            id,
                            format!("The way back leaves the values that @backfill gives to {id}."),
                        ),
                    );
                }
                recipe.extend(not_null::recipe(&table, id.own_name(), context));
            }
            ColumnChange::NotNull(false) => recipe.extend(takes_nulls(alter, id, context)),
            ColumnChange::Generated(None) => recipe.push(
                Draft::instant(Phase::Contract, alter)
                    .because("The old application relies on the value being computed; existing values stay."),
            ),
            ColumnChange::Generated(Some(generated)) => {
                let table_id = ObjectId::named(Kind::Table, &table);
                recipe.push(if context.server_version < 17 {
                    remake(id, context)
                } else if generated.r#virtual {
                    Draft::instant(Phase::Contract, alter)
                } else {
                    Draft::new(Phase::Contract, Class::Blocking, alter).hazard(
                        HazardKind::Rewrite,
                        &table_id,
                        format!("{table} is rewritten while reads and writes wait: the generated column is computed anew for every row."),
                    )
                });
            }
            ColumnChange::Identity { to: None, .. } => recipe.push(
                Draft::instant(Phase::Contract, alter)
                    .because("The old application may rely on the generated numbers."),
            ),
            ColumnChange::Identity {
                from: None,
                to: Some(identity),
            } => {
                alter.push(numbering::after_values(id, id, &identity.options));
                let mut draft = numbering::first_numbers(id, alter, Phase::Validate, context).because(
                    "An identity column must refuse nulls first, and its numbers go on after the largest one.",
                );
                draft.needs_not_null.push(id.clone());
                recipe.push(draft);
            }
            ColumnChange::Identity {
                from: Some(from),
                to: Some(to),
            } => {
                recipe.extend(numbering::identity_altered(id, from, to, alter, context));
            }
            ColumnChange::Storage(_)
            | ColumnChange::Compression(_)
            | ColumnChange::Statistics(_)
            | ColumnChange::Options { .. } => recipe.push(Draft::instant(Phase::Expand, alter)),
        }
    }
    recipe
}

/// Whether it says how values are kept and looked at, and nothing of the values.
fn is_setting(change: &Change) -> bool {
    matches!(
        change,
        Change::Column(
            ColumnChange::Storage(_)
                | ColumnChange::Compression(_)
                | ColumnChange::Statistics(_)
                | ColumnChange::Options { .. }
        )
    )
}

/// DROP NOT NULL goes down to partitions and children. Those that refuse nulls of their own do so again in the same transaction; before
/// PostgreSQL 18, where a constraint of their own stays, checks prove it without a scan.
fn takes_nulls(mut drop: Vec<Operation>, id: &ObjectId, context: &Context) -> Recipe {
    let heirs = context.schemas.desired.all_heirs(&id.qualified());
    let keeping: Vec<QualifiedName> = heirs
        .into_iter()
        .filter(|heir| keeps_not_null(heir, id.own_name(), context))
        .collect();
    let (mut before, mut after, mut proved) = (Recipe::new(), Recipe::new(), Vec::new());
    for heir in &keeping {
        let column = ObjectId::part(Kind::Column, heir, id.own_name());
        drop.push(Operation::alter(column.clone(), ColumnChange::NotNull(true)));
        if context.server_version < 18 {
            let nulls = not_null::nulls(heir, id.own_name(), context);
            let proof = not_null::proof_of(heir, id.own_name(), nulls, Phase::Expand);
            before.extend(proof.made);
            after.push(proof.dropped);
            proved.push(column);
        }
    }
    let drop = Draft {
        proves_not_null: proved,
        ..Draft::instant(Phase::Expand, drop)
    };
    let drop = match keeping.is_empty() {
        true => drop,
        false => drop.because("It goes down to the tables below; those that keep refusing nulls are told so at once."),
    };
    before.into_iter().chain([drop]).chain(after).collect()
}

/// Whether a partition or child that refuses nulls goes on to do so, of its own.
fn keeps_not_null(table: &QualifiedName, column: &Ident, context: &Context) -> bool {
    let own = context.schemas.desired.column(table, column);
    own.is_some_and(|own| own.not_null) && context.schemas.live.refuses_nulls(table, column)
}

/// Whether a column refuses nulls by a parent that gives that up: it is told so with the parent.
fn kept_below(id: &ObjectId, context: &Context) -> bool {
    let parents = context
        .schemas
        .live
        .table(&id.qualified())
        .into_iter()
        .flat_map(parents);
    let gives_up = |parent: &QualifiedName| {
        context.schemas.live.refuses_nulls(parent, id.own_name())
            && !context.schemas.desired.refuses_nulls(parent, id.own_name())
    };
    keeps_not_null(&id.qualified(), id.own_name(), context) && parents.into_iter().any(gives_up)
}

/// A column that cannot become the desired one: it is dropped and added, which loses what it holds unless it is generated.
pub fn replace(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    vec![remake(id, context).because(format!("PostgreSQL cannot change it in place: {why}."))]
}

/// DROP and ADD of a column in one transaction, with its constraints and indexes, and comments.
fn remake(id: &ObjectId, context: &Context) -> Draft {
    let table = id.qualified();
    let table_id = ObjectId::named(Kind::Table, &table);
    let mut operations = vec![Operation::drop(id.clone())];
    let desired = context.schemas.desired;
    let mut draft_hazards = Vec::new();
    // A table that comes to a parent has to have the parent's column, though it is not its own any more by then.
    let joins = context.schemas.live.handed_down(&table, id.own_name()).is_none();
    let column = match desired.get(id) {
        Some(Object::Column(column)) => Some(column.clone()),
        _ => context
            .desired_column(&table, id.own_name())
            .filter(|_| joins)
            .map(|above| above.below(&table)),
    };
    if let Some(column) = column {
        operations.push(Operation::create(column.clone()));
        operations.extend(super::satellites(id, context));
        let computed = column.generated.is_some();
        if let Some(Object::Column(live)) = context.schemas.live.get(id) {
            if live.generated.is_none() && !computed {
                draft_hazards.push((
                    HazardKind::DataLoss,
                    id.clone(),
                    format!("Every value of {} is lost.", id.own_name()),
                ));
            } else if live.generated.is_none() {
                draft_hazards.push((
                    HazardKind::DataLoss,
                    id.clone(),
                    format!("The values that {} holds are replaced by computed ones.", id.own_name()),
                ));
            }
        }
        if column.generated.as_ref().is_some_and(|generated| !generated.r#virtual)
            || column
                .default
                .as_ref()
                .is_some_and(|default| add_column::is_volatile(default, context))
        {
            draft_hazards.push((
                HazardKind::Rewrite,
                table_id,
                format!("{table} is rewritten while reads and writes wait."),
            ));
        }
    }
    for part in crate::refs::parts_of_column(context.schemas.live, id) {
        if let Some(object) = desired.get(&part) {
            operations.push(Operation::create(object.clone()));
            operations.extend(super::satellites(&part, context));
        }
    }
    let mut draft = Draft::new(Phase::Contract, Class::Blocking, operations);
    for (kind, object, explanation) in draft_hazards {
        draft = draft.hazard(kind, &object, explanation);
    }
    draft
}

/// Whether the live column is the only thing that makes the row valid without a value from the application.
pub fn needs_value(table: &crate::name::QualifiedName, column: &Ident, context: &Context) -> bool {
    context.live_column(table, column).is_some_and(|live| {
        live.not_null && live.default.is_none() && live.identity.is_none() && live.generated.is_none()
    })
}
