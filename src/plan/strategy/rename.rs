//! Declared renames.
//!
//! **The danger.** From the moment of the rename one of the two applications asks for a name that is not there.
//!
//! | what | expand | contract |
//! |---|---|---|
//! | table | rename and make a view under the old name, one transaction | drop the view |
//! | index, constraint | rename, instant; no query names them | |
//! | column | see `twin` | |
//! | label of an enumerated type | | rename, instant, with approval: deploy the new application together with it |
//! | column that cannot go through a twin, and everything else | | rename in place, with approval: deploy the new application together with it |
//!
//! **If it stops half-way**: each rename is one transaction.

use std::collections::BTreeMap;

use crate::expr::Query;
use crate::object::enum_type::EnumChange;
use crate::object::view::View;
use crate::object::{Change, Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::{HazardKind, Phase};

/// The recipe for one rename.
pub fn recipe(operation: &Operation, context: &Context) -> Recipe {
    if let Operation::Alter {
        id,
        change: Change::EnumType(EnumChange::RenameLabel { from, to }),
    } = operation
    {
        return vec![Draft::instant(Phase::Contract, vec![operation.clone()]).hazard(
            HazardKind::BreaksOldApplication,
            id,
            format!(
                "From here on every row says '{to}' and no query may say '{from}'; deploy the application that uses '{to}' together with this step."
            ),
        )];
    }
    let Operation::Rename { from, to } = operation else {
        return Recipe::new();
    };
    let rename = operation.clone();
    match from.kind {
        Kind::Index
        | Kind::Constraint
        | Kind::DomainConstraint
        | Kind::Trigger
        | Kind::Policy
        | Kind::Rule
        | Kind::Statistics => {
            vec![Draft::instant(Phase::Expand, vec![rename]).because("No query of an application names it.")]
        }
        Kind::Table if context.schemas.desired.relation(&from.qualified()).is_none() => {
            let mut options = BTreeMap::new();
            if context.server_version >= 15 {
                options.insert("security_invoker".to_string(), "true".to_string());
            }
            let view = View {
                name: from.qualified(),
                columns: Vec::new(),
                query: Query::new(format!("SELECT * FROM {}", to.qualified())),
                options,
                check_option: None,
                defaults: BTreeMap::new(),
                output: Vec::new(),
            };
            let view_id = ObjectId::named(Kind::View, &from.qualified());
            let mut operations = vec![rename, Operation::create(view)];
            // The old application goes on with the privileges it had.
            if let Some(crate::object::Object::Acl(acl)) = context.schemas.live.get(&ObjectId::satellite(Kind::Acl, to))
            {
                operations.push(Operation::put(crate::object::grant::Acl {
                    on: view_id.clone(),
                    grants: acl.grants.clone(),
                }));
            }
            vec![
                Draft::instant(Phase::Expand, operations)
                    .because("The view under the old name reads and writes the table for the old application."),
                Draft::instant(Phase::Contract, vec![Operation::drop(view_id)])
                    .because("Only the old application used the old name."),
            ]
        }
        _ => vec![Draft::instant(Phase::Contract, vec![rename]).hazard(
            HazardKind::BreaksOldApplication,
            to,
            format!(
                "From here on {from} is gone; deploy the application that uses {} together with this step.",
                to.own_name()
            ),
        )],
    }
}
