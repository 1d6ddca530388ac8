//! Columns of an enumerated type whose labels go or move.
//!
//! PostgreSQL neither removes nor moves a label. A second type stands beside the first one, each column has a twin of it, and in the
//! moment of the switch the second type takes the name. A row with a label that goes has no value in the twin: the check before the switch
//! asks for none to be left, unless `@using` says what becomes of it. What the old application writes is refused only when that is proved.

use std::collections::BTreeSet;

use crate::diff::Delta;
use crate::expr::{Expr, may_have_label};
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::enum_type::EnumType;
use crate::object::routine::Body;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::plan::Phase;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::nulls::Nulls;
use crate::plan::strategy::is_volatile;
use crate::plan::strategy::not_null::{data_check, helper_name};
use crate::plan::strategy::rebuild::dependents;
use crate::plan::strategy::satellites;
use crate::refs::uses_word;
use crate::sql::{list, literal};
use crate::types::TypeName;

use super::convert::Way;
use super::{OldDefault, Scene, Twin, family};

/// The type of a twin that is made anew.
pub(super) struct Labels<'a> {
    live: &'a EnumType,
    desired: &'a EnumType,
    /// The value whose label is taken over: the column, or what `@using` says.
    pub(super) source: String,
    /// Whether `@using` says it.
    pub(super) told: bool,
}

impl Labels<'_> {
    pub(super) fn id(&self) -> ObjectId {
        self.desired.id()
    }

    /// Its name while both types stand.
    pub(super) fn helper(&self) -> QualifiedName {
        QualifiedName {
            namespace: self.desired.name.namespace.clone(),
            name: Ident::new(helper_name(self.desired.name.name.as_str(), "new")),
        }
    }

    fn removed(&self) -> Vec<&String> {
        let stays = |label: &&String| !self.desired.labels.contains(*label);
        self.live.labels.iter().filter(stays).collect()
    }

    /// Whether a value of the source has a label that the new type does not know; what `@using` says may be any text.
    fn unknown(&self, array: bool) -> Option<String> {
        if self.told && !array {
            let labels = list(self.desired.labels.iter().map(|label| literal(label)));
            return Some(format!("({})::text NOT IN ({labels})", self.source));
        }
        let removed = self.removed();
        let names = list(removed.iter().map(|label| literal(label)));
        (!removed.is_empty()).then(|| match array {
            true => format!("({})::text[] OPERATOR(pg_catalog.&&) ARRAY[{names}]", self.source),
            false => format!("({})::text IN ({names})", self.source),
        })
    }

    fn value(&self, to: &TypeName) -> String {
        let text = if to.array { "text[]" } else { "text" };
        let value = format!("({})::{text}::{to}", self.source);
        match self.unknown(to.array) {
            Some(unknown) => format!("CASE WHEN {unknown} THEN NULL ELSE {value} END"),
            None => value,
        }
    }
}

/// A twin for each column of a type that is made anew.
pub(super) fn twins<'a>(deltas: &[Delta], context: &Context<'a>) -> Vec<Twin<'a>> {
    let mut twins = Vec::new();
    for delta in deltas {
        let Delta::Replace(id, _) = delta else { continue };
        let (Some(Object::EnumType(live)), Some(Object::EnumType(desired))) =
            (context.schemas.live.get(id), context.schemas.desired.get(id))
        else {
            continue;
        };
        let columns = columns(id, context);
        if columns.iter().any(|(live, _)| super::in_place(&live.id(), context)) {
            continue;
        }
        twins.extend(
            columns
                .into_iter()
                .map(|(before, after)| twin((live, desired), before, after, context)),
        );
    }
    twins
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

fn twin<'a>(
    (live, desired): (&'a EnumType, &'a EnumType),
    before: &'a Column,
    after: &'a Column,
    context: &Context<'a>,
) -> Twin<'a> {
    let using = context.wishes.using.get(&before.id());
    let labels = Labels {
        live,
        desired,
        told: using.is_some(),
        source: using.map_or_else(|| before.name.to_string(), |expr| format!("({})", expr.text)),
    };
    let helper = labels.helper();
    let meanwhile = TypeName {
        namespace: helper.namespace,
        name: helper.name,
        ..after.type_name.clone()
    };
    let path = using.map(|expr| expr.path.clone()).unwrap_or_default();
    Twin {
        table: before.table.clone(),
        before: before.name.clone(),
        name: Ident::new(helper_name(before.name.as_str(), "new")),
        after: before.name.clone(),
        live: before,
        desired: after,
        forth: Way::Expr(Expr::under(labels.value(&meanwhile), &path)),
        back: None,
        default: None,
        old_default: match before.default.clone() {
            None => OldDefault::None,
            Some(default) if is_volatile(&default, context) => OldDefault::Volatile,
            Some(default) => OldDefault::Stable(default),
        },
        nulls: Nulls::Plain,
        heirs: family::heirs(&before.table, context.schemas.live),
        meanwhile,
        labels: Some(labels),
    }
}

