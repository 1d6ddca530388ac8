//! Composite types.
//!
//! **The danger.** Values change their shape for both applications at once, wherever rows and routines have the type; an attribute that is
//! dropped takes its values along, and no table is named by the statement.
//!
//! | the change | contract |
//! |---|---|
//! | new attributes at the end | with approval: ADD ATTRIBUTE |
//! | attributes gone | with approval: DROP ATTRIBUTE |
//! | attributes of another type, where no column has the type | with approval: ALTER ATTRIBUTE .. TYPE |
//!
//! Attributes that get another type or order where columns have the type: it is made anew beside them (see `twin`).

use crate::object::composite_type::CompositeChange;
use crate::object::{Change, ObjectId};
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::held;
use crate::plan::strategy::operations;
use crate::plan::{HazardKind, Phase};

/// Changes of a composite type that PostgreSQL has statements for.
pub fn alter(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let mut draft = Draft::instant(Phase::Contract, operations(id, changes)).hazard(
        HazardKind::BreaksOldApplication,
        id,
        "Values of the type change their shape at once for both applications.",
    );
    let gone = changes.iter().filter_map(|change| match change {
        Change::CompositeType(CompositeChange::Drop(attribute)) => Some(attribute),
        _ => None,
    });
    for attribute in gone {
        if let Some(column) = held::anywhere(&id.qualified(), context.schemas.live) {
            draft = draft.hazard(
                HazardKind::DataLoss,
                id,
                format!("Attribute {attribute} goes with its values, among others those in {column}."),
            );
        }
    }
    vec![draft]
}
