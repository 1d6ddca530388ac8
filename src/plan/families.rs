//! What PostgreSQL has no statement for in a family of tables.

use crate::diff::Delta;
use crate::name::QualifiedName;
use crate::object::column::{Column, ColumnChange};
use crate::object::{Change, Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::refuse::PlanError;
use crate::plan::strategy::{Effort, type_effort_on};

/// What is refused of tables that have parents.
pub(super) fn alike(deltas: &[Delta], renames: &[Operation], context: &Context) -> Result<(), PlanError> {
    own_settings(deltas, renames, context)?;
    levels_of_expressions(deltas, context)
}

/// No table comes with something of its own for a column that its parent has in another form until contract: by then it would have
/// the parent's, and what it has of its own fits only the new form.
fn own_settings(deltas: &[Delta], renames: &[Operation], context: &Context) -> Result<(), PlanError> {
    let comes = deltas.iter().filter_map(|delta| match delta {
        Delta::Create(id) if id.kind == Kind::Table => Some(id.qualified()),
        _ => None,
    });
    for table in comes {
        let mut columns = context.schemas.desired.columns(&table);
        let above = context.schemas.desired.ancestors(&table);
        let changing = |own: &&Column| above.iter().any(|parent| changes(parent, own, renames, context));
        if let Some(own) = columns.find(changing) {
            return Err(PlanError::OwnSetting {
                column: ObjectId::part(Kind::Column, &table, &own.name),
            });
        }
    }
    Ok(())
}

/// Whether a table has the column now, and gets it with another name, or with a type that is more than the catalog's.
fn changes(table: &QualifiedName, column: &Column, renames: &[Operation], context: &Context) -> bool {
    let id = ObjectId::part(Kind::Column, table, &column.name);
    let is_renamed = |rename: &Operation| matches!(rename, Operation::Rename { to, .. } if *to == id);
    let before = context.schemas.live.column(table, &column.name);
    let after = context.schemas.desired.column(table, &column.name);
    let retyped = before.zip(after).is_some_and(|(before, after)| {
        let same_collation = before.collation == after.collation;
        let is_same = before.type_name == after.type_name && same_collation;
        !is_same && type_effort_on(before, &after.type_name, same_collation, context) != Effort::Catalog
    });
    retyped || renames.iter().any(is_renamed)
}

/// No expression goes from a generated column of three levels (tried on 15: `ALTER TABLE / DROP EXPRESSION must be applied to
/// child tables too`).
fn levels_of_expressions(deltas: &[Delta], context: &Context) -> Result<(), PlanError> {
    let is_dropped = |change: &Change| matches!(change, Change::Column(ColumnChange::Generated(None)));
    for delta in deltas {
        let Delta::Alter(column, changes) = delta else { continue };
        let table = column.qualified();
        let schemas = [context.schemas.live, context.schemas.desired];
        let mut children = schemas.iter().flat_map(|schema| schema.heirs(&table));
        let grown = |child: &QualifiedName| schemas.iter().any(|schema| schema.heirs(child).next().is_some());
        if let Some(child) = children.find(|child| changes.iter().any(is_dropped) && grown(&child.name)) {
            return Err(PlanError::DeepExpression {
                column: column.clone(),
                child: child.name.clone(),
            });
        }
    }
    Ok(())
}
