//! Partitions that others have made, and dropped or detached since a plan began.

use std::collections::HashSet;

use tokio_postgres::Client;

use super::error::ApplyError;
use super::state::start_of;
use crate::attach;
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::file::PlanFolder;
use crate::render::may_go::partition;
use crate::schema::Schema;

/// Those of them that are gone: what the plan does to them is done (`render::may_go`).
#[derive(Default)]
pub(super) struct Gone {
    pub(super) partitions: HashSet<ObjectId>,
    /// The schema that the plan started from.
    start: Schema,
}

impl Gone {
    pub(super) async fn read(client: &Client, folder: &PlanFolder, live: &Schema) -> Result<Self, ApplyError> {
        let is_partition = |schema: &Schema, id: &ObjectId| {
            let table = schema.table(&id.qualified()).filter(|_| id.kind == Kind::Table);
            table.is_some_and(|table| table.partition_of.is_some())
        };
        let kept = folder.plan.baseline.kept.iter();
        let missing: Vec<&ObjectId> = kept.filter(|id| !is_partition(live, id)).collect();
        if missing.is_empty() {
            return Ok(Self::default());
        }
        let Some(start) = start_of(client, &folder.id()).await? else {
            return Ok(Self::default());
        };
        let were = missing.into_iter().filter(|id| is_partition(&start, id));
        // Partitions of one that was detached go with it.
        let with_own = |id: &ObjectId| {
            let below = attach::partitions(&start, &id.qualified()).into_iter();
            let below = below.map(|name| ObjectId::named(Kind::Table, &name));
            std::iter::once(id.clone()).chain(below.filter(|id| folder.plan.baseline.kept.contains(id)))
        };
        let partitions = were.flat_map(with_own).collect();
        Ok(Self { partitions, start })
    }

    /// The steps outside a transaction that build on nothing but these. A step in a transaction asks for itself (`render::may_go`).
    pub(super) fn steps<'a>(&self, folder: &'a PlanFolder) -> HashSet<&'a str> {
        let builds_on_one = |operation: &Operation| {
            matches!(operation, Operation::Create { .. })
                && operation.is_concurrent()
                && partition(operation, &self.start).is_some_and(|id| self.partitions.contains(&id))
        };
        let steps = folder.plan.steps.iter();
        steps
            .filter(|step| step.operations.iter().all(builds_on_one))
            .map(|step| step.id.as_str())
            .collect()
    }
}
