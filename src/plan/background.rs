//! What a plan holds for its reviewers: nothing here is run or decides what runs.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Reach, Step, fold};
use crate::object::{Object, ObjectId};
use crate::schema::{Record, Schema, parents};

/// What the review shows beside the steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Background {
    /// For each step the steps that it waits for directly; steps that wait for none are left out.
    #[serde(default)]
    pub waits: BTreeMap<String, Vec<String>>,
    /// The part of the live schema that the plan concerns: what its steps change, and the whole of every relation that they
    /// change or lock. Folding the steps over it gives that part of the desired schema.
    #[serde(default)]
    pub touched: Vec<Object>,
    /// How large the live tables of that part are, by name; empty where no database was asked.
    #[serde(default)]
    pub sizes: BTreeMap<String, Size>,
    /// What the steps reach beside what they change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reach: Vec<Reach>,
    /// Routines that a hazard says to name what goes, each with the digest of its body (SHA-256, hex): contract takes such a body for
    /// approved.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bodies: BTreeMap<ObjectId, String>,
}

/// How large a table is, as the server believes, in two significant digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Size {
    /// Rows (`pg_class.reltuples`, partitions included); nothing before the first ANALYZE.
    #[serde(default)]
    pub rows: Option<u64>,
    /// Bytes of the table with its indexes and TOAST, partitions included.
    #[serde(default)]
    pub bytes: u64,
    /// Bytes of its rows alone, without indexes and TOAST, partitions included.
    #[serde(default)]
    pub heap: u64,
}

impl Size {
    /// From counts. They are rounded, so that a plan made again says the same while the table hardly changes.
    pub fn about(rows: Option<u64>, bytes: u64, heap: u64) -> Self {
        Self {
            rows: rows.map(rounded),
            bytes: rounded(bytes),
            heap: rounded(heap),
        }
    }
}

/// Two significant digits.
fn rounded(count: u64) -> u64 {
    let mut unit = 1;
    while count / unit >= 100 {
        unit *= 10;
    }
    (count / unit) * unit
}

impl Background {
    /// The schema that the steps are folded over.
    pub fn before(&self) -> Schema {
        let mut schema = Schema::new();
        for object in &self.touched {
            schema.put(object.clone());
        }
        schema
    }
}

/// The part of the live schema that a plan concerns, in the order of the live schema. `after` is the whole schema after the
/// steps, and `record` what they changed on the way there.
pub(super) fn touched(live: &Schema, after: &Schema, record: &Record, steps: &[Step]) -> Vec<Object> {
    let mut relations: BTreeSet<ObjectId> = BTreeSet::new();
    for id in record.keys() {
        relations.extend(live.relation(&id.subject().qualified()));
    }
    for lock in steps.iter().flat_map(|step| &step.facts.locks) {
        relations.extend(live.relation(&lock.relation));
    }
    let mut open: Vec<ObjectId> = relations.iter().cloned().collect();
    while let Some(id) = open.pop() {
        let Some(Object::Table(table)) = live.get(&id) else {
            continue;
        };
        for parent in parents(table).filter_map(|name| live.relation(name)) {
            if relations.insert(parent.clone()) {
                open.push(parent);
            }
        }
    }
    let mut ids: BTreeSet<ObjectId> = relations.iter().flat_map(|id| live.descendants(id)).collect();
    ids.extend(record.keys().filter(|id| live.contains(id)).cloned());
    let part = |keep: &dyn Fn(&ObjectId) -> bool| -> Vec<Object> {
        live.iter()
            .filter(|(id, _)| keep(id))
            .map(|(_, object)| object.clone())
            .collect()
    };
    let touched = part(&|id| ids.contains(id));
    let background = Background {
        touched,
        ..Background::default()
    };
    // What a step reads elsewhere in the schema is not recorded: where that matters, nothing is left out.
    let alone = fold::fold(&background.before(), steps);
    let same = alone.is_ok_and(|alone| {
        let mut all = record.keys().chain(ids.iter());
        all.all(|id| alone.get(id) == after.get(id))
    });
    if same { background.touched } else { part(&|_| true) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_two_digits() {
        for (count, about) in [(0, 0), (7, 7), (99, 99), (123, 120), (12_999_999, 12_000_000)] {
            assert_eq!(rounded(count), about, "{count}");
        }
    }
}
