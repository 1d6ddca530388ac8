//! What the tables below say again, or in turn, when a column of a partitioned table or parent changes.
//!
//! **The danger.** PostgreSQL takes some changes down to every table below, over what a partition or child has of its own, and others
//! not even to those that never had anything else ([`Reach`]). What is said of a table in between reaches those below it once more.
//!
//! | change | which tables | what |
//! |---|---|---|
//! | default, storage, statistics target | those with another one of their own | the same again, in the transaction of the change |
//! | type | those with storage or compression of their own | the same again: it is forgotten with the type |
//! | compression, options | those that have what the parent has | the change itself |
//! | NOT NULL | see `alter_column` and `not_null` | |

use crate::name::QualifiedName;
use crate::object::column::{ColumnChange, Reach};
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::Phase;
use crate::plan::context::Context;

/// What is said of the tables below together with such a change of a column.
pub(super) fn told(id: &ObjectId, change: &ColumnChange, phase: Phase, context: &Context) -> Vec<Operation> {
    match (change, change.reach()) {
        (
            ColumnChange::Default(_)
            | ColumnChange::Storage(_)
            | ColumnChange::Statistics(_)
            | ColumnChange::Generated(Some(_)),
            _,
        ) => again(id, change, phase, context),
        (ColumnChange::Type { .. }, _) => forgotten(id, phase, context),
        (_, Reach::Alone) => in_turn(id, change, context),
        (_, Reach::Below | Reach::Version) => Vec::new(),
    }
}

/// Those that keep what they have although the change goes down to them. A default that a child gives up stays until contract, as the
/// old application may rely on it.
fn again(id: &ObjectId, change: &ColumnChange, phase: Phase, context: &Context) -> Vec<Operation> {
    let parent = context.desired_column(&id.qualified(), id.own_name());
    let said = parent.and_then(|parent| change.as_in(parent));
    let wanted = |table: &QualifiedName| -> Option<ColumnChange> {
        // One that comes with the plan takes what its parent has by then (`order`).
        if context.is_new(table) && phase < Phase::Contract {
            return None;
        }
        let own = context.schemas.desired.column(table, id.own_name())?;
        let live = context.schemas.live.column(table, id.own_name());
        if let (ColumnChange::Default(_), None, Some(live)) = (change, &own.default, live)
            && phase < Phase::Contract
        {
            return change.as_in(live);
        }
        change.as_in(own).filter(|_| change.fits(own))
    };
    let mut operations = Vec::new();
    let below = |table: &QualifiedName, reached: bool| -> Vec<(QualifiedName, bool)> {
        // What leaves the parent later on is below it until then.
        let leaving = context.schemas.live.heirs(table).map(|heir| &heir.name);
        let staying = context.heirs(table);
        let leaving = leaving.filter(|heir| !staying.contains(heir));
        staying
            .iter()
            .chain(leaving)
            .map(|heir| (heir.clone(), reached))
            .collect()
    };
    let mut tables = below(&id.qualified(), false);
    while let Some((table, reached)) = tables.pop() {
        let again = wanted(&table).filter(|wanted| reached || Some(wanted) != said.as_ref());
        let reached = reached || again.is_some();
        operations
            .extend(again.map(|change| Operation::alter(ObjectId::part(Kind::Column, &table, id.own_name()), change)));
        tables.extend(below(&table, reached));
    }
    operations
}

/// What those below lose with the type, and have afterwards.
fn forgotten(id: &ObjectId, phase: Phase, context: &Context) -> Vec<Operation> {
    let mut operations = again(id, &ColumnChange::Storage(None), phase, context);
    let heirs = context.schemas.desired.all_heirs(&id.qualified()).into_iter();
    let columns = heirs.filter(|heir| !context.is_new(heir)).filter_map(|heir| {
        let compression = context.desired_column(&heir, id.own_name())?.compression.clone()?;
        let column = ObjectId::part(Kind::Column, &heir, id.own_name());
        Some(Operation::alter(column, ColumnChange::Compression(Some(compression))))
    });
    operations.extend(columns);
    operations
}

/// Those that go on to have what their parent has. What is a table's own is a difference of its own, and rules those below it.
fn in_turn(id: &ObjectId, change: &ColumnChange, context: &Context) -> Vec<Operation> {
    let Pair { live, desired } = context.schemas;
    let mut operations = Vec::new();
    let mut parents = vec![id.qualified()];
    while let Some(parent) = parents.pop() {
        for heir in context.heirs(&parent) {
            let column = ObjectId::part(Kind::Column, heir, id.own_name());
            if live.contains(&column) || desired.contains(&column) || context.is_new(heir) {
                continue;
            }
            operations.push(Operation::alter(column, change.clone()));
            parents.push(heir.clone());
        }
    }
    operations
}
