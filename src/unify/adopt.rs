//! What the files do not speak about stays as it is.

use std::collections::HashSet;

use super::privileges::owner_of;
use crate::name::{Ident, QualifiedName};
use crate::object::column::parse::own_sequence;
use crate::object::column::render::own_storage;
use crate::object::column::{Column, Identity, Storage};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::grant::Acl;
use crate::object::operator::operator_id;
use crate::object::owner::owner_of as live_owner_of;
use crate::object::routine::{ArgumentMode, Returns};
use crate::object::subscription::Subscription;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::schema::Schema;
use crate::types::TypeName;

/// Every database is born with this extension, and introspection leaves it out; old dumps create it.
const BORN_WITH: &str = "plpgsql";

/// The comment that the namespace `public` is born with; pg_dump writes any other.
const OF_PUBLIC: &str = "standard public schema";

/// Leaves out of the files what every database is born with.
pub(super) fn born_with(live: &Schema, desired: &mut Schema) {
    let id = ObjectId::global(Kind::Extension, &Ident::new(BORN_WITH));
    if !live.contains(&id) {
        desired.remove(&id);
    }
}

/// Objects of the live schema that the files are silent about: owners and privileges of things they name, the comments that
/// PostgreSQL and extensions bring along, the namespaces that are used without being declared.
pub(super) fn satellites(live: &Schema, desired: &mut Schema) -> Vec<String> {
    let used: HashSet<Ident> = desired.iter().filter_map(|(id, _)| id.namespace.clone()).collect();
    let mut adopted = Vec::new();
    let speaks_of_defaults = desired.of_kind(Kind::DefaultPrivileges).next().is_some();
    for (id, object) in live.iter() {
        if desired.contains(id) {
            continue;
        }
        let silent = match object {
            Object::Namespace(_) => id.name.as_str() == "public" || used.contains(&id.name),
            Object::Extension(extension) => extension.name.as_str() == BORN_WITH,
            // Who sets some of the default privileges sets them all.
            Object::DefaultPrivileges(_) => !speaks_of_defaults,
            _ => false,
        };
        if silent {
            adopted.push(object.clone());
        }
    }
    adopted.drain(..).for_each(|object| {
        desired.put(object);
    });
    for (id, object) in live.iter() {
        let Some(on) = id.on.as_deref() else { continue };
        // The sequence of an identity column is no object, and lives as long as the column.
        let of_identity = on.kind == Kind::Sequence && !live.contains(on);
        if desired.contains(id) || !(of_identity || exists(desired, on)) {
            continue;
        }
        let silent = match id.kind {
            Kind::Owner => true,
            // Grants on a table speak for those on its columns too.
            Kind::Acl if on.kind == Kind::Column => !speaks_of_table(desired, on),
            Kind::Acl => !speaks_of_columns(desired, on),
            Kind::Comment => on.kind == Kind::Extension || (on.kind == Kind::Namespace && on.name.as_str() == "public"),
            _ => false,
        };
        if silent {
            let mut object = object.clone();
            match &mut object {
                Object::Acl(acl) => {
                    if let Some(owner) = owner_of(&acl.on, live, desired) {
                        acl.hand_over(live_owner_of(live, &acl.on), &owner);
                    }
                }
                Object::Comment(comment) if on.kind == Kind::Namespace => comment.text = OF_PUBLIC.to_owned(),
                _ => {}
            }
            adopted.push(object);
        }
    }
    let kept = adopted.iter().filter_map(|object| match object {
        Object::Acl(acl) if !acl.is_initial() => Some(granted(acl)),
        _ => None,
    });
    let kept = kept.collect();
    adopted.into_iter().for_each(|object| {
        desired.put(object);
    });
    kept
}

/// `app_user on table public.t`.
fn granted(acl: &Acl) -> String {
    let grantees: Vec<String> = acl
        .grants
        .keys()
        .map(|name| {
            if name.as_str().is_empty() {
                "PUBLIC".to_owned()
            } else {
                name.to_string()
            }
        })
        .collect();
    if grantees.is_empty() {
        format!("none on {}", acl.on)
    } else {
        format!("{} on {}", grantees.join(", "), acl.on)
    }
}

