//! Changes that would wait for each other if each had a step of its own, and so happen in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use super::Group;
use crate::diff::Delta;
use crate::name::QualifiedName;
use crate::object::column::{Column, ColumnChange};
use crate::object::{Change, Kind, ObjectId};
use crate::plan::Class;
use crate::plan::context::Context;
use crate::plan::draft::Draft;
use crate::plan::strategy::constraint::goes_first;
use crate::plan::strategy::recipe;

/// Makes one group of those that would wait for each other, with the indexes and constraints that they would wait for.
pub(super) fn tie(groups: Vec<Group>, deltas: &[Delta], context: &Context) -> Vec<Group> {
    let tied = &context.wishes.tied;
    let (waiting, mut others): (Vec<Group>, Vec<Group>) = groups.into_iter().partition(|(at, members)| {
        let own = at.iter().filter_map(|at| deltas.get(*at)).map(Delta::id);
        own.chain(members).any(|id| tied.contains(id))
    });
    let joined = waiting.into_iter().reduce(|mut all, (at, members)| {
        all.0.extend(at);
        all.1.extend(members);
        all
    });
    others.extend(joined.map(|(at, mut members)| {
        members.extend(
            deltas
                .iter()
                .filter(|delta| matches!(delta, Delta::Replace(..)) && is_tied(delta, context))
                .map(|delta| delta.id().clone()),
        );
        (at, members)
    }));
    others
}

/// Whether this is an index or constraint that is made anew together with what it would wait for, or a default that is given with
/// the enumerated type of its column.
pub fn is_tied(delta: &Delta, context: &Context) -> bool {
    match delta {
        Delta::Replace(id, _) => {
            matches!(id.kind, Kind::Index | Kind::Constraint | Kind::DomainConstraint)
                && context.wishes.tied.contains(id)
                && !goes_first(id, context)
        }
        Delta::Alter(id, changes) => {
            let only_default = changes
                .iter()
                .all(|change| matches!(change, Change::Column(ColumnChange::Default(_))));
            let column = context.desired_column(&id.qualified(), id.own_name());
            let tied = |column: &Column| {
                let name = column.type_name.qualified();
                context.wishes.tied.contains(&ObjectId::named(Kind::EnumType, &name))
            };
            only_default && id.kind == Kind::Column && column.is_some_and(tied)
        }
        _ => false,
    }
}

pub(super) fn works_on_rows(draft: &Draft) -> bool {
    matches!(
        draft.class,
        Class::Check | Class::Backfill | Class::Long | Class::Concurrent
    )
}

/// The columns of each table whose types are changed in place while others wait: several of one table at once, so that it is rewritten
/// once, and an index over two of them never sees one with the old type; a single one where it would wait for others.
pub(super) fn retyped<'a>(deltas: &'a [Delta], context: &Context) -> BTreeMap<QualifiedName, BTreeSet<&'a ObjectId>> {
    let mut found: BTreeMap<QualifiedName, BTreeSet<&ObjectId>> = BTreeMap::new();
    for delta in deltas {
        let Delta::Alter(id, changes) = delta else { continue };
        let changes_type = changes
            .iter()
            .any(|change| matches!(change, Change::Column(ColumnChange::Type { .. })));
        if !changes_type {
            continue;
        }
        let recipe = recipe(delta, context);
        let tied = context.wishes.tied.contains(id);
        // Work on rows has steps of its own, which a transaction with others has no place for.
        if recipe.iter().any(|draft| draft.class == Class::Blocking) && (tied || !recipe.iter().any(works_on_rows)) {
            found.entry(id.qualified()).or_default().insert(id);
        }
    }
    found.retain(|_, columns| columns.len() > 1 || columns.iter().any(|id| context.wishes.tied.contains(*id)));
    found
}
