//! A partition leaves its parent while both are used.
//!
//! **The danger.** Plainly, DETACH takes ACCESS EXCLUSIVE on the parent: whoever reads or writes any partition waits, and so does the
//! DETACH for all of them.
//!
//! | phase | step |
//! |---|---|
//! | contract | DETACH PARTITION .. CONCURRENTLY, outside a transaction: the parent is not locked against reads or writes |
//! | contract | the check that it leaves on the table goes, and the keys that the table keeps get their names; or the table is dropped |
//! | contract | before PostgreSQL 15: a foreign key to a partitioned table, which goes with the parent, comes again NOT VALID with that; VALIDATE |
//!
//! **Not used**, as PostgreSQL refuses it or blocks all the same: where the parent has a default partition, where others reference the
//! parent by a foreign key, where a bound is of a hash or over an expression. Then ACCESS EXCLUSIVE for a moment, in one transaction.
//! **If it stops half-way**: the rows are no longer seen through the parent, and the table is still its partition. The next run ends it
//! with DETACH PARTITION .. FINALIZE. A new plan does so first, in expand.

use crate::attach;
use crate::name::QualifiedName;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::{PartitionBound, TableChange};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::constraint;
use crate::plan::{Class, Phase};

/// The first step, and what takes away the check that it leaves; none where the parent has to be locked.
pub fn concurrently(table: &QualifiedName, parent: &QualifiedName, context: &Context) -> Option<(Draft, Operation)> {
    let live = context.schemas.live;
    let pending = live.table(table)?.partition_of.as_ref()?.detach_pending;
    if !pending && !may_be_concurrent(parent, context) {
        return None;
    }
    let left = attach::told_by_bounds(live, table)?;
    let detach = TableChange::Detach {
        parent: parent.clone(),
        concurrently: true,
    };
    let (phase, why) = if pending {
        (
            Phase::Expand,
            "It was cut off when it was begun: the rows are no longer seen, and nothing else of the table can be changed before.",
        )
    } else {
        (
            Phase::Contract,
            "Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.",
        )
    };
    let draft = Draft::new(
        phase,
        Class::Concurrent,
        vec![Operation::alter(ObjectId::named(Kind::Table, table), detach)],
    )
    .because(why);
    let drop = Operation::Drop {
        id: ObjectId::part(Kind::Constraint, table, &left.name),
        // PostgreSQL leaves none where another check says the same.
        if_exists: true,
        cascade: false,
        concurrently: false,
        only: false,
    };
    Some((draft, drop))
}

fn may_be_concurrent(parent: &QualifiedName, context: &Context) -> bool {
    let live = context.schemas.live;
    let has_default = live.heirs(parent).any(|heir| {
        heir.partition_of
            .as_ref()
            .is_some_and(|of| of.bound == PartitionBound::Default)
    });
    let up = |name: &QualifiedName| live.table(name)?.partition_of.as_ref().map(|of| of.parent.clone());
    let above: Vec<QualifiedName> = std::iter::successors(Some(parent.clone()), up).collect();
    let is_referenced = live.of_kind(Kind::Constraint).any(|(_, object)| match object {
        Object::Constraint(constraint) => {
            matches!(&constraint.rule, ConstraintRule::ForeignKey(key) if above.contains(&key.references))
        }
        _ => false,
    });
    !has_default && !is_referenced
}

/// Whether PostgreSQL takes a foreign key away with the parent that it came from: before 15 it does so where a partitioned table is
/// referenced (measured on 14.23).
pub fn is_lost(kept: &Constraint, context: &Context) -> bool {
    let refers = |key: &QualifiedName| {
        let table = context.schemas.live.table(key);
        table.is_some_and(|table| table.partition_by.is_some())
    };
    context.server_version < 15 && matches!(&kept.rule, ConstraintRule::ForeignKey(key) if refers(&key.references))
}

/// How a table gets the foreign keys again that PostgreSQL takes away with the parent.
#[derive(Default)]
pub struct Again {
    /// NOT VALID, in the transaction after the detachment.
    pub at_once: Vec<Operation>,
    /// What proves them.
    pub later: Recipe,
}

/// The foreign keys that a partition loses, and shall have for its own.
pub fn given_again(table: &QualifiedName, context: &Context) -> Again {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let mut again = Again::default();
    for kept in attach::kept_when_detached(live, table) {
        let own = desired
            .constraints(table)
            .find(|own| attach::same_rule(&kept.rule, &own.rule));
        let Some(own) = own.filter(|_| is_lost(&kept, context)) else {
            continue;
        };
        for mut draft in constraint::add(own, context) {
            draft.phase = Phase::Contract;
            match draft.class {
                Class::Check => {}
                Class::Instant if again.later.is_empty() => again.at_once.extend(draft.operations),
                _ => again.later.push(draft),
            }
        }
    }
    again
}

/// The end of what a partition keeps of its parents' when it is detached. A foreign key that goes from the parent may be gone by then.
pub fn drop_kept(table: &QualifiedName, kept: &Constraint, context: &Context) -> Operation {
    let Pair { live, desired } = context.schemas;
    let above = live.ancestors(table);
    let mut left = above.iter().flat_map(|parent| desired.constraints(parent));
    let is_key = matches!(kept.rule, ConstraintRule::ForeignKey(_));
    let goes = is_key && !left.any(|parent| attach::same_rule(&parent.rule, &kept.rule));
    Operation::Drop {
        id: ObjectId::part(Kind::Constraint, table, &kept.name),
        if_exists: goes || is_lost(kept, context),
        cascade: false,
        concurrently: false,
        only: false,
    }
}
