//! `rollback.sql`: the inverses of all steps, last step first.

use crate::operation::Operation;
use crate::plan::inverse::inverse;
use crate::plan::{Class, LockMode, Plan, Step};
use crate::render::script;
use crate::schema::Schema;

/// The script that leads from the end of a plan back to its beginning; `live` is the schema the plan starts from, `sql`
/// gives the statements of operations on the schema before them.
pub fn rollback(plan: &Plan, live: &Schema, sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>) -> String {
    let mut text = format!(
        "-- Undoes plan {}, last step first. Run only the part whose steps have run: the steps are marked.\n\
         -- What a step deleted does not come back.\n",
        script::comment_text(&plan.name)
    );
    if plan.is_empty() {
        text.push_str("\n-- Nothing to undo.\n");
        return text;
    }
    text.push('\n');
    text.push_str(&script::preamble(script::SETTINGS));
    let mut blocks = Vec::new();
    let mut schema = live.clone();
    for step in &plan.steps {
        blocks.push(block(step, &mut schema, sql));
        for operation in &step.operations {
            // A plan that does not fold has been refused before it is written.
            let _ = operation.apply(&mut schema);
        }
    }
    for block in blocks.into_iter().rev() {
        text.push('\n');
        text.push_str(&block);
    }
    text
}

fn block(step: &Step, schema: &mut Schema, sql: &dyn Fn(&[Operation], &Schema) -> Vec<String>) -> String {
    let title = script::comment_text(&step.title);
    let operations = match inverse(step, schema) {
        Ok(operations) if operations.is_empty() => return format!("-- {} ({title}): nothing to undo\n", step.id),
        Ok(operations) => operations,
        // A proof takes nothing away; what it proved goes with the step that set it up.
        Err(_) if step.class == Class::Long && step.facts.strongest() <= Some(LockMode::ShareUpdateExclusive) => {
            return format!("-- {} ({title}): nothing to undo, it only looked at rows\n", step.id);
        }
        Err(why) => {
            return format!(
                "-- {} ({title}): cannot be undone: {}\n",
                step.id,
                script::comment_text(&why)
            );
        }
    };
    schema.start_record();
    for operation in &step.operations {
        let _ = operation.apply(schema);
    }
    let statements = sql(&operations, schema);
    let mut concurrently = false;
    for operation in &operations {
        concurrently |= matches!(
            operation,
            Operation::Create { concurrently: true, .. } | Operation::Drop { concurrently: true, .. }
        );
    }
    let record = schema.end_record();
    schema.revert(record);
    let undo = Step {
        class: if concurrently {
            Class::Concurrent
        } else {
            Class::Instant
        },
        ..step.clone()
    };
    let mut text = format!("-- undo {}: {title}\n", step.id);
    if !step.facts.loses.is_empty() {
        text.push_str(&format!(
            "-- without what was lost: {}\n",
            script::comment_text(&step.facts.loses)
        ));
    }
    text.push_str(&script::body(&undo, &script::statements(&statements)));
    text
}
