//! A collation that has to be made anew.
//!
//! **The danger.** PostgreSQL refuses to drop a collation that columns use; a column that gets another collation has its
//! indexes rebuilt under ACCESS EXCLUSIVE.
//!
//! | phase | step |
//! |---|---|
//! | contract, with approval | one transaction: rename the old collation, make the new one, give it to the columns, drop the old one |
//!
//! **When it is not needed**: no column uses it; then it is dropped and made anew.
//!
//! **If it stops half-way**: one transaction, so everything is as before.

use crate::name::Ident;
use crate::object::column::ColumnChange;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::{rebuild, with_satellites};
use crate::plan::{HazardKind, Phase};

/// The recipe for a collation that is made anew.
pub fn replace(id: &ObjectId, why: &str, context: &Context) -> Recipe {
    let columns = columns(id, context);
    let Some(desired) = context.schemas.desired.get(id) else {
        return Recipe::new();
    };
    if columns.is_empty() {
        return rebuild::alone(id, why, context);
    }
    let mut old = id.clone();
    old.name = Ident::new(format!("pgphase_old_{}", id.name.as_str()));
    let mut operations = vec![Operation::Rename {
        from: id.clone(),
        to: old.clone(),
    }];
    operations.extend(with_satellites(desired, context));
    for column in &columns {
        if let Some(Object::Column(found)) = context.schemas.live.get(column) {
            operations.push(Operation::alter(
                column.clone(),
                ColumnChange::Type {
                    type_name: found.type_name.clone(),
                    collation: found.collation.clone(),
                    using: None,
                },
            ));
        }
    }
    operations.push(Operation::drop(old));
    let draft = Draft::new(Phase::Contract, crate::plan::Class::Blocking, operations)
        .because(format!("No ALTER exists: {why}."))
        .hazard(
            HazardKind::BreaksOldApplication,
            id,
            "The columns that use it compare and sort in another way from here on; their indexes are rebuilt.",
        );
    vec![draft]
}

/// The live columns with this collation.
fn columns(id: &ObjectId, context: &Context) -> Vec<ObjectId> {
    let uses = |object: &Object| match object {
        Object::Column(column) => column.collation.as_ref() == Some(&id.qualified()),
        _ => false,
    };
    let live = context.schemas.live.of_kind(Kind::Column);
    live.filter(|(_, object)| uses(object))
        .map(|(id, _)| id.clone())
        .collect()
}
