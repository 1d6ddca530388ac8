//! Foreign tables with their columns and constraints.
//!
//! **The danger.** What PostgreSQL keeps of a foreign table is only a description: nothing is rewritten or scanned, no row is
//! lost with it. But the old application still asks for what is dropped, and does not know what is renamed.
//!
//! | what | phase | step |
//! |---|---|---|
//! | new column, constraint | expand | the plain statement |
//! | change | expand; contract where a column changes its type | the plain statement |
//! | gone | contract | DROP |
//!
//! **If it stops half-way**: each step is one transaction.

use crate::diff::Delta;
use crate::object::column::ColumnChange;
use crate::object::{Change, Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::Phase;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{operations, with_satellites};

/// Whether the object is a foreign table, or a column or constraint of one, before and after.
pub fn concerns(id: &ObjectId, context: &Context) -> bool {
    let part = matches!(id.kind, Kind::Table | Kind::Column | Kind::Constraint);
    let foreign = |schema: &crate::schema::Schema| schema.table(&id.qualified()).map(|table| table.foreign.is_some());
    let sides = [foreign(context.schemas.live), foreign(context.schemas.desired)];
    part && sides.contains(&Some(true)) && !sides.contains(&Some(false))
}

/// The recipe for a delta of a foreign table or of a part of one; none where the usual one fits.
pub fn recipe(delta: &Delta, context: &Context) -> Option<Recipe> {
    let id = delta.id();
    if !concerns(id, context) {
        return None;
    }
    let draft = match delta {
        Delta::Create(id) if id.kind != Kind::Table => {
            let object = context.schemas.desired.get(id)?;
            Draft::instant(Phase::Expand, with_satellites(object, context))
        }
        Delta::Alter(id, changes) if id.kind != Kind::Table => {
            let type_change = |change: &Change| matches!(change, Change::Column(ColumnChange::Type { .. }));
            let phase = if changes.iter().any(type_change) {
                Phase::Contract
            } else {
                Phase::Expand
            };
            Draft::instant(phase, operations(id, changes))
        }
        Delta::Drop(id) => Draft::instant(Phase::Contract, vec![Operation::drop(id.clone())])
            .because("Only its description goes: the rows are on the foreign server."),
        Delta::Replace(id, why) if id.kind == Kind::Constraint => {
            let object = context.schemas.desired.get(id)?;
            let mut all = vec![Operation::drop(id.clone())];
            all.extend(with_satellites(object, context));
            Draft::instant(Phase::Contract, all).because(format!("No ALTER exists: {why}."))
        }
        Delta::Create(_) | Delta::Alter(..) | Delta::Replace(..) => return None,
    };
    Some(vec![draft])
}
