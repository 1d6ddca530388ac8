//! How the definitions differ, as people read them: the statements that make an object with all that lives in it, compared line
//! by line.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::Serialize;
use similar::TextDiff;

use super::Mark;
use crate::object::{Object, ObjectId};
use crate::operation::Operation;
use crate::render::{script, statements::statements};
use crate::schema::Schema;

/// The definition of an object that differs, parts and satellites included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Definition {
    /// The object.
    pub object: String,
    /// How it differs.
    pub mark: Mark,
    /// The lines: a space, `-` or `+`, and a line of SQL; `...` alone where lines that are the same are left out.
    pub diff: String,
}

/// Every object whose definition differs, in the order in which a schema is best read.
pub(super) fn differences(before: &Schema, after: &Schema) -> Vec<Definition> {
    let (old, new) = (groups(before), groups(after));
    let homes: BTreeSet<&ObjectId> = old.keys().chain(new.keys()).collect();
    let nothing = Vec::new();
    homes
        .into_iter()
        .filter_map(|home| {
            let was = old.get(home).unwrap_or(&nothing);
            let is = new.get(home).unwrap_or(&nothing);
            let mark = match (was.is_empty(), is.is_empty()) {
                (true, _) => Mark::Added,
                (_, true) => Mark::Removed,
                _ if was.len() == is.len() && was.iter().all(|object| is.contains(object)) => return None,
                _ => Mark::Changed,
            };
            let places: BTreeMap<ObjectId, usize> =
                was.iter().enumerate().map(|(at, object)| (object.id(), at)).collect();
            let diff = unified(&definition(was, &places, before), &definition(is, &places, after));
            (!diff.is_empty()).then(|| Definition {
                object: home.to_string(),
                mark,
                diff,
            })
        })
        .collect()
}

/// Objects by what they are shown with: a relation with its parts, and everything with its satellites.
fn groups(schema: &Schema) -> BTreeMap<ObjectId, Vec<&Object>> {
    let mut groups: BTreeMap<ObjectId, Vec<&Object>> = BTreeMap::new();
    for (id, object) in schema.iter() {
        let home = home(id, schema);
        let group = groups.entry(home.clone()).or_default();
        if *id == home {
            group.insert(0, object);
        } else {
            group.push(object);
        }
    }
    for (home, group) in &mut groups {
        // The schema lists objects in no order, and the parts of a relation in theirs.
        let places: HashMap<&ObjectId, usize> = schema.children(home).enumerate().map(|(at, id)| (id, at)).collect();
        group.sort_by_cached_key(|object| {
            let id = object.id();
            (id != *home, places.get(&id).copied().unwrap_or(usize::MAX))
        });
    }
    groups
}

fn home(id: &ObjectId, schema: &Schema) -> ObjectId {
    let subject = id.subject();
    match schema.get(subject) {
        Some(Object::Index(index)) => schema.relation(&index.table),
        _ if subject.part.is_some() => schema.relation(&subject.qualified()),
        _ => None,
    }
    .unwrap_or_else(|| subject.clone())
}

/// The statements of a group. Columns stand where they stood before, new ones behind them.
fn definition(group: &[&Object], places: &BTreeMap<ObjectId, usize>, schema: &Schema) -> String {
    let mut objects: Vec<&&Object> = group.iter().collect();
    objects.sort_by_key(|object| {
        let id = object.id();
        let rank = id.kind.place_in_definition();
        let place = places.get(&id).copied().unwrap_or(usize::MAX);
        // Beside columns, whose order is told by the schema, names decide.
        let name = if rank > 1 { id.to_string() } else { String::new() };
        (rank, place, name)
    });
    let operations: Vec<Operation> = objects
        .into_iter()
        .map(|object| Operation::create((*object).clone()))
        .collect();
    script::statements(&statements(&operations, schema))
}

fn unified(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().context_radius(3).to_string();
    let mut out = String::new();
    for line in text.lines() {
        if line.starts_with("@@") {
            if !out.is_empty() {
                out.push_str("...\n");
            }
        } else {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    out
}
