//! Where a live database differs from the desired schema, object by object.

use serde::Serialize;
use similar::TextDiff;

use crate::diff::{Delta, diff};
use crate::object::ObjectId;
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::describe::describe;
use crate::schema::Schema;

/// How an object differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only the desired schema has it.
    Missing,
    /// Only the live schema has it.
    Extra,
    /// Both have it, and they are not the same.
    Different,
}

impl Difference {
    /// The same difference seen from the other side.
    pub fn turn(&mut self) {
        self.state = match self.state {
            State::Missing => State::Extra,
            State::Extra => State::Missing,
            other => other,
        };
    }
}

impl State {
    /// The sign in front of a line.
    pub fn sign(self) -> char {
        match self {
            Self::Missing => '-',
            Self::Extra => '+',
            Self::Different => '~',
        }
    }
}

/// One object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The object.
    pub object: String,
    /// How it differs.
    pub state: State,
    /// What would have to change in the database, or why it has to be made anew.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// The definitions side by side, as a unified difference from live to desired, where they are texts of several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Everything that differs. `sql` gives the statements of operations; it is used to show definitions.
pub fn differences(pair: Pair<&Schema>, sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>) -> Vec<Difference> {
    diff(pair)
        .into_iter()
        .map(|delta| {
            let object = delta.id().to_string();
            match delta {
                Delta::Create(_) => Difference {
                    object,
                    state: State::Missing,
                    changes: vec![],
                    text: None,
                },
                Delta::Drop(_) => Difference {
                    object,
                    state: State::Extra,
                    changes: vec![],
                    text: None,
                },
                Delta::Alter(id, changes) => Difference {
                    object,
                    state: State::Different,
                    text: text_difference(&id, pair, sql),
                    changes: changes
                        .into_iter()
                        .map(|change| describe(&Operation::alter(id.clone(), change)))
                        .collect(),
                },
                Delta::Replace(id, why) => Difference {
                    object,
                    state: State::Different,
                    text: text_difference(&id, pair, sql),
                    changes: vec![why],
                },
            }
        })
        .collect()
}

fn text_difference(
    id: &ObjectId,
    pair: Pair<&Schema>,
    sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>,
) -> Option<String> {
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

/// The differences as text, one object after the other.
pub fn text(differences: &[Difference]) -> String {
    let mut out = String::new();
    for difference in differences {
        out.push_str(&format!("{} {}\n", difference.state.sign(), difference.object));
        for change in &difference.changes {
            out.push_str(&format!("    {}\n", change.replace('\n', "\n    ")));
        }
        for line in difference.text.iter().flat_map(|text| text.lines()) {
            out.push_str(&format!("    {line}\n"));
        }
    }
    out
}
