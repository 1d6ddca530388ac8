//! A contract that can be taken back: the shapes are swapped, a cool-down passes, and then the old shape goes.
//!
//! **What a strategy says**: which of its steps make ready, which one swaps, and which are for afterwards ([`Turn`]). In the swap it
//! sets aside what is of the old shape under its [`retired`] name, and lets a trigger give that shape what is written to the new one.
//!
//! **What is computed here**: the way back over the swap. Most of it is what undoes any other step. Three things would scan or
//! build under the locks of the swap, and are done around it instead: constraints come back NOT VALID and are validated afterwards,
//! a proof comes first where a column refuses nulls again, and the primary key comes back over a [`spare`] index that was built
//! before. Keys of the new shape are gone with it: the steps of validate that made them are to run again.

use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::{Change, Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::inverse::Way;
use crate::plan::strategy::helper_name;
use crate::plan::{Plan, Step};
use crate::schema::{Record, Schema};

/// Where a step stands to the cool-down of its plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// It has nothing to do with it.
    #[default]
    None,
    /// It makes ready for a swap: builds what the way back needs, and proves that both shapes hold the same.
    Ready,
    /// It swaps the shapes.
    Swap(Switch),
    /// It runs when the cool-down is over.
    After,
}

/// What else has to be known of a swap.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Switch {
    /// What must hold before the swap is taken back.
    #[serde(default)]
    pub lasting: Vec<Lasting>,
    /// Sequences that count the writes with which such rows came about.
    #[serde(default)]
    pub misfits: Vec<ObjectId>,
}

/// The old value is right in every row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lasting {
    /// A check for rows in which it is not.
    pub query: Operation,
    /// The constraint, not valid, that keeps such rows away from then on.
    pub rule: Constraint,
}

impl Turn {
    /// Whether it has nothing to do with a cool-down.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

impl Step {
    /// What is to be known of it where it swaps shapes.
    pub fn switch(&self) -> Option<&Switch> {
        match &self.turn {
            Turn::Swap(switch) => Some(switch),
            _ => None,
        }
    }
}

impl Plan {
    /// The steps that swap shapes.
    pub fn swaps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.switch().is_some())
    }
}

/// A time for readers, rounded up to whole seconds, and from an hour on to whole minutes: `1h 30m`.
pub(crate) fn words(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let seconds = match seconds {
        3600.. => seconds.div_ceil(60).saturating_mul(60),
        _ => seconds,
    };
    format!(
        "{:#}",
        SignedDuration::from_secs(seconds.try_into().unwrap_or(i64::MAX))
    )
}

/// The name of what is set aside.
pub fn retired(name: &Ident) -> Ident {
    Ident::new(helper_name(name.as_str(), "old"))
}

/// The name of the index over which a primary key comes back.
pub fn spare(constraint: &Constraint) -> QualifiedName {
    QualifiedName {
        namespace: constraint.table.namespace.clone(),
        name: Ident::new(helper_name(constraint.name.as_str(), "spare")),
    }
}

/// The way back over one operation of a swap, where it is another one than elsewhere.
pub(super) struct Part {
    /// What undoes it, in the transaction of the swap.
    pub(super) operations: Vec<Operation>,
    /// Done before, each alone, however often.
    pub(super) before: Vec<Operation>,
    /// Done afterwards, each alone, however often.
    pub(super) after: Vec<Operation>,
    /// What is not as it was.
    pub(super) spent: Vec<ObjectId>,
}

/// `was` holds what the operation touched, `after` is the schema behind it.
pub(super) fn part(operation: &Operation, was: &Record, after: &Schema) -> Option<Part> {
    match operation {
        Operation::Drop { id, .. } if id.kind == Kind::Constraint => match was.get(id)?.as_deref()? {
            Object::Constraint(constraint) => dropped(constraint, after),
            _ => None,
        },
        Operation::Alter {
            id,
            change: Change::Column(ColumnChange::NotNull(false)),
        } => Some(proved(id)),
        Operation::UseIndex { constraint, index } => Some(used(constraint, index, after)),
        _ => None,
    }
}

fn dropped(constraint: &Constraint, after: &Schema) -> Option<Part> {
    let id = constraint.id();
    match &constraint.rule {
        ConstraintRule::PrimaryKey(_) => {
            let index = spare(constraint);
            let spent = ObjectId::named(Kind::Index, &index);
            after.contains(&spent).then(|| Part {
                operations: vec![Operation::UseIndex {
                    constraint: constraint.clone(),
                    index: index.name,
                }],
                before: vec![],
                after: vec![],
                spent: vec![spent],
            })
        }
        ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. }
            if !constraint.not_valid && !constraint.not_enforced =>
        {
            let unchecked = Constraint {
                not_valid: true,
                ..constraint.clone()
            };
            Some(Part {
                operations: vec![Operation::create(unchecked)],
                before: vec![],
                after: vec![Operation::alter(id.clone(), ConstraintChange::Validate)],
                spent: vec![id],
            })
        }
        _ => None,
    }
}

