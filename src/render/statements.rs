//! Operations to SQL: the only place, beside the kinds' own `render.rs`, that names every kind.

use std::collections::BTreeSet;

use crate::name::Ident;
use crate::object::column::{Column, ColumnChange, render as column};
use crate::object::constraint::render as constraint;
use crate::object::default_privileges::concern;
use crate::object::default_privileges::render as default_privileges;
use crate::object::domain::render as domain;
use crate::object::grant::{Acl, AclChange, Grants, difference, initial_grants, render as grant};
use crate::object::index::render as index;
use crate::object::role::CURRENT;
use crate::object::sequence::{SequenceChange, render as sequence};
use crate::object::table::{ReplicaIdentity, Table, TableChange, render as table};
use crate::object::{
    Change, Definition, Kind, Object, ObjectId, access_method, aggregate, cast, collation, comment, composite_type,
    conversion, enum_type, event_trigger, extension, foreign_data_wrapper, language, materialized_view, namespace,
    operator, operator_class, operator_family, owner, policy, publication, range_type, routine, rule, security_label,
    server, statistics, subscription, text_search_configuration, text_search_dictionary, text_search_parser,
    text_search_template, transform, trigger, user_mapping, view,
};
use crate::operation::{IfExists, Operation};
use crate::render::sweep::Sweep;
use crate::render::tables::{
    alter_column, differences, inherited_column, is_part_of, new_table, new_table_like, parent_column,
};
use crate::render::{data, extend, target};
use crate::schema::Schema;

/// The statements of operations that run one after the other; `before` is the schema before the first of them. A table and
/// its columns and constraints become one CREATE TABLE.
pub fn statements(operations: &[Operation], before: &Schema) -> Vec<String> {
    let mut out = Vec::new();
    let mut afterwards = Vec::new();
    let mut rest = operations;
    while let Some((operation, tail)) = rest.split_first() {
        rest = tail;
        match operation {
            Operation::Create {
                object: Object::Table(new),
                if_exists,
                like,
                ..
            } => {
                let parts = tail.iter().take_while(|next| is_part_of(next, new)).count();
                out.extend(match new.partition_of.as_ref().filter(|_| *like) {
                    Some(of) => new_table_like(new, &of.parent, &tail[..parts], before),
                    None => new_table(new, *if_exists, &tail[..parts], before),
                });
                if matches!(new.replica_identity, ReplicaIdentity::Index(_)) {
                    let change = TableChange::ReplicaIdentity(new.replica_identity.clone());
                    afterwards.extend(table::alter(&ObjectId::named(Kind::Table, &new.name), &change, None));
                }
                rest = &tail[parts..];
            }
            Operation::Create {
                object: Object::Sequence(new),
                if_exists,
                ..
            } => {
                let owner = new.owned_by.as_ref();
                let column = owner.map(|owner| ObjectId::part(Kind::Column, &owner.table, &owner.column));
                let waits = column.is_some_and(|column| !before.contains(&column) && creates(tail, &column));
                out.extend(sequence::create(new, *if_exists, !waits));
                if waits {
                    let change = SequenceChange::OwnedBy(new.owned_by.clone());
                    afterwards.extend(sequence::alter(&new.id(), &change, None));
                }
            }
            Operation::Alter { id, .. } if is_retyping(operation) => {
                let run = std::iter::once(operation).chain(tail);
                let count = run.take_while(|next| is_retyping_of(next, id)).count();
                let run = &operations[operations.len() - tail.len() - 1..][..count];
                let statements = run.iter().flat_map(|operation| one(operation, before, operations));
                out.extend(at_once(statements.collect(), id, run));
                rest = &tail[count - 1..];
            }
            other => out.extend(one(other, before, operations)),
        }
    }
    out.extend(afterwards);
    out
}

/// Whether an operation gives a column a type or a default.
fn is_retyping(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Alter {
            change: Change::Column(ColumnChange::Type { .. } | ColumnChange::Default(_)),
            ..
        }
    )
}

