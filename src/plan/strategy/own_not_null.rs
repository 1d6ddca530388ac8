//! Another type in place for a column that refuses nulls, since PostgreSQL 18, while a table below refuses them by itself.
//!
//! **The danger.** With the type PostgreSQL makes the not-null constraints anew, that of the parent first, and then finds in the other
//! table one under another name: `cannot create not-null constraint .. already exists for this column` (measured on 18.1).
//!
//! | phase | in the transaction of the change |
//! |---|---|
//! | contract | DROP NOT NULL of the parent, which leaves the others theirs; the type; SET NOT NULL, or ADD CONSTRAINT where it has a name of its own, which looks at every row |
//!
//! **Not used**, and the plan refused: where a primary key of the parent keeps it from accepting nulls, and where a table in the middle
//! refuses them by itself over one that does as well.
//! **If it stops half-way**: one transaction.

use crate::name::QualifiedName;
use crate::object::column::ColumnChange;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::{Change, Definition as _, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::strategy::satellites;

/// Puts around the change of a type what lets PostgreSQL make it.
pub(super) fn around(id: &ObjectId, change: Operation, context: &Context) -> Vec<Operation> {
    if !is_kept_below(id, context) {
        return vec![change];
    }
    let refuses = |refuses| Operation::alter(id.clone(), ColumnChange::NotNull(refuses));
    // DROP NOT NULL takes the name along, and what is tied to it.
    let desired = context.desired_column(&id.qualified(), id.own_name());
    let again = match named(&id.qualified(), id, context).next() {
        _ if !desired.is_some_and(|column| column.not_null) => Vec::new(),
        Some(named) => {
            let satellites = satellites(&named.id(), context);
            std::iter::once(Operation::create(named.clone()))
                .chain(satellites)
                .collect()
        }
        None => vec![refuses(true)],
    };
    [refuses(false), change].into_iter().chain(again).collect()
}

/// Whether the type of a column is changed while tables below refuse its nulls by constraints of their own.
pub(super) fn is_kept_below(id: &ObjectId, context: &Context) -> bool {
    let (table, name) = (id.qualified(), id.own_name());
    let hands_down = |column| context.schemas.live.hands_down_not_null(column);
    context.server_version >= 18
        && context.live_column(&table, name).is_some_and(hands_down)
        && context
            .schemas
            .live
            .all_heirs(&table)
            .iter()
            .any(|heir| has_own(heir, id, context))
}

/// The table that keeps a change of type in place from being made.
pub fn in_the_way(id: &ObjectId, changes: &[Change], context: &Context) -> Option<QualifiedName> {
    let is_type = |change: &Change| matches!(change, Change::Column(ColumnChange::Type { .. }));
    if !changes.iter().any(is_type) || !is_kept_below(id, context) {
        return None;
    }
    let (live, table) = (context.schemas.live, id.qualified());
    let below = live.all_heirs(&table);
    let is_middle = |heir: &&QualifiedName| {
        let mut under = live.all_heirs(heir).into_iter();
        has_own(heir, id, context) && under.any(|heir| has_own(&heir, id, context))
    };
    match in_key(&table, id, context) {
        true => Some(table),
        false => below.iter().find(is_middle).cloned(),
    }
}

/// Whether a table has a not-null constraint for the column that is not only the parent's: one under a name of its own, one with the
/// column that it declares, or a primary key.
fn has_own(heir: &QualifiedName, id: &ObjectId, context: &Context) -> bool {
    let live = context.schemas.live;
    let is_partition = live.table(heir).is_some_and(|table| table.partition_of.is_some());
    let declared = live
        .column(heir, id.own_name())
        .is_some_and(|own| !own.inherited && !own.not_null_of_parent.0);
    declared && !is_partition || named(heir, id, context).next().is_some() || in_key(heir, id, context)
}

/// The not-null constraints of a table for the column that have a name of their own.
fn named<'a>(table: &QualifiedName, id: &'a ObjectId, context: &Context<'a>) -> impl Iterator<Item = &'a Constraint> {
    let constraints = context.schemas.live.constraints(table);
    constraints.filter(
        |constraint| matches!(&constraint.rule, ConstraintRule::NotNull { column, .. } if column == id.own_name()),
    )
}

fn in_key(table: &QualifiedName, id: &ObjectId, context: &Context) -> bool {
    let key = context.schemas.live.primary_key(table);
    key.and_then(Constraint::key)
        .is_some_and(|key| key.columns.contains(id.own_name()))
}
