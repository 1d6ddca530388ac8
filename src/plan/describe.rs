//! What a step does, in a few words.

use crate::object::column::ColumnChange;
use crate::object::constraint::ConstraintChange;
use crate::object::domain::DomainConstraintChange;
use crate::object::enum_type::EnumChange;
use crate::object::grant::AclChange;
use crate::object::range_type::RangeChange;
use crate::object::table::TableChange;
use crate::object::{Change, Kind};
use crate::operation::Operation;
use crate::render::target::role;

/// A title for a step with these operations.
pub fn title(operations: &[Operation]) -> String {
    let mut main: Vec<&Operation> = operations
        .iter()
        .filter(|operation| !matches!(operation, Operation::Lock { .. }))
        .collect();
    // A check among changes is there for their sake.
    let is_check = |operation: &&Operation| matches!(operation, Operation::Check { .. });
    if !main.iter().all(is_check) {
        main.retain(|operation| !is_check(operation));
    }
    let Some(first) = main.first() else {
        return "nothing".into();
    };
    if let Operation::Create { object, .. } = first {
        let id = object.id();
        let own = |operation: &&&Operation| {
            operation.subject().is_some_and(|subject| {
                let subject = subject.subject().clone();
                subject == id || subject.qualified() == id.qualified() || matches!(operation, Operation::Create { object, .. } if object.parent().is_some_and(|parent| parent.qualified() == id.qualified()))
            })
        };
        if main.iter().filter(own).count() == main.len() {
            return describe(first);
        }
    }
    let mut titles: Vec<String> = Vec::new();
    for operation in &main {
        let satellite = operation.subject().is_some_and(|subject| subject.kind.is_satellite());
        if !satellite || main.len() == 1 {
            titles.push(describe(operation));
        }
    }
    titles.dedup();
    match titles.len() {
        0 => describe(first),
        1..=3 => titles.join("; "),
        more => format!("{}; {} more changes", titles[..2].join("; "), more - 2),
    }
}