/// An operator that names its commutator or negator is named by it in turn, where the server saw to that: some minor
/// versions do not when the other one comes later (seen on 14 and 18, and not on 15 and 17).
pub(super) fn announced_operators(live: &Schema, desired: &mut Schema) {
    let mut back = Vec::new();
    for (_, object) in desired.of_kind(Kind::Operator) {
        let Object::Operator(operator) = object else { continue };
        if let (Some(commutator), Some(left)) = (&operator.commutator, &operator.left) {
            let id = operator_id(commutator, Some(&operator.right), left);
            back.push((id, Some(operator.name.clone()), None));
        }
        if let Some(negator) = &operator.negator {
            let id = operator_id(negator, operator.left.as_ref(), &operator.right);
            back.push((id, None, Some(operator.name.clone())));
        }
    }
    for (id, commutator, negator) in back {
        let Some(Object::Operator(before)) = live.get(&id) else {
            continue;
        };
        if let Some(Object::Operator(other)) = desired.get_mut(&id) {
            let known = |link: &Option<QualifiedName>, named: Option<QualifiedName>| {
                named.filter(|name| link.as_ref() == Some(name))
            };
            other.commutator = other.commutator.take().or(known(&before.commutator, commutator));
            other.negator = other.negator.take().or(known(&before.negator, negator));
        }
    }
}

/// Whether an object exists; for a column of a view, which is no object of its own, whether its home does. A relation that
/// becomes one of another kind is a new one.
fn exists(schema: &Schema, on: &ObjectId) -> bool {
    if schema.contains(on) {
        return true;
    }
    on.kind == Kind::Column
        && schema.relation(&on.qualified()).is_some_and(|home| {
            // A column of a table must be there itself, unless it is inherited.
            home.kind != Kind::Table
                || schema
                    .all_columns(&on.qualified())
                    .iter()
                    .any(|column| column.name == *on.own_name())
        })
}

fn speaks_of_table(desired: &Schema, column: &ObjectId) -> bool {
    desired
        .relation(&column.qualified())
        .is_some_and(|table| desired.contains(&ObjectId::satellite(Kind::Acl, &table)))
}

/// Grants on columns speak for those on their table too.
fn speaks_of_columns(desired: &Schema, table: &ObjectId) -> bool {
    desired
        .children(table)
        .any(|column| column.kind == Kind::Column && desired.contains(&ObjectId::satellite(Kind::Acl, column)))
}

/// In which sessions a trigger fires in partitions that stay.
fn triggers_below(live: &Schema, desired: &mut Schema) {
    let told = live.of_kind(Kind::Trigger).filter_map(|(id, object)| match object {
        Object::Trigger(have) if !have.below.is_empty() => Some((id, have)),
        _ => None,
    });
    for (id, have) in told {
        let stay = crate::attach::partitions(desired, &have.table);
        if let Some(Object::Trigger(want)) = desired.get_mut(id) {
            let below = have.below.iter().filter(|(partition, _)| stay.contains(partition));
            want.below = below.cloned().collect();
        }
    }
}

/// Fields of objects for which "not said" is a value.
pub(super) fn unsaid(live: &Schema, desired: &mut Schema, server_version: Option<u32>) {
    triggers_below(live, desired);
    let own = with_own_storage(desired, Some(live));
    desired.change_all(|object| {
        let id = object.id();
        let twin = live.get(&id);
        if let Object::Subscription(want) = object {
            let have = match twin {
                Some(Object::Subscription(have)) => Some(have),
                _ => None,
            };
            subscription(want, have, server_version);
            return;
        }
        if let Object::Column(want) = object {
            let have = match twin {
                Some(Object::Column(have)) => have.identity.as_ref(),
                _ => None,
            };
            identity_sequence(want, have);
            want.storage.take_if(|_| own.contains(&id));
        }
        let Some(twin) = twin else { return };
        match (object, twin) {
            (Object::Extension(want), Object::Extension(have)) => {
                agree(&mut want.namespace, &have.namespace);
                agree(&mut want.version, &have.version);
            }
            (Object::UserMapping(want), Object::UserMapping(have)) if have.hidden => {
                want.options.clone_from(&have.options);
                want.hidden = true;
            }
            (Object::Routine(want), Object::Routine(have)) => {
                let outputs = want
                    .arguments
                    .iter()
                    .any(|a| matches!(a.mode, ArgumentMode::Out | ArgumentMode::InOut));
                let sets = |returns: &Option<Returns>| matches!(returns, Some(Returns::SetOf(_) | Returns::Table(_)));
                if outputs && !want.procedure && !sets(&want.returns) && !sets(&have.returns) {
                    // With output arguments, what it returns follows from them.
                    want.returns.clone_from(&have.returns);
                }
            }
            (Object::Sequence(want), Object::Sequence(have)) => {
                // Since PostgreSQL 15 the sequence of a serial column is as logged as its table.
                let table = have.owned_by.as_ref().and_then(|owner| live.table(&owner.table));
                if !want.unlogged
                    && want.owned_by == have.owned_by
                    && table.is_some_and(|table| table.unlogged == have.unlogged)
                {
                    want.unlogged = have.unlogged;
                }
            }
            (Object::View(want), Object::View(have)) => {
                if want.columns.is_empty() && want.query == have.query {
                    want.output.clone_from(&have.output);
                }
            }
            (Object::Constraint(want), Object::Constraint(have)) => match (&mut want.rule, &have.rule) {
                (ConstraintRule::ForeignKey(want), ConstraintRule::ForeignKey(have)) => {
                    if want.referenced_columns.is_empty() && want.references == have.references {
                        want.referenced_columns.clone_from(&have.referenced_columns);
                    }
                }
                (ConstraintRule::Exclude(want), ConstraintRule::Exclude(have)) => {
                    for (want, have) in want.elements.iter_mut().zip(&have.elements) {
                        if !want.operator.contains('(') && bare(&have.operator) == want.operator {
                            want.operator.clone_from(&have.operator);
                        }
                    }
                }
                _ => {}
            },
            _ => {}
        }
    });
    if server_version.is_some_and(|version| version < 15) {
        // Before PostgreSQL 15 every sequence is logged, that of an unlogged table's serial column too.
        desired.change_all(|object| {
            if let Object::Sequence(sequence) = object {
                sequence.unlogged = false;
            }
        });
    }
    if server_version.is_some_and(|version| version < 18) {
        // Named not-null constraints exist since PostgreSQL 18; before that the column says all there is to say.
        let unknown: Vec<ObjectId> = desired
            .of_kind(Kind::Constraint)
            .filter(|(_, object)| {
                matches!(object, Object::Constraint(constraint) if matches!(constraint.rule, ConstraintRule::NotNull { .. }))
            })
            .map(|(id, _)| id.clone())
            .collect();
        for id in unknown {
            desired.remove(&id);
        }
    } else {
        let kept: Vec<Constraint> = generated_not_nulls(live)
            .filter(|constraint| is_unnamed_in(desired, constraint))
            .cloned()
            .collect();
        for constraint in kept {
            desired.put(constraint);
        }
        keep_beside_parents(desired, live);
    }
}

