//! Types that PostgreSQL does not alter: enumerated types whose labels go or move (`label`), domains with another base (`domain`), composite
//! types whose attributes get another type or order (`attributes`).
//!
//! A second type stands beside the first one, each column has a twin of it, and in the moment of the switch the second type takes the
//! name.

use std::collections::BTreeSet;

use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::routine::Body;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::Phase;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::nulls::Nulls;
use crate::plan::strategy::is_volatile;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::rebuild::dependents;
use crate::plan::strategy::satellites;
use crate::refs::uses_word;
use crate::types::TypeName;

use super::attributes::{self, Attributes};
use super::convert::Way;
use super::domain::{self, Based};
use super::label::{self, Labels};
use super::{OldDefault, Scene, Twin, Twins, family};

/// The type of a twin that is made anew.
pub(super) enum Anew<'a> {
    /// With other labels.
    Enum(Labels<'a>),
    /// With another base.
    Domain(Based<'a>),
    /// With attributes of other types, or in another order.
    Composite(Attributes<'a>),
}

impl Anew<'_> {
    /// The type that goes, and the one that takes its name.
    pub(super) fn id(&self) -> ObjectId {
        match self {
            Self::Enum(labels) => labels.desired.id(),
            Self::Domain(based) => based.desired.id(),
            Self::Composite(attributes) => attributes.desired.id(),
        }
    }

    /// The new type while both stand.
    pub(super) fn helper_id(&self) -> ObjectId {
        let id = self.id();
        ObjectId::named(id.kind, &self.helper())
    }

    /// Its name then.
    pub(super) fn helper(&self) -> QualifiedName {
        let name = self.id().qualified();
        QualifiedName {
            name: Ident::new(helper_name(name.name.as_str(), "new")),
            ..name
        }
    }
}

/// A twin for each column of a type that is made anew.
pub(super) fn twins<'a>(deltas: &[Delta], context: &Context<'a>, found: &mut Twins) -> Vec<Twin<'a>> {
    let mut twins = Vec::new();
    for delta in deltas {
        let Delta::Replace(id, _) = delta else { continue };
        let columns = columns(id, context);
        let in_place = columns.iter().find(|(live, _)| super::in_place(&live.id(), context));
        match (context.schemas.live.get(id), context.schemas.desired.get(id)) {
            (Some(Object::EnumType(live)), Some(Object::EnumType(desired))) if in_place.is_none() => {
                let columns = columns.into_iter();
                twins.extend(columns.map(|columns| label::twin((live, desired), columns, context)));
            }
            // In place there is no statement for them.
            (Some(live @ (Object::Domain(_) | Object::CompositeType(_))), Some(desired)) => {
                let of = |columns| match (live, desired) {
                    (Object::Domain(live), Object::Domain(desired)) => domain::twin((live, desired), columns, context),
                    (Object::CompositeType(live), Object::CompositeType(desired)) => {
                        attributes::twin((live, desired), columns, context)
                    }
                    _ => Err(format!("{id} becomes a type of another kind")),
                };
                let found_twins: Result<Vec<Twin>, String> = match in_place {
                    Some((column, _)) => Err(format!(
                        "{} is left out of twins, by the policy or because its rows are on another server",
                        column.id()
                    )),
                    None => columns.into_iter().map(of).collect(),
                };
                match found_twins {
                    Ok(own) => twins.extend(own),
                    Err(reason) => found.hindered.push((id.clone(), reason)),
                }
            }
            _ => {}
        }
    }
    twins
}

/// The type of a twin while both types stand.
pub(super) fn meanwhile(new_type: &Anew, after: &TypeName) -> TypeName {
    let helper = new_type.helper();
    TypeName {
        namespace: helper.namespace,
        name: helper.name,
        ..after.clone()
    }
}

