//! Views over a column, and what else PostgreSQL ties to it: they go before it, and come back over the twin in the same transaction.

use std::collections::BTreeSet;

use crate::diff::Delta;
use crate::name::Ident;
use crate::object::{Kind, Object, ObjectId};
use crate::plan::Hazard;
use crate::plan::context::Context;
use crate::plan::strategy::rebuild::{self, Around, column_users, dependents, publications};
use crate::plan::strategy::recipe;
use crate::refs::may_read;
use crate::schema::Schema;

use super::{Scene, Twin};

/// The views that read one of the columns and what else is tied to it, and everything that names those. New views count where they
/// would be made over the old column.
pub(super) fn over(twins: &[&Twin], context: &Context) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    for twin in twins {
        found.extend(readers(&twin.before, twin, context.schemas.live, context));
        if !twin.both_ways() {
            found.extend(readers(&twin.after, twin, context.schemas.desired, context));
            found.extend(tied_to(twin, context));
        }
    }
    let direct: Vec<ObjectId> = found.iter().cloned().collect();
    found.extend(direct.iter().flat_map(|id| dependents(id, context)));
    found
}

fn readers(column: &Ident, twin: &Twin, schema: &Schema, context: &Context) -> Vec<ObjectId> {
    let tables: Vec<ObjectId> = twin.tables().map(|table| ObjectId::named(Kind::Table, table)).collect();
    let references = if std::ptr::eq(schema, context.schemas.live) {
        &context.references.live
    } else {
        &context.references.desired
    };
    schema
        .of_kind(Kind::View)
        .filter(|(_, object)| match object {
            Object::View(view) => {
                may_read(&view.query.text, column) && {
                    let named = references.of(object);
                    tables.iter().any(|table| named.contains(table))
                }
            }
            _ => false,
        })
        .map(|(id, _)| id.clone())
        .collect()
}

/// Policies of other tables, triggers, rules, functions and publications that name a column which keeps its name.
fn tied_to(twin: &Twin, context: &Context) -> impl Iterator<Item = ObjectId> {
    let moves_by_itself = |id: &ObjectId| match context.schemas.live.get(id) {
        Some(Object::Policy(policy)) => twin.is_of(&policy.table),
        _ => !comes_back(id),
    };
    let users = twin
        .after_ids()
        .flat_map(|id| column_users(&id, context).into_iter().chain(publications(&id, context)));
    let users: Vec<ObjectId> = users.filter(|id| !moves_by_itself(id)).collect();
    users.into_iter()
}

/// Whether something can go and come back in a moment.
pub(super) fn comes_back(id: &ObjectId) -> bool {
    let kinds = [
        Kind::View,
        Kind::Policy,
        Kind::Trigger,
        Kind::Rule,
        Kind::Function,
        Kind::Procedure,
        Kind::Publication,
    ];
    kinds.contains(&id.kind)
}

/// How they go and come back. One that goes for good under others of them goes with them, and one that
/// comes there comes with them.
pub(super) fn around(scene: &Scene) -> Around {
    let context = scene.context;
    let (staying, going): (BTreeSet<ObjectId>, BTreeSet<ObjectId>) = scene
        .views
        .iter()
        .cloned()
        .partition(|id| context.schemas.desired.contains(id));
    let between: BTreeSet<ObjectId> = going
        .into_iter()
        .filter(|id| !dependents(id, context).is_disjoint(&staying))
        .collect();
    let drops = between.iter().flat_map(|id| recipe(&Delta::Drop(id.clone()), context));
    let hazards: Vec<Hazard> = drops.flat_map(|draft| draft.hazards).collect();
    let coming = rebuild::views_that_come(&staying, &[], context);
    let mut around = rebuild::around(staying.into_iter().chain(between).chain(coming).collect(), context);
    around.hazards.extend(hazards);
    around
}