/// Not-null constraints under a name that PostgreSQL chose, perhaps when the table had another name (`RENAME`, `LIKE`).
fn generated_not_nulls(live: &Schema) -> impl Iterator<Item = &Constraint> {
    live.of_kind(Kind::Constraint).filter_map(|(_, object)| match object {
        Object::Constraint(constraint) => {
            let plain = matches!(constraint.rule, ConstraintRule::NotNull { no_inherit: false, .. });
            let name = constraint.name.as_str().trim_end_matches(|c: char| c.is_ascii_digit());
            (plain && !constraint.not_valid && name.ends_with("_not_null")).then_some(constraint)
        }
        _ => None,
    })
}

/// A child by `INHERITS` whose parent refuses nulls keeps the not-null constraints under names of its own that it has or has not:
/// PostgreSQL neither adds nor drops one beside the parent's (`cannot drop inherited constraint`, measured on 18.1).
fn keep_beside_parents(desired: &mut Schema, live: &Schema) {
    let wanted: Vec<Constraint> = beside_parents(desired, live).cloned().collect();
    let held: Vec<Constraint> = beside_parents(live, desired).cloned().collect();
    for constraint in wanted
        .iter()
        .filter(|constraint| live.table(&constraint.table).is_some())
    {
        desired.remove(&constraint.id());
    }
    for constraint in held {
        if desired.table(&constraint.table).is_some() {
            desired.put(constraint);
        }
    }
}

/// Such constraints of one of two schemas in both of which the parent refuses nulls.
fn beside_parents<'a>(schema: &'a Schema, other: &'a Schema) -> impl Iterator<Item = &'a Constraint> {
    let refuses = |schema: &Schema, constraint: &Constraint, column: &Ident| {
        let is_child = schema
            .table(&constraint.table)
            .is_some_and(|table| !table.inherits.is_empty());
        let given = schema.handed_down(&constraint.table, column);
        is_child && given.is_some_and(|given| schema.hands_down_not_null(given))
    };
    schema
        .of_kind(Kind::Constraint)
        .filter_map(move |(_, object)| match object {
            Object::Constraint(constraint) if !constraint.not_valid => match &constraint.rule {
                ConstraintRule::NotNull {
                    column,
                    no_inherit: false,
                } => (refuses(schema, constraint, column) && refuses(other, constraint, column)).then_some(constraint),
                _ => None,
            },
            _ => None,
        })
}

/// Whether the files ask for the same without a word about the name.
fn is_unnamed_in(desired: &Schema, constraint: &Constraint) -> bool {
    let ConstraintRule::NotNull { column, .. } = &constraint.rule else {
        return false;
    };
    let id = ObjectId::part(Kind::Column, &constraint.table, column);
    let named = |other: &Constraint| matches!(&other.rule, ConstraintRule::NotNull { column: of, .. } if of == column);
    matches!(desired.get(&id), Some(Object::Column(column)) if column.not_null)
        && !desired.constraints(&constraint.table).any(named)
}