/// The twin of a column, whose values go this way.
pub(super) fn twin<'a>(
    new_type: Anew<'a>,
    forth: Way,
    (before, after): (&'a Column, &'a Column),
    context: &Context<'a>,
) -> Twin<'a> {
    Twin {
        table: before.table.clone(),
        before: before.name.clone(),
        name: Ident::new(helper_name(before.name.as_str(), "new")),
        after: before.name.clone(),
        live: before,
        desired: after,
        forth,
        back: None,
        default: None,
        old_default: match before.default.clone() {
            None => OldDefault::None,
            Some(default) if is_volatile(&default, context) => OldDefault::Volatile,
            Some(default) => OldDefault::Stable(default),
        },
        nulls: Nulls::of(&[&before.type_name, &after.type_name], context.schemas.desired),
        heirs: family::heirs(&before.table, context.schemas.live),
        meanwhile: meanwhile(&new_type, &after.type_name),
        anew: Some(new_type),
    }
}

/// The columns that have the type and keep it.
fn columns<'a>(id: &ObjectId, context: &Context<'a>) -> Vec<(&'a Column, &'a Column)> {
    let Context {
        schemas, live_users, ..
    } = context;
    let users = live_users.get(id).into_iter().flatten();
    users
        .filter_map(|user| match (schemas.live.get(user), schemas.desired.get(user)) {
            (Some(Object::Column(live)), Some(Object::Column(desired))) => Some((live, desired)),
            _ => None,
        })
        .filter(|(live, desired)| live.type_name.qualified() == id.qualified() && live.type_name == desired.type_name)
        .collect()
}

/// The types of a group, each once.
pub(super) fn types<'t, 'a>(twins: &[&'t Twin<'a>]) -> Vec<&'t Anew<'a>> {
    let mut types: Vec<&Anew> = Vec::new();
    for new_type in twins.iter().filter_map(|twin| twin.anew.as_ref()) {
        if types.iter().all(|known| known.id() != new_type.id()) {
            types.push(new_type);
        }
    }
    types
}

/// What names a type, or depends on what does, and is no twin or part of one: it goes with the old type and comes back over the new one.
pub(super) fn carried(twins: &[&Twin], context: &Context) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    for new_type in types(twins) {
        for user in context.live_users.get(&new_type.id()).into_iter().flatten() {
            let over_twin = |twin: &&Twin| {
                let part = || crate::refs::parts_of_column(context.schemas.live, &twin.after_id()).contains(user);
                twin.after_id() == *user || moves(user, twin, context) || part()
            };
            // A column that goes over to another type does so in a step of its own.
            let has_it = |column: &Column| column.type_name.qualified() == new_type.id().qualified();
            if matches!(context.schemas.live.get(user), Some(Object::Column(column)) if has_it(column)) {
                continue;
            }
            let goes_along = user.kind.is_satellite() || user.kind == Kind::DomainConstraint;
            if goes_along || !context.schemas.desired.contains(user) || twins.iter().any(over_twin) {
                continue;
            }
            found.extend(dependents(user, context));
            found.insert(user.clone());
        }
    }
    found.retain(|id| context.schemas.desired.contains(id));
    found
}

/// A policy that reads the column moves to the twin.
fn moves(id: &ObjectId, twin: &Twin, context: &Context) -> bool {
    match context.schemas.live.get(id) {
        Some(Object::Policy(policy)) => {
            let texts = [&policy.using, &policy.check];
            let reads = texts
                .into_iter()
                .flatten()
                .any(|expr| uses_word(&expr.text, &twin.after));
            policy.table == twin.table && reads
        }
        _ => false,
    }
}

/// Whether it goes and comes back in a moment: routines, and checks of other columns, which are validated apart.
pub(super) fn is_carried(id: &ObjectId, scene: &Scene) -> bool {
    let live = scene.context.schemas.live;
    !types(scene.twins).is_empty()
        && match live.get(id) {
            Some(Object::Routine(_)) => true,
            Some(Object::Constraint(Constraint { rule, table, .. })) => {
                matches!(rule, ConstraintRule::Check { .. }) && !scene.context.is_partitioned(table)
            }
            // Only its default is set aside.
            Some(Object::Column(column)) => column.generated.is_none(),
            _ => false,
        }
}

