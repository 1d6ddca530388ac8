//! One object that differs, and what would make the two sides the same, either way.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;
use similar::TextDiff;

use crate::diff::{Delta, diff};
use crate::object::enum_type::EnumChange;
use crate::object::range_type::RangeChange;
use crate::object::{Change, Comparison, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::Facts;
use crate::plan::describe::describe;
use crate::plan::locks::Observer;
use crate::schema::Schema;

/// How an object differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only the desired schema has it.
    Missing,
    /// Only the live schema has it.
    Extra,
    /// Both have it, and they are not the same.
    Different,
}

impl State {
    /// Every state.
    pub const ALL: [State; 3] = [Self::Missing, Self::Extra, Self::Different];

    /// The sign of what comes (`+`) and goes (`-`) on the way from live to desired.
    pub fn way(self) -> char {
        match self {
            Self::Missing => '+',
            Self::Extra => '-',
            Self::Different => '~',
        }
    }

    /// Where the object is, in words.
    pub fn place(self) -> &'static str {
        match self {
            Self::Missing => "missing in the database",
            Self::Extra => "only in the database",
            Self::Different => "differs",
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Different => "different",
        }
    }
}

/// One object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// Which object.
    #[serde(skip)]
    pub id: ObjectId,
    /// The object.
    pub object: String,
    /// How it differs.
    pub state: State,
    /// What lives in it and is missing or extra with it.
    pub with: Vec<String>,
    /// What would have to change in the database, or why it has to be made anew.
    pub changes: Vec<String>,
    /// The definitions side by side, as a unified difference from live to desired, where they are texts of several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The plain statements that would make the database as the files want it. `pgphase plan` says how to do the same while
    /// applications run. To run those of several differences, begin with the first.
    pub to_database: Vec<String>,
    /// What those statements delete for good: `every value of public.customers.fax`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loses: Option<String>,
    /// The statements that would make a database that is as the files want it like this one: what the files would have to say.
    /// To run those of several differences, begin with the last.
    pub to_files: Vec<String>,
}

/// Statements of operations on a schema.
type Sql<'a> = &'a dyn Fn(&[Operation], &Schema) -> Vec<String>;

/// Everything that differs; what lives in a missing or extra object is told with it. `sql` gives the statements of operations.
pub fn differences(pair: Pair<&Schema>, sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>) -> Vec<Difference> {
    let deltas = diff(pair);
    // What is lost depends neither on the version of the server nor on defaults.
    let observer = Observer::new(pair.live, pair.live, 0, &|_| false);
    let created: BTreeSet<&ObjectId> = deltas
        .iter()
        .filter_map(|delta| match delta {
            Delta::Create(id) => Some(id),
            _ => None,
        })
        .collect();
    deltas
        .iter()
        .filter(|delta| match delta {
            Delta::Create(id) => home(id, pair.desired).is_none_or(|home| !created.contains(&home)),
            _ => true,
        })
        .map(|delta| difference(delta, pair, sql, &observer))
        .collect()
}

/// What only has another name: renames that the files declare and that are still to do, from the live schema on.
pub fn renamed(
    renames: &[Operation],
    live: &Schema,
    sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>,
) -> Vec<Difference> {
    let mut schema = live.clone();
    let mut found = Vec::new();
    for operation in renames {
        let Some(id) = operation.subject() else { continue };
        let to_database = sql(std::slice::from_ref(operation), &schema);
        // Each has just been carried out on the same schema.
        let _ = operation.apply(&mut schema);
        found.push(Difference {
            object: id.to_string(),
            state: State::Different,
            with: vec![],
            changes: vec![describe(operation)],
            text: None,
            to_database,
            loses: None,
            to_files: back(operation).map_or_else(Vec::new, |back| sql(&[back], &schema)),
            id,
        });
    }
    found
}

/// The rename that undoes another one.
fn back(operation: &Operation) -> Option<Operation> {
    match operation {
        Operation::Rename { from, to } => Some(Operation::Rename {
            from: to.clone(),
            to: from.clone(),
        }),
        Operation::Alter { id, change } => {
            let change = match change {
                Change::EnumType(EnumChange::RenameLabel { from, to }) => Change::from(EnumChange::RenameLabel {
                    from: to.clone(),
                    to: from.clone(),
                }),
                Change::RangeType(RangeChange::Multirange { from, to }) => Change::from(RangeChange::Multirange {
                    from: to.clone(),
                    to: from.clone(),
                }),
                _ => return None,
            };
            Some(Operation::Alter { id: id.clone(), change })
        }
        _ => None,
    }
}