/// What is not said of a subscription stays; a new one is made disabled and without a slot.
fn subscription(want: &mut Subscription, have: Option<&Subscription>, server_version: Option<u32>) {
    if let Some(have) = have.filter(|have| have.hidden) {
        want.connection.clone_from(&have.connection);
        want.hidden = true;
    }
    adopt(&mut want.enabled, &have.map_or(Some(false), |have| have.enabled));
    adopt(
        &mut want.slot,
        &have.map_or(Some(String::new()), |have| have.slot.clone()),
    );
    let usual = server_version.map(|version| if version < 18 { "off" } else { "parallel" });
    adopt(&mut want.options.streaming, &usual.map(str::to_owned));
}

/// What a database always has and a file need not say: of two files either may be silent.
fn agree<T: Clone>(want: &mut Option<T>, have: &Option<T>) {
    if want.is_none() || have.is_none() {
        want.clone_from(have);
    }
}

/// Leaves out what would be the same unsaid, as it is left out of a database: the names of sequences that identity columns give
/// by themselves, the storage that a type has.
pub(super) fn usual(schema: &mut Schema) {
    let own = with_own_storage(schema, None);
    // Nobody can tell whether these are the owner's.
    let unowned: Vec<ObjectId> = schema
        .of_kind(Kind::Acl)
        .filter(|(id, _)| live_owner_of(schema, id.subject()).is_none())
        .map(|(id, _)| id.clone())
        .collect();
    for id in unowned {
        if let Some(Object::Acl(acl)) = schema.get_mut(&id) {
            acl.withheld.clear();
        }
    }
    schema.change_all(|object| {
        if let Object::Column(column) = object {
            leave_out_usual(column);
            let is_own = own.contains(&column.id());
            column.storage.take_if(|_| is_own);
        }
    });
}

fn leave_out_usual(column: &mut Column) {
    let usual = own_sequence(&column.table, &column.name);
    if let Some(identity) = &mut column.identity {
        identity.sequence.take_if(|name| *name == usual);
    }
}

/// The columns that say the storage that their type has anyway. Of types that are not known, as extensions bring them, nearly all have
/// `EXTENDED`, so that is taken for it where the live column has what its type has.
fn with_own_storage(schema: &Schema, live: Option<&Schema>) -> HashSet<ObjectId> {
    let is_unsaid = |id: &ObjectId| {
        let column = live.and_then(|live| live.get(id));
        matches!(column, Some(Object::Column(column)) if column.storage.is_none())
    };
    let columns = schema.of_kind(Kind::Column).filter_map(|(id, object)| match object {
        Object::Column(column) => Some((id, &column.type_name, column.storage?)),
        _ => None,
    });
    columns
        .filter(|(id, name, said)| match storage_of(name, schema, MOST_DOMAINS) {
            Some(own) => own == *said,
            None => *said == Storage::Extended && is_unsaid(id),
        })
        .map(|(id, ..)| id.clone())
        .collect()
}

/// So many domains may be over one another.
const MOST_DOMAINS: usize = 16;

/// The storage of a type where nobody says another (PostgreSQL documentation, CREATE TYPE; a domain has that of its base type); none for
/// those that neither PostgreSQL nor the schema defines.
fn storage_of(name: &TypeName, schema: &Schema, depth: usize) -> Option<Storage> {
    if let Some(own) = own_storage(name) {
        return Some(own);
    }
    if name.array {
        return Some(Storage::Extended);
    }
    match schema.get(&schema.type_id(&name.qualified())?)? {
        Object::EnumType(_) => Some(Storage::Plain),
        Object::Domain(domain) => storage_of(&domain.base, schema, depth.checked_sub(1)?),
        _ => Some(Storage::Extended),
    }
}

/// The sequence of an identity column has the name that the files give it; where they give none, the one that it has.
fn identity_sequence(want: &mut Column, have: Option<&Identity>) {
    let Some(identity) = &mut want.identity else { return };
    if identity.sequence.is_none() {
        identity.sequence = have.and_then(|have| have.sequence.clone());
    } else {
        leave_out_usual(want);
    }
}

fn adopt<T: Clone>(want: &mut Option<T>, have: &Option<T>) {
    if want.is_none() {
        want.clone_from(have);
    }
}

/// `=` of `OPERATOR(public.=)`.
fn bare(operator: &str) -> &str {
    operator
        .strip_prefix("OPERATOR(")
        .and_then(|rest| rest.strip_suffix(')'))
        .map_or(operator, |inner| inner.rsplit('.').next().unwrap_or(inner))
}
