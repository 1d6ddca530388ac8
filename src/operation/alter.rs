//! What ALTER does to a schema.

use std::collections::BTreeMap;

use super::EffectError;
use super::column::{alter_below, own_column, refuse_nulls};
use crate::attach;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::ConstraintChange;
use crate::object::default_privileges::concern;
use crate::object::enum_type::EnumChange;
use crate::object::grant::{Acl, Grants, initial_grants};
use crate::object::index::IndexChange;
use crate::object::owner::{self, OwnerChange};
use crate::object::range_type::RangeChange;
use crate::object::table::TableChange;
use crate::object::{Change, Kind, Object, ObjectId};
use crate::schema::Schema;

/// What an object has that nobody has given anything on yet: the built-in privileges and the default ones of whoever runs this.
fn grants_when_new(schema: &Schema, on: &ObjectId) -> Grants {
    let mut grants = initial_grants(on.kind);
    if *on == ObjectId::named(Kind::Namespace, &QualifiedName::bare("public")) {
        // A database is born with it, and with this; files that grant somebody else more do not take it away.
        grants.insert(Ident::new(""), BTreeMap::from([("USAGE".to_owned(), false)]));
    }
    let defaults = || {
        schema
            .of_kind(Kind::DefaultPrivileges)
            .filter_map(|(_, object)| match object {
                Object::DefaultPrivileges(defaults) if defaults.role.as_str().is_empty() => Some(defaults),
                _ => None,
            })
            .filter(|defaults| concern(defaults, on))
    };
    // General ones stand in place of the built-in ones, those of a namespace come in addition.
    if let Some(general) = defaults().find(|defaults| defaults.namespace.is_none()) {
        grants.clone_from(&general.grants);
    }
    for local in defaults().filter(|defaults| defaults.namespace.is_some()) {
        for (grantee, privileges) in &local.grants {
            grants.entry(grantee.clone()).or_default().extend(privileges.clone());
        }
    }
    grants
}

pub(super) fn alter(schema: &mut Schema, id: &ObjectId, change: &Change) -> Result<(), EffectError> {
    if let (Kind::Acl, Some(on), false) = (id.kind, &id.on, schema.contains(id)) {
        let grants = grants_when_new(schema, on);
        schema.put(Acl::of((**on).clone(), grants));
    }
    if id.kind == Kind::Column && !schema.contains(id) {
        own_column(schema, &id.qualified(), id.own_name());
    }
    let left = match change {
        Change::Table(TableChange::Detach { concurrently: true, .. }) => {
            attach::left_when_detached(schema, &id.qualified())
        }
        _ => None,
    };
    if let Change::Table(TableChange::Detach { .. } | TableChange::NoInherit(_) | TableChange::Declare) = change {
        schema.keep_inherited(&id.qualified());
    }
    if let Change::Table(TableChange::Detach { .. }) = change {
        attach::table_detached(schema, &id.qualified());
    }
    if let Some(check) = left {
        schema.put(check);
    }
    if let Change::Column(change) = change {
        alter_below(schema, id, change);
    }
    if let (Change::Constraint(ConstraintChange::Validate), Some(Object::Constraint(constraint))) =
        (change, schema.get(id).cloned())
    {
        refuse_nulls(schema, &constraint);
    }
    let parent = match change {
        Change::Constraint(ConstraintChange::Attach(parent)) | Change::Index(IndexChange::Attach(parent)) => {
            Some(parent)
        }
        _ => None,
    };
    if let (Change::Constraint(_), Some(parent)) = (change, parent) {
        let missing = || EffectError::Missing(ObjectId::named(Kind::Index, parent));
        let parent = attach::parent_index(schema, &id.qualified(), parent).ok_or_else(missing)?;
        if parent.kind == Kind::Constraint {
            attach::key_attached(schema, id, &parent);
            return Ok(());
        }
    }
    if let (Change::Index(IndexChange::Clustered(_)), Some(Object::Index(index))) = (change, schema.get(id)) {
        // A table is clustered on one index at most, and `SET WITHOUT CLUSTER` names none.
        let table = index.table.clone();
        let marked: Vec<QualifiedName> = schema
            .indexes(&table)
            .filter(|index| index.clustered)
            .map(|index| index.name.clone())
            .collect();
        for name in marked {
            if let Some(Object::Index(index)) = schema.get_mut(&ObjectId::named(Kind::Index, &name)) {
                index.clustered = false;
            }
        }
    }
    let owner_before = owner::owner_of(schema, id.subject()).cloned();
    let object = schema.get_mut(id).ok_or_else(|| EffectError::Missing(id.clone()))?;
    if !object.apply(change) {
        return Err(EffectError::Mismatch(id.clone()));
    }
    schema.names_changed(id);
    if let Change::EnumType(EnumChange::RenameLabel { from, to }) = change {
        schema.label_renamed(&id.qualified(), from, to);
    }
    if let Change::RangeType(RangeChange::Multirange { from, to }) = change {
        schema.type_renamed(from, to);
    }
    if let Some(parent) = parent {
        attach::index_attached(schema, parent);
    }
    if let Change::Owner(OwnerChange::Role(role)) = change {
        owner::take_over(schema, id.subject(), owner_before.as_ref(), role);
    }
    if let Change::Acl(_) = change {
        owner::leave_out_own(schema, id);
    }
    if let Change::Table(TableChange::Attach(of)) = change {
        schema.drop_inherited_by(&id.qualified());
        attach::table_attached(schema, &id.qualified(), &of.parent);
    }
    Ok(())
}
