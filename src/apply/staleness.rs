//! Whether the live schema is the one a plan expects.
//!
//! Before the first step it must have the plan's fingerprint. Later it must have the fingerprint that the journal kept at the
//! end of the last run, as far as the plan reaches. Where that run was cut off, the plan's own arithmetic decides: the schema at
//! the start with the effects of the steps that have run.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use crate::diff::{Delta, diff};
use crate::name::Ident;
use crate::object::index::Index;
use crate::object::{Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::plan::Baseline;
use crate::schema::Schema;

/// One object that is not as expected, or what else there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The id of the object, as text; none where only the whole can be told.
    pub object: Option<String>,
    /// What is with it: "is gone".
    pub how: String,
}

impl Difference {
    fn of(object: &impl fmt::Display, how: impl Into<String>) -> Self {
        Self {
            object: Some(object.to_string()),
            how: how.into(),
        }
    }

    /// What is no object.
    pub(super) fn whole(how: impl Into<String>) -> Self {
        Self {
            object: None,
            how: how.into(),
        }
    }

    /// An object that nobody expected.
    pub(super) fn new(object: &ObjectId) -> Self {
        Self::of(object, "is new")
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.object {
            Some(object) => write!(f, "{object} {}", self.how),
            None => f.write_str(&self.how),
        }
    }
}

/// The index of a partitioned table is not valid as long as a partition that came meanwhile lacks it; no other one becomes invalid.
pub(super) fn lacking_on_newcomers(expected: &mut Schema, live: &Schema) {
    let lacking = |id: &ObjectId, index: &Index| {
        let partitioned = live
            .table(&index.table)
            .is_some_and(|table| table.partition_by.is_some());
        partitioned && matches!(live.get(id), Some(Object::Index(now)) if now.invalid && !index.invalid)
    };
    let indexes = expected.of_kind(Kind::Index).filter_map(|(id, object)| match object {
        Object::Index(index) if lacking(id, index) => Some(Index {
            invalid: true,
            ..index.clone()
        }),
        _ => None,
    });
    for index in indexes.collect::<Vec<Index>>() {
        expected.put(index);
    }
}

/// What differs between an expected state and the live schema, by the digests of objects; one for each.
pub fn differences(expected: &Baseline, live: &Schema) -> Vec<Difference> {
    if expected.fingerprint == live.fingerprint() {
        return vec![];
    }
    let found = by_digest(&expected.objects, &live.digests());
    if found.is_empty() {
        // The digests are shorter than the fingerprint.
        vec![Difference::whole("its fingerprint differs")]
    } else {
        found
    }
}

/// Objects that are in one of the two only, by their names. The namespace `public` is in every database and in few files.
pub fn other_objects(expected: &Baseline, schema: &Schema) -> Vec<Difference> {
    let mut names = schema.digests();
    for (id, digest) in &mut names {
        if let Some(same) = expected.objects.get(id) {
            digest.clone_from(same);
        }
    }
    let mut found = by_digest(&expected.objects, &names);
    let public = ObjectId::global(Kind::Namespace, &Ident::new("public")).to_string();
    found.retain(|difference| difference.object.as_ref() != Some(&public));
    found
}

fn by_digest(expected: &BTreeMap<String, String>, live: &BTreeMap<String, String>) -> Vec<Difference> {
    let mut found = Vec::new();
    for (id, digest) in expected {
        match live.get(id) {
            None => found.push(Difference::of(id, "is gone")),
            Some(other) if other != digest => found.push(Difference::of(id, "is different")),
            Some(_) => {}
        }
    }
    let new = live.keys().filter(|id| !expected.contains_key(*id));
    found.extend(new.map(|id| Difference::of(id, "is new")));
    found
}

/// What differs between a folded schema and the live one, object by object; objects that may look either way are left out.
pub fn fold_differences(expected: &Schema, live: &Schema, either: &HashSet<ObjectId>) -> Vec<Difference> {
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
            Delta::Create(id) => Difference::of(&id, "is gone"),
            Delta::Drop(id) => Difference::of(&id, "is new"),
            Delta::Alter(id, _) => Difference::of(&id, "is different"),
            Delta::Replace(id, why) => Difference::of(&id, format!("is different: {why}")),
        })
        .collect()
}
