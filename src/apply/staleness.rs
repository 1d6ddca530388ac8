//! Whether the live schema is the one a plan expects.
//!
//! Before the first step it must have the plan's fingerprint. Later it must have the fingerprint that the journal kept at the
//! end of the last run. Where that run was cut off, the plan's own arithmetic decides: the schema at the start with the
//! effects of the steps that have run.

use std::collections::{BTreeMap, HashSet};

use crate::diff::{Delta, diff};
use crate::object::{Object, ObjectId};
use crate::pair::Pair;
use crate::plan::Baseline;
use crate::schema::Schema;

/// What differs between an expected state and the live schema, by the digests of objects; one line each.
pub fn differences(expected: &Baseline, live: &Schema) -> Vec<String> {
    if expected.fingerprint == live.fingerprint() {
        return vec![];
    }
    let lines = digest_lines(&expected.objects, &live.digests());
    if lines.is_empty() {
        // The digests are shorter than the fingerprint.
        vec!["its fingerprint differs".into()]
    } else {
        lines
    }
}

fn digest_lines(expected: &BTreeMap<String, String>, live: &BTreeMap<String, String>) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, digest) in expected {
        match live.get(id) {
            None => lines.push(format!("{id} is gone")),
            Some(other) if other != digest => lines.push(format!("{id} is different")),
            Some(_) => {}
        }
    }
    for id in live.keys().filter(|id| !expected.contains_key(*id)) {
        lines.push(format!("{id} is new"));
    }
    lines
}

/// What differs between a folded schema and the live one, object by object; objects that may look either way are left out.
pub fn fold_differences(expected: &Schema, live: &Schema, either: &HashSet<ObjectId>) -> Vec<String> {
    let mut expected = expected.clone();
    expected.change_all(|object| {
        if let Object::Subscription(subscription) = object {
            *subscription = subscription.without_run_state();
        }
    });
    diff(Pair::new(live, &expected))
        .into_iter()
        .filter(|delta| !either.contains(delta.id()))
        .map(|delta| match delta {
            Delta::Create(id) => format!("{id} is gone"),
            Delta::Drop(id) => format!("{id} is new"),
            Delta::Alter(id, _) => format!("{id} is different"),
            Delta::Replace(id, why) => format!("{id} is different: {why}"),
        })
        .collect()
}