/// The types of a group, each once.
pub(super) fn types<'t, 'a>(twins: &[&'t Twin<'a>]) -> Vec<&'t Labels<'a>> {
    let mut types: Vec<&Labels> = Vec::new();
    for labels in twins.iter().filter_map(|twin| twin.labels.as_ref()) {
        if types.iter().all(|known| known.id() != labels.id()) {
            types.push(labels);
        }
    }
    types
}

/// What names a type, or depends on what does, and is no twin or part of one: it goes with the old type and comes back over the new one.
pub(super) fn carried(twins: &[&Twin], context: &Context) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    for labels in types(twins) {
        for user in context.live_users.get(&labels.id()).into_iter().flatten() {
            let over_twin = |twin: &&Twin| {
                let part = || crate::refs::parts_of_column(context.schemas.live, &twin.after_id()).contains(user);
                twin.after_id() == *user || moves(user, twin, context) || part()
            };
            // A column that goes over to another type does so in a step of its own.
            let has_it = |column: &Column| column.type_name.qualified() == labels.id().qualified();
            if matches!(context.schemas.live.get(user), Some(Object::Column(column)) if has_it(column)) {
                continue;
            }
            if user.kind.is_satellite() || !context.schemas.desired.contains(user) || twins.iter().any(over_twin) {
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
    if let Some(twin) = scene.twins.iter().find(|twin| default_ahead(twin)) {
        return Some(format!(
            "the default of {} has a label that the type does not have yet",
            twin.after_id()
        ));
    }
    let labelled = scene.twins.iter().filter(|twin| twin.labels.is_some());
    for table in labelled.map(|twin| &twin.table) {
        if family::is_partitioned(table, scene.context) {
            return Some(format!("{table} is partitioned, and the type of a column is made anew"));
        }
    }
    for labels in types(scene.twins) {
        let id = labels.id();
        let helper = ObjectId::named(Kind::EnumType, &labels.helper());
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
        .map(|labels| {
            let helper = EnumType {
                name: labels.helper(),
                ..labels.desired.clone()
            };
            Draft::instant(Phase::Expand, vec![Operation::create(helper)])
                .because("A label cannot be removed or moved: this type takes the name in the end.")
        })
        .collect()
}

/// Another default comes at once: the old one may have a label that rows shall no longer have.
pub(super) fn default_of_both(twin: &Twin) -> Option<Operation> {
    let default = twin.desired.default.clone().filter(|_| twin.labels.is_some())?;
    let differs = twin.live.default.as_ref() != Some(&default);
    differs.then(|| Operation::alter(twin.before_id(), ColumnChange::Default(Some(default))))
}

/// Whether the new default has a label that the type does not know yet.
fn default_ahead(twin: &Twin) -> bool {
    let (Some(labels), Some(default)) = (&twin.labels, &twin.desired.default) else {
        return false;
    };
    let name = labels.id().qualified();
    let mut new = labels
        .desired
        .labels
        .iter()
        .filter(|label| !labels.live.labels.contains(label));
    new.any(|label| may_have_label(&default.text, &default.path, &name, label))
}

/// No row has a label that goes.
pub(super) fn unknown(twin: &Twin) -> Recipe {
    let Some(labels) = &twin.labels else {
        return Recipe::new();
    };
    let unknown = labels.unknown(twin.meanwhile.array);
    unknown
        .map(|unknown| {
            data_check(
                &twin.table,
                format!("hold a label in {} that the type no longer has", twin.after),
                format!("SELECT * FROM {} WHERE {unknown}", twin.table),
            )
        })
        .into_iter()
        .collect()
}

/// The new types take the names, once no column has the old ones.
pub(super) fn taken_over(scene: &Scene) -> Vec<Operation> {
    let mut operations = Vec::new();
    for labels in types(scene.twins) {
        let id = labels.id();
        operations.push(Operation::drop(id.clone()));
        operations.push(Operation::Rename {
            from: ObjectId::named(Kind::EnumType, &labels.helper()),
            to: id.clone(),
        });
        operations.extend(satellites(&id, scene.context));
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
        let names = |labels: &&Labels| source.contains(&labels.desired.name.name.as_str().to_lowercase());
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
