//! Another type in place for a column that refuses nulls, since PostgreSQL 18, while a table below refuses them by itself.
//!
//! **The danger.** With the type PostgreSQL makes the not-null constraints anew, that of the parent first, and then finds in the other
//! table one under another name: `cannot create not-null constraint .. already exists for this column` (measured on 18.1).
//!
//! | phase | in the transaction of the change |
//! |---|---|
//! | contract | DROP NOT NULL of the parent, which leaves the others theirs; the type; SET NOT NULL, which looks at every row |
//!
//! **Not used**, and the plan refused: where a primary key of the parent keeps it from accepting nulls, and where a table in the middle
//! refuses them by itself over one that does as well.
//! **If it stops half-way**: one transaction.

use crate::name::QualifiedName;
use crate::object::column::ColumnChange;
use crate::object::constraint::Constraint;
use crate::object::{Change, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;

/// Puts around the change of a type what lets PostgreSQL make it.
pub(super) fn around(id: &ObjectId, change: Operation, context: &Context) -> Vec<Operation> {
    let refuses = |refuses| Operation::alter(id.clone(), ColumnChange::NotNull(refuses));
    match is_kept_below(id, context) {
        true => vec![refuses(false), change, refuses(true)],
        false => vec![change],
    }
}

/// Whether the type of a column is changed while tables below refuse its nulls by constraints of their own.
pub(super) fn is_kept_below(id: &ObjectId, context: &Context) -> bool {
    let refuses = |column: Option<&crate::object::column::Column>| column.is_some_and(|column| column.not_null);
    let (table, name) = (id.qualified(), id.own_name());
    context.server_version >= 18
        && refuses(context.live_column(&table, name))
        && refuses(context.desired_column(&table, name))
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

/// Whether a table has a not-null constraint for the column that is not only the parent's: it declares the column, or has a primary key.
fn has_own(heir: &QualifiedName, id: &ObjectId, context: &Context) -> bool {
    let live = context.schemas.live;
    let is_partition = live.table(heir).is_some_and(|table| table.partition_of.is_some());
    let declared = live.column(heir, id.own_name()).is_some_and(|own| !own.inherited);
    declared && !is_partition || in_key(heir, id, context)
}

fn in_key(table: &QualifiedName, id: &ObjectId, context: &Context) -> bool {
    let key = context.schemas.live.primary_key(table);
    key.and_then(Constraint::key)
        .is_some_and(|key| key.columns.contains(id.own_name()))
}