/// A column refuses nulls again: while it is set aside, a check proves that it holds none.
fn proved(id: &ObjectId) -> Part {
    let aside = retired(id.own_name());
    let rule = ConstraintRule::Check {
        expr: Expr::new(format!("{aside} IS NOT NULL")),
        no_inherit: false,
    };
    let proof = proof_of(id);
    let check = Constraint {
        not_valid: true,
        ..Constraint::new(&id.qualified(), proof.own_name(), rule)
    };
    Part {
        operations: vec![
            Operation::alter(id.clone(), ColumnChange::NotNull(true)),
            Operation::drop(proof.clone()),
        ],
        before: vec![
            may_be_there(proof.clone()),
            Operation::create(check),
            Operation::alter(proof, ConstraintChange::Validate),
        ],
        after: vec![],
        spent: vec![],
    }
}

fn proof_of(column: &ObjectId) -> ObjectId {
    let name = Ident::new(helper_name(column.own_name().as_str(), "back"));
    ObjectId::part(Kind::Constraint, &column.qualified(), &name)
}

fn may_be_there(id: ObjectId) -> Operation {
    Operation::Drop {
        id,
        if_exists: true,
        cascade: false,
        concurrently: false,
        only: false,
    }
}

/// What a way back leaves that was cut off before its transaction: no surprise for the run after it.
pub(crate) fn left_over(steps: &[Step]) -> impl Iterator<Item = ObjectId> + '_ {
    let loosened = |operation: &Operation| match operation {
        Operation::Alter {
            id,
            change: Change::Column(ColumnChange::NotNull(false)),
        } => Some(proof_of(id)),
        _ => None,
    };
    steps
        .iter()
        .filter_map(move |step| Some((step, step.switch()?)))
        .flat_map(move |(step, switch)| {
            let rules = switch.lasting.iter().map(|lasting| lasting.rule.id());
            rules.chain(step.operations.iter().filter_map(loosened))
        })
}

/// A key goes with its index, and foreign keys that lean on it before.
fn used(constraint: &Constraint, index: &Ident, after: &Schema) -> Part {
    let columns = constraint.key().map(|key| &key.columns);
    let leaning = after.of_kind(Kind::Constraint).filter(|(_, object)| match object {
        Object::Constraint(Constraint {
            rule: ConstraintRule::ForeignKey(key),
            ..
        }) => key.references == constraint.table && Some(&key.referenced_columns) == columns,
        _ => false,
    });
    let mut spent: Vec<ObjectId> = leaning.map(|(id, _)| id.clone()).collect();
    let mut operations: Vec<Operation> = spent.iter().cloned().map(Operation::drop).collect();
    operations.push(Operation::drop(constraint.id()));
    let name = QualifiedName {
        namespace: constraint.table.namespace.clone(),
        name: index.clone(),
    };
    spent.push(ObjectId::named(Kind::Index, &name));
    Part {
        operations,
        before: vec![],
        after: vec![],
        spent,
    }
}

/// The whole way back: first what may hold it up, and the locks of the swap in its transaction.
pub(super) fn around(step: &Step, switch: &Switch, way: Way) -> Way {
    let locks = step
        .operations
        .iter()
        .filter(|operation| matches!(operation, Operation::Lock { .. }));
    let lasting = || switch.lasting.iter();
    let mut before: Vec<Operation> = lasting().map(|lasting| lasting.query.clone()).collect();
    before.extend(lasting().flat_map(|lasting| {
        let rule = Operation::create(lasting.rule.clone());
        [may_be_there(lasting.rule.id()), rule, lasting.query.clone()]
    }));
    let rules = lasting().map(|lasting| Operation::drop(lasting.rule.id()));
    Way {
        before: before.into_iter().chain(way.before).collect(),
        operations: locks.cloned().chain(rules).chain(way.operations).collect(),
        ..way
    }
}

/// What a reader should know of the cool-down.
pub(super) fn announced(steps: &[Step], time: Duration) -> String {
    let swaps: Vec<&str> = steps
        .iter()
        .filter(|step| step.switch().is_some())
        .map(|step| step.id.as_str())
        .collect();
    let after: Vec<&str> = steps
        .iter()
        .filter(|step| step.turn == Turn::After)
        .map(|step| step.id.as_str())
        .collect();
    format!(
        "Contract stops for {} behind {}: until then `pgphase rollback --to validate` swaps back, with every row that was written meanwhile; {} then take what is old away.",
        words(time),
        swaps.join(", "),
        after.join(", ")
    )
}
