//! Declared renames.
//!
//! **The danger.** From the moment of the rename one of the two applications asks for a name that is not there.
//!
//! | what | expand | contract |
//! |---|---|---|
//! | table | rename and make a view under the old name, one transaction | drop the view |
//! | index | rename, instant; no query names it | |
//! | constraint | rename, instant, by its index where it has one; only `ON CONFLICT ON CONSTRAINT` and `SET CONSTRAINTS` name it, and errors tell its name | |
//! | key or index that goes, whose name another one takes | rename it out of the way, instant | it goes |
//! | column | see `twin` | |
//! | label of an enumerated type | | rename, instant, with approval: deploy the new application together with it |
//! | multirange type of a range type | | the same; it needs no hint, because the range type says whose it is |
//! | column that cannot go through a twin, and everything else | | rename in place, with approval: deploy the new application together with it |
//!
//! **If it stops half-way**: each rename is one transaction.

use std::collections::BTreeMap;

use crate::expr::Query;
use crate::object::column::ColumnChange;
use crate::object::enum_type::EnumChange;
use crate::object::grant::Acl;
use crate::object::owner::Owner;
use crate::object::range_type::RangeChange;
use crate::object::view::View;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::{Class, HazardKind, Phase};

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
    if let Operation::Alter {
        id,
        change: Change::RangeType(RangeChange::Multirange { from, to }),
    } = operation
    {
        return vec![Draft::instant(Phase::Contract, vec![operation.clone()]).hazard(
            HazardKind::BreaksOldApplication,
            id,
            format!(
                "From here on the type {from} is gone; deploy the application that uses {to} together with this step."
            ),
        )];
    }
    if let Operation::Alter {
        id,
        change:
            Change::Column(ColumnChange::Identity {
                from: Some(from),
                to: Some(_),
            }),
    } = operation
    {
        let sequence = from.sequence_of(id);
        return vec![
            Draft::instant(Phase::Contract, vec![operation.clone()])
                .because("A new table takes the name of the sequence, and comes before the old one goes.")
                .hazard(
                    HazardKind::BreaksOldApplication,
                    id,
                    format!("From here on whoever names {sequence} finds the numbers of another table."),
                ),
        ];
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
            let room = match to.own_name().is_helper() {
                true => "Its name is taken before it goes, and both stand until contract. ",
                false => "",
            };
            let said = match from.kind {
                Kind::Constraint => {
                    "No query of an application names it, but for ON CONFLICT ON CONSTRAINT and SET CONSTRAINTS, and errors tell its name: whoever says it or looks for it has to know both."
                }
                _ => "No query of an application names it.",
            };
            let why = format!("{room}{said}");
            vec![Draft::instant(Phase::Expand, vec![rename]).because(why)]
        }
        Kind::Table if context.schemas.desired.relation(&from.qualified()).is_none() => {
            table(rename, from, to, context)
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

/// What changes only the catalog of a column goes along with the rename of its table: afterwards the view under the old name would
/// keep it from that.
pub fn take_along(recipes: &mut [Recipe]) {
    let renamed: Vec<ObjectId> = recipes.iter().flatten().filter_map(stood_in_for).cloned().collect();
    for table in renamed {
        let is_type = |operation: &Operation| {
            let is_type = |change: &Change| matches!(change, Change::Column(ColumnChange::Type { .. }));
            matches!(operation, Operation::Alter { id, change } if is_type(change) && id.qualified() == table.qualified())
        };
        let is_quiet = |draft: &mut Draft| {
            let at_once = (draft.phase, draft.class) == (Phase::Expand, Class::Instant);
            at_once && draft.operations.iter().any(is_type)
        };
        let along = recipes.iter_mut().flat_map(|recipe| recipe.extract_if(.., is_quiet));
        let along: Vec<Operation> = along.flat_map(|draft| draft.operations).collect();
        let mut drafts = recipes.iter_mut().flatten();
        if let Some(rename) = drafts.find(|draft| stood_in_for(draft) == Some(&table)) {
            rename.operations.splice(1..1, along);
        }
    }
}

/// The table, under its new name, whose old name a view takes.
fn stood_in_for(draft: &Draft) -> Option<&ObjectId> {
    match draft.operations.as_slice() {
        [Operation::Rename { to, .. }, Operation::Create { .. }, ..] if to.kind == Kind::Table => Some(to),
        _ => None,
    }
}

/// A table is renamed, and a view under its old name stands in for it until contract.
fn table(rename: Operation, from: &ObjectId, to: &ObjectId, context: &Context) -> Recipe {
    let live = context.schemas.live;
    let columns = live.children(to).filter(|id| id.kind == Kind::Column);
    let columns: Vec<&ObjectId> = columns.collect();
    let acl = |id: &ObjectId| match live.get(&ObjectId::satellite(Kind::Acl, id)) {
        Some(Object::Acl(acl)) => Some(acl),
        _ => None,
    };
    let by_column = columns.iter().any(|id| acl(id).is_some());
    let policies = live.table(&to.qualified()).is_some_and(|table| table.row_security);
    // A view reads all columns of the table, so whoever may read only some needs the rights of the view's owner, which no policy
    // holds back.
    let by_invoker = context.server_version >= 15 && (policies || !by_column);
    let mut options = BTreeMap::new();
    if by_invoker {
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
    // The old application goes on with the privileges it had; an owner has its own without a grant.
    if let Some(Object::Owner(owner)) = live.get(&ObjectId::satellite(Kind::Owner, to)) {
        operations.push(Operation::put(Owner {
            on: view_id.clone(),
            role: owner.role.clone(),
        }));
    }
    let of_columns = columns
        .iter()
        .map(|id| (*id, ObjectId::part(Kind::Column, &from.qualified(), id.own_name())));
    for (of, on) in std::iter::once((to, view_id.clone())).chain(of_columns) {
        operations.extend(acl(of).map(|acl| Operation::put(Acl::of(on, acl.grants.clone()))));
    }
    let mut expand = Draft::instant(Phase::Expand, operations)
        .because("The view under the old name reads and writes the table for the old application.");
    if policies && !by_invoker {
        expand = expand.hazard(
            HazardKind::Access,
            to,
            format!(
                "PostgreSQL {} reads a view with the rights of its owner: through {} every row is seen, whatever the policies of the table say.",
                context.server_version,
                from.qualified()
            ),
        );
    }
    if policies && by_invoker && by_column {
        expand = expand.hazard(
            HazardKind::BreaksOldApplication,
            to,
            format!(
                "Roles that may read only some columns cannot read {} under its old name: its policies ask for a view with their own rights, and that reads all columns.",
                to.qualified()
            ),
        );
    }
    vec![
        expand,
        Draft::instant(Phase::Contract, vec![Operation::drop(view_id)])
            .because("Only the old application used the old name."),
    ]
}
