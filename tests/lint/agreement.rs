//! Lint never contradicts a plan: each step of the plans of all scenarios, written as SQL and linted, is called blocking if the
//! plan calls it so, and not otherwise.

use std::path::Path;

use pgphase::lint::Options;
use pgphase::parse::migrations::Wrap;
use pgphase::parse::parse_text;
use pgphase::plan::locks::Observer;
use pgphase::plan::strategy::is_volatile_in;
use pgphase::plan::{Class, Facts, Wishes, make};
use pgphase::refs::References;
use pgphase::rename::carry_out;
use pgphase::render::statements::statements;
use pgphase::schema::Schema;
use pgphase::unify::{Unified, Verdicts, unify};

use super::{is_blocking, lint_wrapped};

const VERSION: u32 = 18;

#[test]
fn steps_of_plans_are_judged_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let (mut steps, mut blocking, mut wrong) = (0, 0, Vec::new());
    for case in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let case = case.expect("a folder");
        if case.file_name() != "before.sql" {
            continue;
        }
        let folder = case.path().parent().expect("a folder");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file");
        let parsed = |name: &str| parse_text(name, &read(name));
        let (Ok(live), Ok(desired)) = (parsed("before.sql"), parsed("after.sql")) else {
            continue;
        };
        let renames: Vec<_> = desired
            .annotations
            .iter()
            .filter(|annotation| annotation.key == "renamed_from")
            .map(|annotation| (annotation.on.clone(), annotation.value.clone()))
            .collect();
        let Ok(renamed) = carry_out(&live.schema, &desired.schema, &renames) else {
            continue;
        };
        let Unified { desired, .. } = unify(&renamed.live, desired.schema, &Verdicts::default());
        // Both ways of planning: around what blocks, and through it.
        for all_in_place in [false, true] {
            let wishes = Wishes {
                all_in_place,
                ..Wishes::default()
            };
            let Ok(plan) = make("x", &live.schema, &renamed, &desired, VERSION, &wishes) else {
                continue;
            };
            let mut schema = live.schema.clone();
            for step in &plan.steps {
                let text: String = statements(&step.operations, &schema)
                    .iter()
                    .map(|sql| format!("{};\n", sql.trim_end().trim_end_matches(';')))
                    .collect();
                let data = matches!(step.class, Class::Backfill)
                    || step.operations.iter().any(|operation| operation.subject().is_none());
                if !data && !text.trim().is_empty() {
                    let wrap = if step.class.in_transaction() {
                        Wrap::File
                    } else {
                        Wrap::Statement
                    };
                    let options = Options {
                        version: VERSION,
                        ..Options::default()
                    };
                    let report = lint_wrapped(&schema, &text, wrap, &options);
                    let told: Vec<_> = report
                        .findings
                        .iter()
                        .filter(|finding| is_blocking(finding.rule))
                        .map(|finding| format!("{}: {}", finding.rule, finding.message))
                        .collect();
                    let missed = report.findings.iter().any(|finding| finding.rule == "not-understood");
                    let planned = blocks(&step.operations, &schema);
                    steps += 1;
                    blocking += usize::from(planned);
                    if missed || planned == told.is_empty() || (step.class == Class::Blocking && told.is_empty()) {
                        wrong.push(format!(
                            "{} {} ({:?}): planned blocking {planned}, lint {told:?}\n{text}",
                            folder.strip_prefix(&root).unwrap_or(folder).display(),
                            step.id,
                            step.class
                        ));
                    }
                }
                for operation in &step.operations {
                    operation
                        .apply(&mut schema)
                        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {steps} steps differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        steps > 500 && blocking > 50,
        "only {steps} steps, {blocking} of them blocking"
    );
}

/// Whether the planner calls the operations blocking on tables that are there right before them: a plan leaves out those that it
/// makes itself, and the lint of one step cannot know.
fn blocks(operations: &[pgphase::operation::Operation], before: &Schema) -> bool {
    let volatile = |default: &pgphase::expr::Expr| is_volatile_in(default, before, &References::new(before));
    let observer = Observer::new(before, before, VERSION, &volatile);
    let mut schema = before.clone();
    let mut facts = Facts::default();
    for operation in operations {
        facts.merge(observer.facts(operation, &schema));
        let _ = operation.apply(&mut schema);
    }
    pgphase::lint::site::blocks(&facts)
}
