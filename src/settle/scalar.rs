//! Expressions: two that PostgreSQL plans alike are alike.
//!
//! `EXPLAIN (VERBOSE, COSTS OFF) SELECT (expr) FROM (SELECT NULL::integer AS a, ... OFFSET 0) AS t` analyses and simplifies the
//! expression over columns that stand in for those of the relation. No row is read and no relation is touched. Plans name
//! objects relative to the search path, so both are made under the desired one; the live text has every name qualified.

use std::collections::HashMap;

use tokio_postgres::{Client, Error};

use super::session::pipeline;
use crate::expr::{Expr, Scope, SearchPath, expr_form, is_closed, reads_column};
use crate::name::QualifiedName;
use crate::sql::{list, literal};
use crate::unify::{About, Question, Stub, Verdict, Verdicts};

/// Statements in flight at once.
const BATCH: usize = 256;

/// How the surroundings of an expression are made. Later ones are tried where an earlier one fails.
#[derive(Clone, Copy)]
enum Way {
    /// Columns stand in with their desired types.
    Desired,
    /// Columns stand in with their live types: the desired ones may not exist yet.
    Live,
    /// The relation itself: for whole rows and system columns.
    Relation,
}

/// Answers the questions about expressions.
pub(super) async fn ask(client: &Client, questions: &[&Question], verdicts: &mut Verdicts) -> Result<(), Error> {
    let mut open: Vec<&Question> = questions.to_vec();
    for way in [Way::Desired, Way::Live, Way::Relation] {
        let mut plans = Plans::default();
        for question in &open {
            for text in [&question.live, &question.desired] {
                if let Some(statement) = statement(&question.about, text, way) {
                    plans.want(&question.desired.path, statement);
                }
            }
        }
        plans.fetch(client).await?;
        let mut failed = Vec::new();
        for question in open {
            let plan = |text: &Expr| plans.get(&question.desired.path, &statement(&question.about, text, way)?);
            match (plan(&question.live), plan(&question.desired)) {
                (Some(live), Some(desired)) => verdicts.add(
                    question,
                    Verdict {
                        same: same_plan(&live, &desired) && !(matches!(way, Way::Live) && reads_changed(question)),
                        output: Vec::new(),
                    },
                ),
                // The words of now are none for the columns to come.
                (None, Some(_)) if matches!(way, Way::Desired) && reads_changed(question) => {
                    verdicts.add(question, Verdict::default());
                }
                _ => failed.push(question),
            }
        }
        open = failed;
    }
    for question in open {
        verdicts.add(question, Verdict::default());
    }
    Ok(())
}

/// Whether two plans are alike. They print a call as it was written (`SUBSTRING(b FROM 1)` or `"substring"(b, 1)`), so what they give
/// is compared in its canonical form.
fn same_plan(live: &str, desired: &str) -> bool {
    let output = |line: &str| {
        let value = line.trim_start().strip_prefix("Output: ")?;
        Some(expr_form(value, Scope::default()))
    };
    let same = |(live, desired): (&str, &str)| {
        live == desired || output(live).is_some_and(|value| output(desired) == Some(value))
    };
    live.lines().count() == desired.lines().count() && live.lines().zip(desired.lines()).all(same)
}

/// The live columns that have another type in the end, or are gone.
fn changed_columns(about: &About) -> impl Iterator<Item = &Stub> {
    let (columns, live_columns) = match about {
        About::Row {
            columns, live_columns, ..
        }
        | About::Trigger {
            columns, live_columns, ..
        } => (columns.as_slice(), live_columns.as_slice()),
        _ => (&[][..], &[][..]),
    };
    live_columns.iter().filter(|column| !columns.contains(column))
}

/// Whether the live text reads a column that changes: what it says of the old type may not be said of the new one.
fn reads_changed(question: &Question) -> bool {
    changed_columns(&question.about).any(|column| reads_column(&question.live.text, &column.name))
}

