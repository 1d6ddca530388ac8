//! `explain`: a rule, or a kind of hazard of a plan, in full.

use super::rule::{self, Level, Rule};
use crate::plan::HazardKind;
use crate::wrap::{hanging, paragraph};

/// What is known under a name, paragraphs broken at a width; a hazard's id counts as its kind. `None` where nothing is.
pub fn explain(name: &str, width: usize) -> Option<String> {
    let kind = name.split_once(':').map_or(name, |(kind, _)| kind);
    let hazard = HazardKind::ALL.iter().find(|hazard| hazard.word() == kind);
    let rule = rule::find(name);
    let parts: Vec<String> = hazard
        .map(|hazard| of_hazard(*hazard, width))
        .into_iter()
        .chain(rule.map(|rule| of_rule(rule, width)))
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// The kinds of hazards, as names that can be explained.
pub fn hazards() -> impl Iterator<Item = &'static str> {
    HazardKind::ALL.iter().map(|kind| kind.word())
}

/// The list of rules: name, level, title.
pub fn list(level: impl Fn(&Rule) -> Level) -> String {
    let widest = rule::all().map(|rule| rule.id.len()).max().unwrap_or_default();
    rule::all()
        .map(|rule| format!("{:widest$}  {:7}  {}\n", rule.id, level(rule).to_string(), rule.title))
        .collect()
}

fn of_rule(rule: &Rule, width: usize) -> String {
    let indented = |sql: &str| sql.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let refused = match rule.refused {
        Some(code) => format!(" (PostgreSQL refuses it: SQLSTATE {code})"),
        None => String::new(),
    };
    format!(
        "{} (lint, {})\n{}\n\n{}\n\nbad{refused}:\n{}\ngood:\n{}\n{}\n\nto ignore it where it is right, before the statement:\n    \
         -- pgphase: ignore {} REASON\n",
        rule.id,
        rule.level,
        rule.title,
        paragraph(rule.why, width),
        indented(rule.bad),
        indented(rule.good),
        hanging("to do: ", rule.fix, 7, width),
        rule.id
    )
}

fn of_hazard(kind: HazardKind, width: usize) -> String {
    let text = match kind {
        HazardKind::DataLoss => {
            "The step deletes rows or values for good. It stands in contract, when no old application runs any more, and nothing \
             brings the data back but a backup."
        }
        HazardKind::OldShape => {
            "The step drops a column or a table whose values another one holds already, under its new name or as its new type. No value \
             is lost, but there is no way back to the old shape. It stands in contract, when no old application runs any more."
        }
        HazardKind::Rewrite => {
            "The step writes a table anew while reads and writes of it wait. Twenty million rows take minutes. It is planned only \
             where there is no way beside the table, or where the policy asks for it."
        }
        HazardKind::BlockingScan => {
            "The step reads a table or builds an index while reads or writes of it wait. It is planned only where PostgreSQL has no \
             form that lets them go on."
        }
        HazardKind::BreaksOldApplication => {
            "From this step on an application of before may fail. Run it when no such application runs any more."
        }
        HazardKind::Access => {
            "For a moment, or from then on, somebody may see or do more or less than before: privileges, policies, owners."
        }
        HazardKind::Unsettled => {
            "Whether two texts mean the same could not be decided, so the difference is treated as a change. Compare them, and write \
             the one in the files as PostgreSQL prints it."
        }
        HazardKind::FiresTriggers => {
            "A backfill updates every row, so triggers for updates run, also those that keep the time of the last change or write a \
             history. What they write is no part of the plan and stays after a rollback. Let such a trigger pass over updates that \
             change no column of the application, disable it for that time, or approve."
        }
        HazardKind::OneWay => "The step comes before contract but cannot be undone, so rollback stops in front of it.",
    };
    format!(
        "{} (a kind of hazard)\n\n{}\n\n{}\n",
        kind.word(),
        paragraph(text, width),
        paragraph(
            &format!(
                "a plan that has it is applied once its id, {}:OBJECT, is approved: in approvals of plan.yaml, or with plan --approve ID",
                kind.word()
            ),
            width
        )
    )
}