fn is_retyping_of(operation: &Operation, column: &ObjectId) -> bool {
    let of = operation.subject();
    is_retyping(operation) && of.is_some_and(|id| id.qualified() == column.qualified())
}

/// Several changes of type of one table as one statement, which rewrites it once. PostgreSQL drops defaults before it changes types
/// and sets new ones after, and every USING sees the old row (PostgreSQL documentation, ALTER TABLE).
fn at_once(statements: Vec<String>, column: &ObjectId, run: &[Operation]) -> Vec<String> {
    let types = run.iter().filter(|operation| {
        matches!(
            operation,
            Operation::Alter {
                change: Change::Column(ColumnChange::Type { .. }),
                ..
            }
        )
    });
    if types.count() < 2 {
        return statements;
    }
    let start = format!("ALTER TABLE {} ALTER COLUMN ", column.qualified());
    let actions: Option<Vec<&str>> = statements
        .iter()
        .map(|statement| statement.strip_prefix(&start))
        .collect();
    match actions {
        Some(actions) => {
            let list: Vec<String> = actions
                .iter()
                .map(|action| format!("    ALTER COLUMN {action}"))
                .collect();
            vec![format!("ALTER TABLE {}\n{}", column.qualified(), list.join(",\n"))]
        }
        None => statements,
    }
}

/// Whether one of the operations creates this object.
fn creates(operations: &[Operation], id: &ObjectId) -> bool {
    operations
        .iter()
        .any(|operation| matches!(operation, Operation::Create { object, .. } if object.id() == *id))
}

/// Whether a constraint is one with an index, under the name that it has before one of the operations.
fn has_index(id: &ObjectId, before: &Schema, all: &[Operation]) -> bool {
    let is_key = |object: &Object| matches!(object, Object::Constraint(constraint) if constraint.has_index());
    let comes = all.iter().find_map(|operation| match operation {
        Operation::Create { object, .. } if object.id() == *id => Some(is_key(object)),
        Operation::UseIndex { constraint, .. } => (constraint.id() == *id).then_some(true),
        Operation::Rename { from, to } if to == id => Some(before.get(from).is_some_and(is_key)),
        _ => None,
    });
    comes.unwrap_or_else(|| before.get(id).is_some_and(is_key))
}

fn one(operation: &Operation, before: &Schema, all: &[Operation]) -> Vec<String> {
    match operation {
        Operation::Create {
            object,
            if_exists,
            concurrently,
            ..
        } => create(object, *if_exists, *concurrently, before, all),
        Operation::Drop {
            id,
            if_exists,
            cascade,
            concurrently,
            only,
        } => {
            let words = target::Words {
                if_exists: *if_exists,
                cascade: *cascade,
                concurrently: *concurrently,
                only: *only,
            };
            drop(id, words, before, all)
        }
        Operation::Alter { id, change } => alter(id, change, before, all),
        Operation::Rename { from, to } => target::rename(from, to, has_index(from, before, all)),
        Operation::UseIndex {
            constraint: new,
            index: old,
        } => constraint::use_index(new, old),
        Operation::Extend { index, key } => vec![extend::extend(index, key.as_ref())],
        Operation::Backfill { .. } | Operation::CopyRows { .. } => {
            Sweep::of(operation).iter().map(Sweep::script).collect()
        }
        Operation::Check {
            table,
            problem,
            query,
            shown,
        } => vec![data::check(table, problem, query, shown)],
        Operation::StartAfter {
            sequence,
            column,
            descending,
        } => vec![data::start_after(sequence, column, *descending)],
        Operation::Count { from, to } => vec![data::count(from, to)],
        Operation::Lock { tables, mode } => vec![data::lock(tables, mode)],
    }
}

