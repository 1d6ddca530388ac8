//! `rollback.sql`: the inverses of all steps, last step first; written for people and `psql`, and read back by `pgphase rollback`.

use crate::operation::Operation;
use crate::plan::inverse::{Way, WayBack, way_back};
use crate::plan::{Class, Plan, Step};
use crate::render::script;
use crate::schema::Schema;

const UNDO: &str = "-- undo ";
const NOTHING: &str = "-- nothing to undo for ";
const IMPOSSIBLE: &str = "-- cannot undo ";
const LOST: &str = "-- without what was lost: ";
const AGAIN: &str = "-- to run again afterwards: ";
const FIRST: &str = "-- first, each statement alone:";
const TOGETHER: &str = "-- then, together:";

/// How one step is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undo {
    /// There is nothing to do.
    Nothing,
    /// There is no way back, for this reason.
    Impossible(String),
    /// Statements to run.
    Sql {
        /// Statements that run before, each alone, and may be run again.
        first: String,
        /// They run in one transaction; without, each alone.
        transaction: bool,
        /// The statements, `BEGIN` and `COMMIT` included.
        text: String,
        /// What does not come back with them.
        lost: Option<String>,
        /// Steps before contract that are to run again afterwards.
        again: Vec<String>,
    },
}

/// The script that leads from the end of a plan back to its beginning; `live` is the schema the plan starts from, `sql`
/// gives the statements of operations on the schema before them.
pub fn rollback(plan: &Plan, live: &Schema, sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>) -> String {
    let mut text = format!(
        "-- Undoes plan {}, last step first: pgphase rollback . --to PHASE runs the part whose steps have run, and nothing else.\n\
         -- With psql, run only that part: the steps are marked. What a step deleted does not come back.\n",
        script::comment_text(&plan.name)
    );
    if plan.is_empty() {
        text.push_str("\n-- Nothing to undo.\n");
        return text;
    }
    text.push('\n');
    text.push_str(&script::preamble(script::SETTINGS));
    let steps: Vec<&Step> = plan.steps.iter().collect();
    way_back(&steps, live, |step, inverse, schema| {
        text.push('\n');
        text.push_str(&block(step, inverse, schema, sql));
    });
    text
}

fn block(
    step: &Step,
    inverse: &WayBack,
    schema: &mut Schema,
    sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>,
) -> String {
    let title = script::comment_text(&step.title);
    let way = match inverse {
        Ok(way) if way.operations.is_empty() => return format!("{NOTHING}{}: {title}\n", step.id),
        Ok(way) => way,
        Err(why) => {
            return format!("{IMPOSSIBLE}{}: {title}: {}\n", step.id, script::comment_text(why));
        }
    };
    let Way {
        before,
        operations,
        again,
        ..
    } = way;
    let concurrently = operations.iter().any(|operation| {
        matches!(
            operation,
            Operation::Create { concurrently: true, .. } | Operation::Drop { concurrently: true, .. }
        )
    });
    let undo = Step {
        class: if concurrently {
            Class::Concurrent
        } else if step.class == Class::Check {
            Class::Check
        } else {
            Class::Instant
        },
        ..step.clone()
    };
    let mut text = format!("{UNDO}{}: {title}\n", step.id);
    if !step.facts.loses.is_empty() {
        text.push_str(&format!("{LOST}{}\n", script::comment_text(&step.facts.loses)));
    }
    if !again.is_empty() {
        text.push_str(&format!("{AGAIN}{}\n", again.join(", ")));
    }
    if !before.is_empty() {
        let alone = Step {
            class: Class::Check,
            ..step.clone()
        };
        let first = script::body(&alone, &script::statements(&sql(before, schema)));
        text.push_str(&format!("{FIRST}\n{first}{TOGETHER}\n"));
    }
    // What is done before is there.
    schema.start_record();
    for operation in before {
        let _ = operation.apply(schema);
    }
    text.push_str(&script::body(&undo, &script::statements(&sql(operations, schema))));
    let record = schema.end_record();
    schema.revert(record);
    text
}

/// What a script says about each step, in its order.
pub fn read(script: &str) -> Vec<(String, Undo)> {
    let script = script.replace("\r\n", "\n");
    let mut found: Vec<(String, Undo)> = Vec::new();
    let mut alone = false;
    let name = |rest: &str| rest.split(':').next().unwrap_or_default().to_owned();
    for line in script.lines() {
        if let Some(rest) = line.strip_prefix(NOTHING) {
            found.push((name(rest), Undo::Nothing));
        } else if let Some(rest) = line.strip_prefix(IMPOSSIBLE) {
            let why = rest.splitn(3, ": ").nth(2).unwrap_or(rest);
            found.push((name(rest), Undo::Impossible(why.to_owned())));
        } else if let Some(rest) = line.strip_prefix(UNDO) {
            alone = false;
            let undo = Undo::Sql {
                first: String::new(),
                transaction: false,
                text: String::new(),
                lost: None,
                again: Vec::new(),
            };
            found.push((name(rest), undo));
        } else if let Some((
            _,
            Undo::Sql {
                first,
                transaction,
                text,
                lost,
                again,
            },
        )) = found.last_mut()
        {
            let begun = alone || !text.is_empty();
            match (line.strip_prefix(LOST), line.strip_prefix(AGAIN)) {
                (Some(what), _) if !begun => *lost = Some(what.to_owned()),
                (_, Some(steps)) if !begun => again.extend(steps.split(", ").map(str::to_owned)),
                _ if !begun && line == FIRST => alone = true,
                _ if alone && line == TOGETHER => alone = false,
                _ if alone => {
                    first.push_str(line);
                    first.push('\n');
                }
                _ => {
                    *transaction |= text.is_empty() && line == "BEGIN;";
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    for (_, undo) in &mut found {
        if let Undo::Sql { text, .. } = undo {
            *text = format!("{}\n", text.trim_end());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Undo, read};

    #[test]
    fn a_script_reads_back() {
        let script = "-- Undoes\n\n\\set ON_ERROR_STOP on\n\n-- undo contract-1: drop it\n-- without what was lost: rows\nBEGIN;\nCREATE TABLE t ();\nCOMMIT;\n\n\
                      -- undo expand-2: build\nSET lock_timeout = 0;\nDROP INDEX CONCURRENTLY IF EXISTS i;\n\n-- nothing to undo for expand-1: look\n\
                      -- cannot undo expand-0: x: because\n";
        let sql = |transaction, text: &str, lost: Option<&str>| Undo::Sql {
            first: String::new(),
            transaction,
            text: text.to_owned(),
            lost: lost.map(str::to_owned),
            again: Vec::new(),
        };
        let expected = [
            (
                "contract-1",
                sql(true, "BEGIN;\nCREATE TABLE t ();\nCOMMIT;\n", Some("rows")),
            ),
            (
                "expand-2",
                sql(
                    false,
                    "SET lock_timeout = 0;\nDROP INDEX CONCURRENTLY IF EXISTS i;\n",
                    None,
                ),
            ),
            ("expand-1", Undo::Nothing),
            ("expand-0", Undo::Impossible("because".to_owned())),
        ];
        assert_eq!(read(script), expected.map(|(step, undo)| (step.to_owned(), undo)));
    }
}
