//! Changes of a table itself.
//!
//! | the change | phase | how |
//! |---|---|---|
//! | storage parameters, replica identity | expand | instant |
//! | row security enabled or forced | validate | rows become invisible to whom no policy lets in: never in expand |
//! | row security disabled | contract | with approval: access widens |
//! | attach a partition, inherit | validate | in place; the new partition is scanned, with approval |
//! | detach a partition, stop inheriting | contract | instant |
//! | unlogged, access method, tablespace | contract | in place, with approval: the table is rewritten or copied |

use crate::name::QualifiedName;
use crate::object::table::TableChange;
use crate::object::{Change, Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::operations;
use crate::plan::{Class, HazardKind, Phase};

/// The recipe for the changes of one table.
pub fn alter(id: &ObjectId, changes: &[Change], context: &Context) -> Recipe {
    let table = id.qualified();
    changes
        .iter()
        .filter_map(|change| {
            let Change::Table(kind) = change else { return None };
            let alter = operations(id, std::slice::from_ref(change));
            Some(match kind {
                TableChange::Unlogged(_) | TableChange::AccessMethod(_) => {
                    Draft::new(Phase::Contract, Class::Blocking, alter).hazard(
                        HazardKind::Rewrite,
                        id,
                        format!("{table} and its indexes are rewritten while reads and writes wait."),
                    )
                }
                TableChange::Tablespace(_) => Draft::new(Phase::Contract, Class::Blocking, alter).hazard(
                    HazardKind::Rewrite,
                    id,
                    format!("{table} is copied while reads and writes wait."),
                ),
                TableChange::Attach(of) => Draft::new(Phase::Validate, Class::Blocking, alter).hazard(
                    HazardKind::BlockingScan,
                    id,
                    format!(
                        "Reads and writes of {table} wait while its rows are checked against the bound in {}.",
                        of.parent
                    ),
                ),
                TableChange::Inherit(_) => Draft::instant(Phase::Validate, alter),
                TableChange::Detach { parent, .. } | TableChange::NoInherit(parent) => {
                    let mut draft = Draft::instant(Phase::Contract, alter).hazard(
                        HazardKind::BreaksOldApplication,
                        id,
                        format!("The rows of {table} are no longer seen through its parent."),
                    );
                    for column in came_with_parent(&table, parent, context) {
                        draft = draft.hazard(
                            HazardKind::DataLoss,
                            &column,
                            format!("{column} came with the parent's; what was written to it is lost."),
                        );
                        draft.operations.push(Operation::drop(column));
                    }
                    draft
                }
                TableChange::RowSecurity(true) | TableChange::ForceRowSecurity(true) => {
                    Draft::instant(Phase::Validate, alter)
                        .because("From here on rows are visible only through policies, so it comes after them.")
                }
                TableChange::RowSecurity(false) | TableChange::ForceRowSecurity(false) => {
                    Draft::instant(Phase::Contract, alter).hazard(
                        HazardKind::Access,
                        id,
                        format!("Policies no longer protect the rows of {table}."),
                    )
                }
                TableChange::Options { .. }
                | TableChange::ForeignOptions(_)
                | TableChange::ReplicaIdentity(_)
                | TableChange::OfType(_) => Draft::instant(Phase::Expand, alter),
            })
        })
        .collect()
}

/// Columns that the parent gets before the table leaves it, and that the table shall not have.
fn came_with_parent(table: &QualifiedName, parent: &QualifiedName, context: &Context) -> Vec<ObjectId> {
    let desired = context.schemas.desired;
    let own = desired.all_columns(table);
    desired
        .all_columns(parent)
        .into_iter()
        .filter(|column| {
            context.live_column(parent, &column.name).is_none() && own.iter().all(|kept| kept.name != column.name)
        })
        .map(|column| ObjectId::part(Kind::Column, table, &column.name))
        .collect()
}
