//! Materialized views that are made anew beside the old ones, so that reads wait only while the names change hands.

use std::collections::BTreeSet;

use crate::diff::Delta;
use crate::name::{Ident, QualifiedName};
use crate::object::index::{Index, IndexChange};
use crate::object::materialized_view::MaterializedView;
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::draft::Draft;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::{Class, Hazard, HazardKind, Phase};

/// The materialized views of a group, beside what stands over them.
pub(super) struct Beside<'a> {
    views: Vec<&'a MaterializedView>,
    context: &'a Context<'a>,
}

impl<'a> Beside<'a> {
    /// None where the group holds none, changes what cannot be changed in a moment, or where one of them would have to be read
    /// under its helper name.
    pub(super) fn of(members: &BTreeSet<ObjectId>, deltas: &[&Delta], context: &'a Context<'a>) -> Option<Self> {
        let Pair { live, desired } = context.schemas;
        let short = |delta: &&Delta| match delta {
            Delta::Replace(id, _) => matches!(id.kind, Kind::MaterializedView | Kind::View),
            Delta::Drop(id) => id.kind == Kind::Column,
            _ => false,
        };
        let known = |id: &ObjectId| {
            let top = live.top_level(id);
            id.kind == Kind::View || top.kind == Kind::MaterializedView && members.contains(&top)
        };
        let views: Vec<&MaterializedView> = members
            .iter()
            .filter(|id| live.contains(id))
            .filter_map(|id| match desired.get(id) {
                Some(Object::MaterializedView(view)) => Some(view),
                _ => None,
            })
            .collect();
        let beside = Self { views, context };
        let fits = |view: &&MaterializedView| {
            let id = view.id();
            let reads = desired.get(&id).map(|object| context.references.desired.of(object));
            let plain = |part: &ObjectId| *part == id || part.kind.is_satellite() || part.kind == Kind::Index;
            let names = || beside.renamed(view).into_iter().map(|(_, helper)| helper);
            reads.is_some_and(|reads| reads.is_disjoint(members))
                && desired.descendants(&id).iter().all(plain)
                && !names().any(|helper| live.contains(&helper) || desired.contains(&helper))
        };
        let usable = !beside.views.is_empty()
            && !context.wishes.all_in_place
            && members.is_disjoint(&context.wishes.in_place)
            && deltas.iter().all(short)
            && members.iter().all(known)
            && beside.views.iter().all(fits);
        usable.then_some(beside)
    }

    /// The views and indexes with their names while both stand.
    fn renamed(&self, view: &MaterializedView) -> Vec<(ObjectId, ObjectId)> {
        let indexes = self.context.schemas.desired.indexes(&view.name).map(Definition::id);
        std::iter::once(view.id())
            .chain(indexes)
            .map(|id| {
                let helper = id.with_own_name(&Ident::new(helper_name(id.own_name().as_str(), "new")));
                (id, helper)
            })
            .collect()
    }

    /// Whether the group would otherwise make this anew.
    pub(super) fn takes(&self, id: &ObjectId) -> bool {
        let top = self.context.schemas.live.top_level(id);
        self.views.iter().any(|view| view.id() == top)
    }

    /// What goes along.
    pub(super) fn taken(&self) -> BTreeSet<ObjectId> {
        let Pair { live, desired } = self.context.schemas;
        let parts = |view: &&MaterializedView| {
            let id = view.id();
            live.descendants(&id)
                .into_iter()
                .chain(desired.descendants(&id))
                .collect::<Vec<_>>()
        };
        self.views.iter().flat_map(parts).collect()
    }

    /// The new ones with their indexes, under names of ours.
    pub(super) fn made(&self) -> Draft {
        let mut operations = Vec::new();
        for view in &self.views {
            let helper = helper(&view.name);
            let made = MaterializedView {
                name: helper.clone(),
                ..(*view).clone()
            };
            operations.push(Operation::create(made));
            for index in self.context.schemas.desired.indexes(&view.name) {
                operations.push(Operation::create(Index {
                    name: self::helper(&index.name),
                    table: helper.clone(),
                    clustered: false,
                    ..index.clone()
                }));
            }
        }
        Draft::new(Phase::Contract, Class::Long, operations)
            .because("Beside the old one, which is read on while the query runs; it holds what the query finds now.")
    }

    /// The old ones go.
    pub(super) fn dropped(&self) -> Vec<Operation> {
        self.views.iter().map(|view| Operation::drop(view.id())).collect()
    }

    /// The new ones take the names.
    pub(super) fn named(&self) -> Vec<Operation> {
        let desired = self.context.schemas.desired;
        let mut operations = Vec::new();
        for view in &self.views {
            for (id, helper) in self.renamed(view) {
                operations.push(Operation::Rename {
                    from: helper,
                    to: id.clone(),
                });
                if matches!(desired.get(&id), Some(Object::Index(index)) if index.clustered) {
                    operations.push(Operation::alter(id, IndexChange::Clustered(true)));
                }
            }
            let parts = desired.descendants(&view.id());
            let spoken = parts.iter().filter(|part| part.kind.is_satellite());
            operations.extend(spoken.filter_map(|id| desired.get(id)).cloned().map(Operation::put));
        }
        operations
    }

    pub(super) fn hazards(&self) -> Vec<Hazard> {
        let hazard = |view: &&MaterializedView| Hazard {
            kind: HazardKind::BreaksOldApplication,
            object: view.id(),
            explanation: format!(
                "The columns of {} change, and reads of it wait for a moment.",
                view.name
            ),
        };
        self.views.iter().map(hazard).collect()
    }
}

fn helper(name: &QualifiedName) -> QualifiedName {
    QualifiedName {
        namespace: name.namespace.clone(),
        name: Ident::new(helper_name(name.name.as_str(), "new")),
    }
}
