//! The laws that every plan obeys, checked before it is written.

use std::collections::HashSet;

use crate::diff::{Delta, diff};
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::{Comparison, Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::plan::fold::{FoldError, fold};
use crate::plan::inverse::way_back;
use crate::plan::{Class, HazardKind, LockMode, Phase, Plan, Step, Turn};
use crate::schema::Schema;

/// A law that a plan breaks; always a bug in pgphase.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A step finds the schema in a state it cannot work on.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// The steps do not lead to the desired schema.
    #[error("the plan would not reach the desired schema; it differs in: {0}")]
    Unreached(String),
    /// A scan, build or rewrite in one transaction with a strong lock, without approval.
    #[error("step {0} scans, builds or rewrites while it holds {1} on an existing relation")]
    LongLock(String, LockMode),
    /// A step comes before one of an earlier phase.
    #[error("step {0} comes after a step of a later phase")]
    PhaseOrder(String),
    /// Data is lost outside contract or without a hazard.
    #[error("step {0} loses {1}, but not in contract with a hazard")]
    SilentLoss(String, String),
    /// There is no way back before contract.
    #[error("step {0} has no way back: {1}")]
    NoWayBack(String, String),
    /// The way back from before contract leads elsewhere.
    #[error("the way back would not reach the schema of the beginning; it differs in: {0}")]
    LostWayBack(String),
    /// A step outside a transaction does more than one thing.
    #[error("step {0} runs outside a transaction and must be one operation")]
    NotAlone(String),
}

/// Checks every law that can be checked on the model.
pub fn check(plan: &Plan, live: &Schema, desired: &Schema) -> Result<(), Broken> {
    let mut phase = Phase::Expand;
    for step in &plan.steps {
        if step.phase < phase {
            return Err(Broken::PhaseOrder(step.id.clone()));
        }
        phase = step.phase;
        check_step(step)?;
    }
    check_way_back(plan, live)?;
    let reached = fold(live, &plan.steps)?;
    let differences = differences(reached, desired);
    if differences.is_empty() {
        Ok(())
    } else {
        Err(Broken::Unreached(differences.join("; ")))
    }
}

fn check_way_back(plan: &Plan, live: &Schema) -> Result<(), Broken> {
    let before = |step: &&Step| step.phase < Phase::Contract || plan.cool_down.is_some() && step.turn != Turn::After;
    let steps: Vec<&Step> = plan.steps.iter().filter(before).collect();
    let mut broken = None;
    let back = way_back(&steps, live, |step, inverse, _| {
        let told = step.hazards.iter().any(|hazard| hazard.kind == HazardKind::OneWay);
        if let (Err(why), false) = (inverse, told) {
            broken = Some(Broken::NoWayBack(step.id.clone(), why.clone()));
        }
    });
    if let Some(broken) = broken {
        return Err(broken);
    }
    let one_way = |step: &&Step| step.hazards.iter().any(|hazard| hazard.kind == HazardKind::OneWay);
    if steps.iter().any(one_way) {
        return Ok(());
    }
    let left: Vec<String> = diff(Pair::new(live, &back))
        .into_iter()
        .filter(|delta| !may_stay(delta, live, &back))
        .map(|delta| format!("{}", delta.id()))
        .collect();
    if left.is_empty() {
        Ok(())
    } else {
        Err(Broken::LostWayBack(left.join(", ")))
    }
}

/// Whether the difference is one that stays after the way back.
pub(crate) fn may_stay(delta: &Delta, live: &Schema, back: &Schema) -> bool {
    match (live.get(delta.id()), back.get(delta.id())) {
        (Some(Object::EnumType(_)), Some(_)) => true,
        (Some(Object::Constraint(before)), Some(Object::Constraint(after))) => {
            before.rule == after.rule && before.not_enforced == after.not_enforced
        }
        (Some(Object::DomainConstraint(before)), Some(Object::DomainConstraint(after))) => before.check == after.check,
        // What the beginning does not say of it, it does not take back.
        (Some(before @ Object::Subscription(_)), Some(after)) => matches!(after.compare(before), Comparison::Same),
        // A partitioned index that has become complete stays so.
        (Some(Object::Index(before)), Some(Object::Index(after))) => after.attached_to.is_some() || before.invalid,
        // A partition's own variant of a column is the parent's column again.
        (None, Some(Object::Column(_))) => true,
        // What a not-null constraint that was not valid says of its column stays with it.
        (Some(Object::Column(before)), Some(Object::Column(after))) => {
            let with_it = Column {
                not_null: true,
                ..before.clone()
            };
            *after == with_it && is_validated(before, live)
        }
        // So is a check that a child came to declare.
        (None, Some(Object::Constraint(check))) => live.inherits_check(check),
        _ => false,
    }
}