fn create(object: &Object, if_exists: IfExists, concurrently: bool, before: &Schema, all: &[Operation]) -> Vec<String> {
    match object {
        Object::Namespace(new) => namespace::render::create(new, if_exists),
        Object::Extension(new) => extension::render::create(new, if_exists),
        Object::EnumType(new) => enum_type::render::create(new),
        Object::CompositeType(new) => composite_type::render::create(new),
        Object::RangeType(new) => range_type::render::create(new),
        Object::Domain(new) => domain::create(new),
        Object::DomainConstraint(new) => domain::create_constraint(new),
        Object::Sequence(new) => sequence::create(new, if_exists, true),
        Object::Table(new) => table::create(new, &[], if_exists),
        Object::Column(new) => match given_from_above(new, before) {
            // A partition has the column already, and so may a child; what differs from its parent's is set there alone.
            Some(parent) => differences(&parent, new, before),
            None => column::create(new, if_exists),
        },
        Object::Constraint(new) => constraint::create(new),
        Object::Index(new) => index::create(new, if_exists, concurrently),
        Object::View(new) => view::render::create(new, if_exists),
        Object::MaterializedView(new) => materialized_view::render::create(new, if_exists),
        Object::Routine(new) => routine::render::create(new, if_exists),
        Object::Aggregate(new) => aggregate::render::create(new, if_exists),
        Object::Trigger(new) => trigger::render::create(new, if_exists, |table| before.relation(table).is_some()),
        Object::Rule(new) => rule::render::create(new, if_exists),
        Object::Policy(new) => policy::render::create(new),
        Object::EventTrigger(new) => event_trigger::render::create(new),
        Object::Statistics(new) => statistics::render::create(new, if_exists),
        Object::Collation(new) => collation::render::create(new, if_exists),
        Object::TextSearchParser(new) => text_search_parser::render::create(new),
        Object::TextSearchTemplate(new) => text_search_template::render::create(new),
        Object::TextSearchDictionary(new) => text_search_dictionary::render::create(new),
        Object::TextSearchConfiguration(new) => text_search_configuration::render::create(new),
        Object::Cast(new) => cast::render::create(new),
        Object::Publication(new) => publication::render::create(new),
        Object::ForeignDataWrapper(new) => foreign_data_wrapper::render::create(new),
        Object::Server(new) => server::render::create(new, if_exists),
        Object::UserMapping(new) => user_mapping::render::create(new, if_exists),
        Object::Operator(new) => operator::render::create(new),
        Object::OperatorFamily(new) => operator_family::render::create(new),
        Object::OperatorClass(new) => operator_class::render::create(new),
        Object::Conversion(new) => conversion::render::create(new),
        Object::AccessMethod(new) => access_method::render::create(new),
        Object::Language(new) => language::render::create(new, if_exists),
        Object::Transform(new) => transform::render::create(new, if_exists),
        Object::Subscription(new) => subscription::render::create(new),
        Object::SecurityLabel(new) => on_foreign(security_label::render::create(new), &new.on, before, all),
        Object::Comment(new) => on_foreign(comment::render::create(new), &new.on, before, all),
        Object::Owner(new) => owner::render::create(new),
        Object::Acl(new) => match before.get(&object.id()) {
            // Privileges that are there are led to the new ones, not granted from the beginning.
            Some(Object::Acl(old)) if !is_made(&new.on, before, all) && !is_another(new, all) => {
                grants(&object.id(), old.changes(new))
            }
            _ => {
                let mut out = taken_back(new, before);
                out.extend(given_back(new, before));
                out.extend(given_to_owner(new, before, all));
                out.extend(grant::create(new));
                out
            }
        },
        Object::DefaultPrivileges(new) => default_privileges::create(new),
    }
}

/// The column that a table has from its parents already, where it makes no own one of it.
fn given_from_above(new: &Column, before: &Schema) -> Option<Column> {
    let id = ObjectId::part(Kind::Column, &new.table, &new.name);
    match new.inherited {
        true => inherited_column(&id, before),
        false => parent_column(&id, before),
    }
}