/// What keeps a type from being made anew beside its columns.
pub(super) fn obstacle(scene: &Scene) -> Option<String> {
    let Context { schemas, .. } = scene.context;
    if let Some(twin) = scene.twins.iter().find(|twin| label::default_ahead(twin)) {
        return Some(format!(
            "the default of {} has a label that the type does not have yet",
            twin.after_id()
        ));
    }
    if let Some(reason) = domain::obstacle(scene).or_else(|| attributes::obstacle(scene)) {
        return Some(reason);
    }
    let concerned = scene.twins.iter().filter(|twin| twin.anew.is_some());
    for table in concerned.map(|twin| &twin.table) {
        if family::is_partitioned(table, scene.context) {
            return Some(format!("{table} is partitioned, and the type of a column is made anew"));
        }
    }
    for new_type in types(scene.twins) {
        let id = new_type.id();
        let helper = new_type.helper_id();
        if !scene.original.contains(&id) {
            return Some("its type is itself renamed".into());
        }
        if [scene.original, schemas.live, schemas.desired]
            .iter()
            .any(|schema| schema.contains(&helper))
        {
            return Some("the name of the new type is taken".into());
        }
        // A column under an old name is renamed at the same time.
        let users = columns(&id, scene.context);
        if let Some((column, _)) = users.iter().find(|(column, _)| !scene.original.contains(&column.id())) {
            return Some(format!("{} is renamed, and its type is made anew", column.id()));
        }
    }
    None
}

/// The types that the twins need.
pub(super) fn made(scene: &Scene) -> Recipe {
    types(scene.twins)
        .into_iter()
        .map(|new_type| match new_type {
            Anew::Enum(labels) => {
                let mut helper = labels.desired.clone();
                helper.name = new_type.helper();
                Draft::instant(Phase::Expand, vec![Operation::create(helper)])
                    .because("A label cannot be removed or moved: this type takes the name in the end.")
            }
            Anew::Domain(based) => domain::made(based, new_type),
            Anew::Composite(attributes) => attributes::made(attributes, new_type),
        })
        .collect()
}

/// The new types take the names, once no column has the old ones.
pub(super) fn taken_over(scene: &Scene) -> Vec<Operation> {
    let mut operations = Vec::new();
    for new_type in types(scene.twins) {
        let id = new_type.id();
        operations.push(Operation::drop(id.clone()));
        operations.push(Operation::Rename {
            from: new_type.helper_id(),
            to: id.clone(),
        });
        operations.extend(satellites(&id, scene.context));
        match new_type {
            Anew::Enum(_) => {}
            Anew::Domain(based) => operations.extend(domain::completed(based, scene.context)),
            Anew::Composite(attributes) => operations.extend(attributes::completed(attributes, scene.context)),
        }
    }
    operations
}

/// PL/pgSQL remembers the types of variables: a function that names the type, or a column's, is replaced by itself.
pub(super) fn compiled_anew(scene: &Scene) -> Vec<Operation> {
    let Context { schemas, .. } = scene.context;
    let types = types(scene.twins);
    let mut operations = Vec::new();
    for (id, object) in schemas.desired.iter() {
        let Object::Routine(routine) = object else { continue };
        let Body::Source(source) = &routine.body else { continue };
        let source = source.to_lowercase();
        let names = |new_type: &&Anew| source.contains(&new_type.id().name.as_str().to_lowercase());
        let remembers = types.iter().any(names) || !types.is_empty() && source.contains("%type");
        if routine.language.as_str() == "plpgsql"
            && remembers
            && schemas.live.get(id) == Some(object)
            && !scene.views.contains(id)
        {
            operations.push(Operation::put(object.clone()));
        }
    }
    operations
}
