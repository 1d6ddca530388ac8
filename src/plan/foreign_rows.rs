//! Rows that are on another server: the plan cannot fill them as it fills its own.
//!
//! PostgreSQL knows neither the pages nor a key of a foreign table (PostgreSQL documentation, CREATE FOREIGN TABLE: constraints are not
//! enforced, and there are no unique ones), so there is nothing to cut batches by, and no lock, constraint or proof here
//! holds for rows that others write there.

use crate::attach::partitions;
use crate::diff::Delta;
use crate::operation::Operation;
use crate::plan::Step;
use crate::plan::context::Context;
use crate::plan::refuse::PlanError;
use crate::plan::strategy::concerns_foreign_table;
use crate::schema::Schema;

/// A value for the rows of a foreign table is refused.
pub(super) fn refuse(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    let hints = &context.wishes.backfill;
    let mut changed = deltas.iter().map(Delta::id);
    match changed.find(|id| hints.contains_key(id) && concerns_foreign_table(id, context)) {
        Some(id) => Err(PlanError::ForeignRows { column: id.clone() }),
        None => Ok(()),
    }
}

/// What is told of foreign partitions that a backfill comes to.
pub(super) fn notes(steps: &[Step], live: &Schema) -> Vec<String> {
    let filled = steps
        .iter()
        .flat_map(|step| &step.operations)
        .filter_map(|operation| match operation {
            Operation::Backfill { table, .. } => Some(table),
            _ => None,
        });
    let mut notes: Vec<String> = Vec::new();
    for table in filled {
        for part in partitions(live, table) {
            if live.table(&part).is_some_and(|table| table.foreign.is_some()) {
                let note = format!(
                    "The rows of foreign table {part} are filled in one statement, which its server runs as one transaction: add the column there first. Phase files that are run with psql leave these rows out."
                );
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
    }
    notes
}