/// Whether the operations of a step put another object in the place of the one that had the privileges.
fn is_another(new: &Acl, all: &[Operation]) -> bool {
    let id = ObjectId::satellite(Kind::Acl, &new.on);
    // With a table its columns change places.
    let places = [new.on.clone(), ObjectId::named(Kind::Table, &new.on.qualified())];
    let places = if new.on.kind == Kind::Column {
        &places[..]
    } else {
        &places[..1]
    };
    all.iter().any(|operation| match operation {
        Operation::Drop { id: dropped, .. } => *dropped == id,
        Operation::Rename { from, to } => places.contains(from) || places.contains(to),
        _ => false,
    })
}

/// Comments name a foreign table by its own words, unlike ALTER TABLE.
fn on_foreign(statements: Vec<String>, on: &ObjectId, before: &Schema, all: &[Operation]) -> Vec<String> {
    let foreign = on.kind == Kind::Table
        && matches!(find(on, before, all), Some(Object::Table(table)) if table.foreign.is_some());
    if foreign {
        statements.iter().map(|statement| foreign_words(statement)).collect()
    } else {
        statements
    }
}

/// `FOREIGN TABLE` for the first `TABLE` of a statement.
fn foreign_words(statement: &str) -> String {
    statement.replacen(" TABLE ", " FOREIGN TABLE ", 1)
}

/// What default privileges give to a new object and the files do not. Whose defaults count depends on the role that runs the
/// step, so all are taken back; a revoke of what is not there does nothing.
fn taken_back(new: &Acl, before: &Schema) -> Vec<String> {
    let mut out = Vec::new();
    for (_, object) in before.of_kind(Kind::DefaultPrivileges) {
        let Object::DefaultPrivileges(defaults) = object else {
            continue;
        };
        if !concern(defaults, &new.on) {
            continue;
        }
        for (grantee, given) in &defaults.grants {
            let wanted = new.grants.get(grantee);
            let privileges: Vec<String> = given
                .keys()
                .filter(|name| wanted.is_none_or(|wanted| !wanted.contains_key(*name)))
                .cloned()
                .collect();
            if !privileges.is_empty() {
                let revoke = AclChange::Revoke {
                    grantee: grantee.clone(),
                    privileges,
                    option_only: false,
                };
                out.extend(grant::alter(&ObjectId::satellite(Kind::Acl, &new.on), &revoke));
            }
        }
    }
    out
}

/// What a role withholds from itself on what it makes, and the files do not. Whoever made the object and gave it away, its owner is who
/// lacks it then.
fn given_to_owner(new: &Acl, before: &Schema, all: &[Operation]) -> Vec<String> {
    if new.on.kind == Kind::Column {
        return Vec::new();
    }
    let defaults = before
        .of_kind(Kind::DefaultPrivileges)
        .filter_map(|(_, object)| match object {
            Object::DefaultPrivileges(defaults) if concern(defaults, &new.on) => Some(defaults),
            _ => None,
        });
    let kept: BTreeSet<&String> = new.withheld.values().flatten().collect();
    let lacking: BTreeSet<&String> = defaults
        .flat_map(|defaults| defaults.withheld.values().flatten())
        .filter(|privilege| !kept.contains(privilege))
        .collect();
    if lacking.is_empty() {
        return Vec::new();
    }
    let given = all.iter().find_map(|operation| match operation {
        Operation::Create {
            object: Object::Owner(owner),
            ..
        } if owner.on == new.on => Some(owner.role.clone()),
        _ => None,
    });
    let grant = AclChange::Grant {
        grantee: given.unwrap_or_else(|| Ident::new(CURRENT)),
        privileges: lacking.into_iter().cloned().collect(),
        grantable: false,
    };
    grant::alter(&ObjectId::satellite(Kind::Acl, &new.on), &grant)
}