/// Whether a not-null constraint of the column, or of that of a parent, is not valid.
fn is_validated(column: &Column, live: &Schema) -> bool {
    let above = live.ancestors(&column.table);
    let of_column = |constraint: &Constraint| {
        constraint.not_valid
            && matches!(&constraint.rule, ConstraintRule::NotNull { column: of, .. } if *of == column.name)
    };
    std::iter::once(&column.table)
        .chain(&above)
        .any(|table| live.constraints(table).any(of_column))
}

fn check_step(step: &Step) -> Result<(), Broken> {
    let facts = &step.facts;
    let strongest = facts.strongest().unwrap_or(LockMode::AccessShare);
    if step.class.in_transaction()
        && step.class != Class::Blocking
        && facts.grows()
        && strongest >= LockMode::ShareRowExclusive
    {
        return Err(Broken::LongLock(step.id.clone(), strongest));
    }
    if !facts.loses.is_empty() {
        let named = step.hazards.iter().any(|hazard| {
            matches!(
                hazard.kind,
                HazardKind::DataLoss | HazardKind::OldShape | HazardKind::Rewrite
            )
        });
        if step.phase != Phase::Contract || !named {
            return Err(Broken::SilentLoss(step.id.clone(), facts.loses.clone()));
        }
    }
    if !step.class.in_transaction() && step.operations.len() != 1 {
        return Err(Broken::NotAlone(step.id.clone()));
    }
    Ok(())
}

/// What differs between the schema reached and the desired one, in words; empty when they are the same.
pub fn differences(mut reached: Schema, desired: &Schema) -> Vec<String> {
    // What a table declared itself stays declared by it; it is the parent's all the same.
    let no_more_said: HashSet<ObjectId> = [Kind::Column, Kind::Constraint]
        .into_iter()
        .flat_map(|kind| reached.of_kind(kind))
        .filter(|(id, _)| !desired.contains(id))
        .map(|(id, _)| id.clone())
        .collect();
    reached.drop_inherited_of(&no_more_said);
    settle_side_effects(&mut reached, desired);
    diff(Pair::new(&reached, desired))
        .into_iter()
        .filter(|delta| !made_with_parent(delta, desired))
        .map(|delta| match delta {
            Delta::Create(id) => format!("{id} is missing"),
            Delta::Drop(id) => format!("{id} is left"),
            Delta::Alter(id, changes) => format!("{id} would still change: {changes:?}"),
            Delta::Replace(id, why) => format!("{id}: {why}"),
        })
        .collect()
}

/// Whether it is the index of a partition that PostgreSQL makes with the index of the parent.
fn made_with_parent(delta: &Delta, desired: &Schema) -> bool {
    match (delta, desired.get(delta.id())) {
        (Delta::Create(_), Some(Object::Index(index))) => index.attached_to.is_some(),
        _ => false,
    }
}

/// Things that PostgreSQL makes on its own and the files do not speak of: indexes of partitions under an index of their
/// parent.
fn settle_side_effects(reached: &mut Schema, desired: &Schema) {
    let made: Vec<ObjectId> = reached
        .of_kind(Kind::Index)
        .filter(|(id, object)| match object {
            Object::Index(index) => index.attached_to.is_some() && !desired.contains(id),
            _ => false,
        })
        .map(|(id, _)| id.clone())
        .collect();
    for id in made {
        reached.remove(&id);
    }
    // PostgreSQL attaches what it finds to fit, whether the files say so or not.
    reached.change_all(|object| {
        let id = object.id();
        match (object, desired.get(&id)) {
            (Object::Index(have), Some(Object::Index(want))) if want.attached_to.is_none() => have.attached_to = None,
            (Object::Constraint(have), Some(Object::Constraint(want))) if want.attached_to.is_none() => {
                have.attached_to = None;
            }
            _ => {}
        }
    });
}