/// The object that this one lives in, where it lives in one.
fn home(id: &ObjectId, schema: &Schema) -> Option<ObjectId> {
    let parent = schema.get(id).and_then(Object::parent)?;
    let parent = schema.relation_or(&parent)?;
    // A satellite of a column is told with the table.
    Some(home(&parent, schema).unwrap_or(parent))
}

fn difference(delta: &Delta, pair: Pair<&Schema>, sql: Sql, observer: &Observer<'_>) -> Difference {
    let id = delta.id().clone();
    let (live, desired) = (pair.live, pair.desired);
    let to_database = lead(&id, live, desired);
    let (state, changes) = match delta {
        Delta::Create(_) => (State::Missing, vec![]),
        Delta::Drop(_) => (State::Extra, vec![]),
        Delta::Alter(id, changes) => {
            let words = changes
                .iter()
                .map(|change| describe(&Operation::alter(id.clone(), change.clone())));
            (State::Different, words.collect())
        }
        Delta::Replace(_, why) => (State::Different, vec![why.clone()]),
    };
    let whole = match state {
        State::Missing => desired,
        State::Extra | State::Different => live,
    };
    let with = match state {
        State::Different => vec![],
        State::Missing | State::Extra => {
            let parts = whole.descendants(&id).into_iter().skip(1);
            parts.map(|part| part.to_string()).collect()
        }
    };
    Difference {
        object: id.to_string(),
        state,
        with,
        changes,
        text: (state == State::Different)
            .then(|| text_difference(&id, pair, sql))
            .flatten(),
        loses: lost(&to_database, live, observer),
        to_database: sql(&to_database, live),
        to_files: sql(&lead(&id, desired, live), desired),
        id,
    }
}

/// What operations on the live schema delete for good.
fn lost(operations: &[Operation], live: &Schema, observer: &Observer<'_>) -> Option<String> {
    let mut all = Facts::default();
    for operation in operations {
        all.merge(observer.facts(operation, live));
    }
    (!all.loses.is_empty()).then_some(all.loses)
}

/// The operations that make an object of one schema what it is in the other.
fn lead(id: &ObjectId, from: &Schema, to: &Schema) -> Vec<Operation> {
    match (from.get(id), to.get(id)) {
        (None, Some(_)) => creates(id, to),
        (Some(_), None) => vec![Operation::drop(id.clone())],
        (Some(old), Some(new)) => match old.compare(new) {
            Comparison::Same => vec![],
            Comparison::Altered(changes) => alters(id, changes),
            Comparison::Replaced(_) => {
                let mut operations = vec![Operation::drop(id.clone())];
                operations.extend(creates(id, to));
                operations
            }
        },
        (None, None) => vec![],
    }
}

fn alters(id: &ObjectId, changes: Vec<Change>) -> Vec<Operation> {
    changes
        .into_iter()
        .map(|change| Operation::alter(id.clone(), change))
        .collect()
}

/// The object and all that lives in it.
fn creates(id: &ObjectId, schema: &Schema) -> Vec<Operation> {
    let mut ids = schema.descendants(id);
    ids.sort_by_key(|part| part.kind.place_in_definition());
    ids.iter()
        .filter_map(|id| schema.get(id))
        .map(|object| Operation::create(object.clone()))
        .collect()
}

fn text_difference(id: &ObjectId, pair: Pair<&Schema>, sql: Sql) -> Option<String> {
    let definition = |schema: &Schema| -> Option<String> {
        let object = schema.get(id)?;
        let mut text = sql(&[Operation::create(object.clone())], schema).join(";\n");
        text.push('\n');
        Some(text)
    };
    let (live, desired) = (definition(pair.live)?, definition(pair.desired)?);
    let long = live.lines().count() > 2 && desired.lines().count() > 2;
    if !long || live == desired {
        return None;
    }
    let text = TextDiff::from_lines(&live, &desired)
        .unified_diff()
        .context_radius(2)
        .header("live", "desired")
        .to_string();
    Some(text)
}