/// What every new object has unless general default privileges withhold it, and the files want. Whose defaults count depends on the
/// role that runs the step, so it is granted where any do; a grant of what is there does nothing.
fn given_back(new: &Acl, before: &Schema) -> Vec<String> {
    let general = || {
        before
            .of_kind(Kind::DefaultPrivileges)
            .filter_map(|(_, object)| match object {
                Object::DefaultPrivileges(defaults) if defaults.namespace.is_none() && concern(defaults, &new.on) => {
                    Some(&defaults.grants)
                }
                _ => None,
            })
    };
    let has = |grants: &Grants, grantee: &Ident, privilege: &String| {
        grants
            .get(grantee)
            .is_some_and(|privileges| privileges.contains_key(privilege))
    };
    let mut missing = initial_grants(new.on.kind);
    missing.retain(|grantee, privileges| {
        privileges.retain(|privilege, _| {
            has(&new.grants, grantee, privilege) && general().any(|grants| !has(grants, grantee, privilege))
        });
        !privileges.is_empty()
    });
    grants(
        &ObjectId::satellite(Kind::Acl, &new.on),
        difference(&Grants::new(), &missing),
    )
}

/// Whether the same step makes the object, or the relation of the column, anew, or something else gets its name: privileges on the
/// old one went with it.
fn is_made(on: &ObjectId, before: &Schema, all: &[Operation]) -> bool {
    all.iter().any(|operation| match operation {
        Operation::Create { object, if_exists, .. } => {
            let id = object.id();
            let home = on.kind == Kind::Column && id.kind.is_relation() && id.qualified() == on.qualified();
            (id == *on || home) && (*if_exists != IfExists::Replace || !before.contains(&id))
        }
        Operation::Drop { id, .. } => id == on,
        Operation::Rename { to, .. } => to == on,
        _ => false,
    })
}

/// Whether a table leaves a parent among these operations, and comes to none.
fn leaves(table: &ObjectId, all: &[Operation]) -> bool {
    let changes = |wanted: fn(&TableChange) -> bool| {
        all.iter().any(|operation| match operation {
            Operation::Alter {
                id,
                change: Change::Table(change),
            } => id == table && wanted(change),
            _ => false,
        })
    };
    changes(|change| matches!(change, TableChange::Detach { .. } | TableChange::NoInherit(_)))
        && !changes(|change| matches!(change, TableChange::Attach(_) | TableChange::Inherit(_)))
}

fn drop(id: &ObjectId, words: target::Words, before: &Schema, all: &[Operation]) -> Vec<String> {
    match (id.kind, before.get(id)) {
        (Kind::Subscription, _) => subscription::render::drop(id, words.if_exists),
        (Kind::SecurityLabel, _) => on_foreign(security_label::render::drop(id), id.subject(), before, &[]),
        (Kind::Comment, _) => on_foreign(comment::render::drop(id), id.subject(), before, &[]),
        (Kind::Table, Some(Object::Table(Table { foreign: Some(_), .. }))) => {
            vec![foreign_words(&target::drop(id, words))]
        }
        // Somebody always owns an object; files that no longer say who leave it as it is.
        (Kind::Owner, _) => vec![],
        (Kind::Acl, Some(Object::Acl(old))) => grants(id, old.changes(&Acl::initial(id.subject().clone()))),
        (Kind::DefaultPrivileges, Some(Object::DefaultPrivileges(old))) => default_privileges::drop(old),
        (Kind::Acl | Kind::DefaultPrivileges, _) => vec![],
        // PostgreSQL drops no column that a parent has; what the table has made of it is taken back.
        (Kind::Column, Some(Object::Column(old))) => {
            let stays = !leaves(&ObjectId::named(Kind::Table, &old.table), all);
            match stays.then(|| inherited_column(id, before)).flatten() {
                Some(parent) => differences(old, &parent, before),
                None => vec![target::drop(id, words)],
            }
        }
        _ => vec![target::drop(id, words)],
    }
}

fn grants(id: &ObjectId, changes: Vec<AclChange>) -> Vec<String> {
    changes.iter().flat_map(|change| grant::alter(id, change)).collect()
}