/// One operation.
pub fn describe(operation: &Operation) -> String {
    match operation {
        Operation::Create {
            object, concurrently, ..
        } => {
            let id = object.id();
            let how = if *concurrently { " concurrently" } else { "" };
            match (id.kind, object) {
                (Kind::SecurityLabel, _) => format!("{id}"),
                (Kind::Comment, _) => format!("comment on {}", id.subject()),
                (Kind::Owner, crate::object::Object::Owner(owner)) => {
                    format!("owner of {} to {}", id.subject(), role(&owner.role))
                }
                (Kind::Acl, _) => format!("privileges on {}", id.subject()),
                (Kind::Column | Kind::Constraint | Kind::DomainConstraint, _) => format!("add {id}{how}"),
                _ => format!("create {id}{how}"),
            }
        }
        Operation::Drop { id, concurrently, .. } => {
            format!("drop {id}{}", if *concurrently { " concurrently" } else { "" })
        }
        Operation::Rename { from, to } => format!("rename {from} to {}", to.own_name()),
        Operation::UseIndex { constraint, index } => {
            format!(
                "add constraint {}.{} using index {index}",
                constraint.table, constraint.name
            )
        }
        Operation::Extend { index, key } => match key {
            Some(key) => format!(
                "extend constraint {}.{} to partitions that have come",
                key.table, key.name
            ),
            None => format!("extend index {} to partitions that have come", index.name),
        },
        Operation::Backfill { table, set, .. } => {
            format!(
                "backfill {table} ({})",
                crate::sql::list(set.iter().map(|(column, _)| column))
            )
        }
        Operation::CopyRows { from, to, .. } => format!("copy the rows of {from} to {to}"),
        Operation::Check { table, problem, .. } => format!("check that no rows of {table} {problem}"),
        Operation::StartAfter { sequence, column, .. } if sequence == column => {
            format!("let the identity of {column} start after its values")
        }
        Operation::StartAfter { sequence, column, .. } => {
            format!("let {sequence} start after the values of {column}")
        }
        Operation::Count { from, to } => format!("let {to} count on from {from}"),
        Operation::Lock { tables, mode } => format!("lock {} in {mode} mode", crate::sql::list(tables)),
        Operation::Alter { id, change } => {
            let subject = id.subject();
            match change {
                Change::Column(change) => match change {
                    ColumnChange::Type { type_name, .. } => format!("change type of {id} to {type_name}"),
                    ColumnChange::Default(Some(_)) => format!("set default of {id}"),
                    ColumnChange::Default(None) => format!("drop default of {id}"),
                    ColumnChange::NotNull(true) => format!("set {id} not null"),
                    ColumnChange::NotNull(false) => format!("drop not null of {id}"),
                    ColumnChange::Generated(None) => format!("drop expression of {id}"),
                    ColumnChange::Identity { to: None, .. } => format!("drop identity of {id}"),
                    ColumnChange::Identity { .. } => format!("set identity of {id}"),
                    _ => format!("alter {id}"),
                },
                Change::Constraint(ConstraintChange::Validate)
                | Change::DomainConstraint(DomainConstraintChange::Validate) => format!("validate {id}"),
                Change::EnumType(EnumChange::AddLabel { label, .. }) => format!("add value '{label}' to {id}"),
                Change::EnumType(EnumChange::RenameLabel { from, to }) => {
                    format!("rename value '{from}' of {id} to '{to}'")
                }
                Change::RangeType(RangeChange::Multirange { from, to }) => {
                    format!("rename the multirange type {from} of {id} to {to}")
                }
                Change::Table(TableChange::Attach(of)) => format!("attach {id} to {}", of.parent),
                Change::Table(TableChange::Detach { parent, concurrently }) => {
                    let how = if *concurrently { " concurrently" } else { "" };
                    format!("detach {id} from {parent}{how}")
                }
                Change::Table(TableChange::Declare) => format!("let {id} declare what it inherits"),
                Change::Table(TableChange::Unlogged(true)) => format!("set {id} unlogged"),
                Change::Table(TableChange::Unlogged(false)) => format!("set {id} logged"),
                Change::Table(TableChange::AccessMethod(method)) => {
                    let method = method.as_ref().map_or("heap".to_owned(), ToString::to_string);
                    format!("set the access method of {id} to {method}")
                }
                Change::Table(TableChange::Tablespace(tablespace)) => {
                    let tablespace = tablespace.as_ref().map_or("pg_default".to_owned(), ToString::to_string);
                    format!("move {id} to tablespace {tablespace}")
                }
                Change::Table(TableChange::Options { set, reset }) => {
                    let names = crate::sql::list(set.keys().chain(reset));
                    let verb = if set.is_empty() { "reset" } else { "set" };
                    format!("{verb} {names} of {id}")
                }
                Change::Table(TableChange::Inherit(parent)) => format!("let {id} inherit {parent}"),
                Change::Table(TableChange::NoInherit(parent)) => format!("let {id} no longer inherit {parent}"),
                Change::Table(TableChange::ReplicaIdentity(_)) => format!("set the replica identity of {id}"),
                Change::Table(TableChange::ForceRowSecurity(true)) => format!("force row security of {id}"),
                Change::Table(TableChange::ForceRowSecurity(false)) => format!("no longer force row security of {id}"),
                Change::Table(TableChange::OfType(Some(of))) => format!("let {id} be of type {of}"),
                Change::Table(TableChange::OfType(None)) => format!("let {id} be of no type"),
                Change::Table(TableChange::ForeignOptions(_)) => format!("set the options of {id}"),
                Change::Table(TableChange::RowSecurity(true)) => format!("enable row security of {id}"),
                Change::Table(TableChange::RowSecurity(false)) => format!("disable row security of {id}"),
                Change::Acl(AclChange::Grant {
                    grantee, privileges, ..
                }) => {
                    format!("grant {} on {subject} to {}", privileges.join(", "), role(grantee))
                }
                Change::Acl(AclChange::Revoke {
                    grantee, privileges, ..
                }) => {
                    format!("revoke {} on {subject} from {}", privileges.join(", "), role(grantee))
                }
                Change::Comment(_) => format!("comment on {subject}"),
                Change::Owner(change) => {
                    let crate::object::owner::OwnerChange::Role(to) = change;
                    format!("owner of {subject} to {}", role(to))
                }
                Change::View(_) | Change::Routine(_) | Change::Aggregate(_) | Change::Trigger(_) | Change::Rule(_) => {
                    format!("replace {id}")
                }
                _ => format!("alter {id}"),
            }
        }
    }
}