/// The statement that explains a text; `None` where this way makes no sense for it.
fn statement(about: &About, text: &Expr, way: Way) -> Option<String> {
    if !is_closed(&text.text) {
        return None;
    }
    let value = &text.text;
    let select = match (about, way) {
        (About::Value { to: Some(to) }, Way::Desired) => format!("({value}\n)::{to}"),
        (About::Value { to: None }, Way::Desired) => format!("({value}\n)"),
        (About::Domain { base }, Way::Desired) => {
            format!("({value}\n) FROM (SELECT NULL::{base} AS value OFFSET 0) AS t")
        }
        (About::Row { relation, columns, .. }, Way::Desired) => {
            format!("({value}\n) FROM {}", stand_in(columns, &relation.name.to_string()))
        }
        (
            About::Row {
                relation,
                live_columns,
                columns,
            },
            Way::Live,
        ) if live_columns != columns => {
            format!(
                "({value}\n) FROM {}",
                stand_in(live_columns, &relation.name.to_string())
            )
        }
        (About::Row { relation, .. }, Way::Relation) => {
            format!("({value}\n) FROM {}", itself(relation, &relation.name.to_string()))
        }
        (About::Trigger { columns, .. }, Way::Desired) => format!(
            "({value}\n) FROM {}, {}",
            row_of(columns, "old"),
            row_of(columns, "new")
        ),
        (
            About::Trigger {
                live_columns, columns, ..
            },
            Way::Live,
        ) if live_columns != columns => {
            format!(
                "({value}\n) FROM {}, {}",
                row_of(live_columns, "old"),
                row_of(live_columns, "new")
            )
        }
        (About::Trigger { relation, .. }, Way::Relation) => format!(
            "({value}\n) FROM {}, {}",
            itself(relation, "old"),
            itself(relation, "new")
        ),
        _ => return None,
    };
    Some(format!("EXPLAIN (VERBOSE, COSTS OFF) SELECT {select}"))
}

/// A subquery without rows worth mentioning, whose columns have these names and types. `OFFSET 0` keeps the planner from
/// replacing the columns by their nulls.
pub(super) fn stand_in(columns: &[Stub], name: &str) -> String {
    let columns = list(columns.iter().map(|column| {
        let collation = column
            .collation
            .as_ref()
            .map(|c| format!(" COLLATE {c}"))
            .unwrap_or_default();
        format!("NULL::{}{collation} AS {}", column.type_name, column.name)
    }));
    format!("(SELECT {columns} OFFSET 0) AS {name}")
}

/// The same for one of the two rows of a trigger. Where two such relations are joined, the plan shows what their columns are made from,
/// so each is made from its own name.
fn row_of(columns: &[Stub], row: &str) -> String {
    let columns = list(columns.iter().map(|column| {
        let collation = column
            .collation
            .as_ref()
            .map(|c| format!(" COLLATE {c}"))
            .unwrap_or_default();
        let origin = literal(&format!("{row}.{}", column.name));
        let type_name = &column.type_name;
        format!(
            "pg_catalog.current_setting({origin})::{type_name}{collation} AS {}",
            column.name
        )
    }));
    format!("(SELECT {columns} OFFSET 0) AS {row}")
}

fn itself(relation: &QualifiedName, name: &str) -> String {
    format!("ONLY {relation} AS {name}")
}

/// Plans by search path and statement, each fetched once.
#[derive(Default)]
struct Plans {
    wanted: HashMap<SearchPath, HashMap<String, Option<String>>>,
}

impl Plans {
    fn want(&mut self, path: &SearchPath, statement: String) {
        self.wanted
            .entry(path.clone())
            .or_default()
            .entry(statement)
            .or_default();
    }

    fn get(&self, path: &SearchPath, statement: &str) -> Option<String> {
        self.wanted.get(path)?.get(statement)?.clone()
    }

    async fn fetch(&mut self, client: &Client) -> Result<(), Error> {
        for (path, statements) in &mut self.wanted {
            set_path(client, path).await?;
            let texts: Vec<String> = statements.keys().cloned().collect();
            for batch in texts.chunks(BATCH) {
                for (text, answer) in batch.iter().zip(pipeline(client, batch).await) {
                    let plan = match answer {
                        Ok(rows) => rows.iter().map(|row| row.get::<_, String>(0) + "\n").collect(),
                        Err(error) if error.as_db_error().is_some() => continue,
                        Err(error) => return Err(error),
                    };
                    statements.insert(text.clone(), Some(plan));
                }
            }
        }
        Ok(())
    }
}

async fn set_path(client: &Client, path: &SearchPath) -> Result<(), Error> {
    client
        .query_typed(
            &format!(
                "SELECT pg_catalog.set_config('search_path', {}, false)",
                path_value(path)
            ),
            &[],
        )
        .await
        .map(|_| ())
}

/// The search path as a string constant.
pub(super) fn path_value(path: &SearchPath) -> String {
    literal(&list(path.namespaces()))
}