fn alter(id: &ObjectId, change: &Change, before: &Schema, all: &[Operation]) -> Vec<String> {
    match change {
        Change::Namespace(change) => match *change {},
        Change::Extension(change) => extension::render::alter(id, change),
        Change::EnumType(change) => enum_type::render::alter(id, change),
        Change::CompositeType(change) => composite_type::render::alter(id, change),
        Change::RangeType(change) => range_type::render::alter(change),
        Change::Domain(change) => domain::alter(id, change),
        Change::DomainConstraint(change) => domain::alter_constraint(id, change),
        Change::Sequence(change) => match find(id, before, all) {
            Some(Object::Sequence(old)) => sequence::alter(id, change, Some(&old.options)),
            _ => sequence::alter(id, change, None),
        },
        Change::Table(change) => table::alter(id, change, before.table(&id.qualified())),
        Change::Column(change) => {
            let old = match find(id, before, all) {
                Some(Object::Column(old)) => Some(old),
                _ => None,
            };
            alter_column(id, change, old, before)
        }
        Change::Constraint(change) => constraint::alter(id, change),
        Change::Index(change) => match find(id, before, all) {
            Some(Object::Index(old)) => index::alter(id, change, old),
            _ => vec![],
        },
        Change::View(change) => view::render::alter(id, change),
        Change::MaterializedView(change) => materialized_view::render::alter(id, change),
        Change::Routine(change) => routine::render::alter(change),
        Change::Aggregate(change) => aggregate::render::alter(change),
        Change::Trigger(change) => {
            let was = match find(id, before, all) {
                Some(Object::Trigger(was)) => Some(was),
                _ => None,
            };
            trigger::render::alter(id, change, was, |table| before.relation(table).is_some())
        }
        Change::Rule(change) => rule::render::alter(id, change),
        Change::Policy(change) => policy::render::alter(id, change),
        Change::EventTrigger(change) => event_trigger::render::alter(id, change),
        Change::Statistics(change) => statistics::render::alter(id, change),
        Change::Collation(change) => match *change {},
        Change::TextSearchParser(change) => match *change {},
        Change::TextSearchTemplate(change) => match *change {},
        Change::TextSearchDictionary(change) => text_search_dictionary::render::alter(id, change),
        Change::TextSearchConfiguration(change) => text_search_configuration::render::alter(id, change),
        Change::Cast(change) => match *change {},
        Change::Publication(change) => match before.get(id) {
            Some(Object::Publication(old)) => publication::render::alter(id, change, Some(old)),
            _ => publication::render::alter(id, change, None),
        },
        Change::ForeignDataWrapper(change) => foreign_data_wrapper::render::alter(id, change),
        Change::Server(change) => server::render::alter(id, change),
        Change::UserMapping(change) => user_mapping::render::alter(id, change),
        Change::Operator(change) => operator::render::alter(id, change),
        Change::OperatorFamily(change) => operator_family::render::alter(id, change),
        Change::OperatorClass(change) => match *change {},
        Change::Conversion(change) => match *change {},
        Change::AccessMethod(change) => match *change {},
        Change::Language(change) => language::render::alter(change),
        Change::Transform(change) => transform::render::alter(change),
        Change::Subscription(change) => match find(id, before, all) {
            Some(Object::Subscription(old)) => subscription::render::alter(id, change, Some(old)),
            _ => subscription::render::alter(id, change, None),
        },
        Change::SecurityLabel(change) => {
            on_foreign(security_label::render::alter(id, change), id.subject(), before, all)
        }
        Change::Comment(change) => on_foreign(comment::render::alter(id, change), id.subject(), before, all),
        Change::Owner(change) => owner::render::alter(id, change),
        Change::Acl(change) => grant::alter(id, change),
        Change::DefaultPrivileges(change) => default_privileges::alter(id, change),
    }
}

/// An object that is there before, or that one of these operations makes.
fn find<'a>(id: &ObjectId, before: &'a Schema, all: &'a [Operation]) -> Option<&'a Object> {
    before.get(id).or_else(|| {
        all.iter().find_map(|operation| match operation {
            Operation::Create { object, .. } if object.id() == *id => Some(object),
            _ => None,
        })
    })
}
