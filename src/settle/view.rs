//! Views and materialized views: both texts become temporary views, and what PostgreSQL prints of them is compared.
//!
//! Where a view reads relations that will change, temporary relations of the desired shape stand in their place, so that
//! `SELECT *` means the desired columns. Everything happens in a transaction that is rolled back.

use std::collections::HashSet;

use tokio_postgres::{Client, Error, Row};

use super::scalar::path_value;
use super::session::pipeline;
use super::shape::{Places, Readers, stand_in};
use crate::expr::{Expr, SearchPath};
use crate::name::{Ident, QualifiedName};
use crate::object::view::OutputColumn;
use crate::schema::Schema;
use crate::sql::list;
use crate::types::TypeName;
use crate::unify::{About, Question, Verdict, Verdicts};

/// Questions in flight at once.
const BATCH: usize = 40;

/// Answers the questions about queries.
pub(super) async fn ask(
    client: &Client,
    live: &Schema,
    desired: &Schema,
    questions: &[&Question],
    verdicts: &mut Verdicts,
) -> Result<(), Error> {
    if questions.is_empty() {
        return Ok(());
    }
    client.batch_execute("BEGIN READ WRITE").await?;
    let result = ask_inside(client, live, desired, questions, verdicts).await;
    client.batch_execute("ROLLBACK").await?;
    result
}

async fn ask_inside(
    client: &Client,
    live: &Schema,
    desired: &Schema,
    questions: &[&Question],
    verdicts: &mut Verdicts,
) -> Result<(), Error> {
    let readers = Readers::new(live, desired);
    let mut open: HashSet<QualifiedName> = questions.iter().map(|question| question.id.qualified()).collect();
    let reads = |question: &Question| readers.changing(&question.id.qualified(), &|name| open.contains(name));
    let (alone, mut others): (Vec<_>, Vec<_>) = questions
        .iter()
        .map(|question| (reads(question), *question))
        .partition(|(reads, _)| reads.is_empty());
    // What a view reads is part of what its readers read, so fewer come first.
    others.sort_by_key(|(reads, _)| reads.len());
    let alone: Vec<&Question> = alone.into_iter().map(|(_, question)| question).collect();
    let one_by_one = others.iter().map(|(_, question)| std::slice::from_ref(question));
    for batch in alone.chunks(BATCH).chain(one_by_one) {
        for (question, verdict) in batch
            .iter()
            .zip(ask_batch(client, desired, batch, &readers, &open).await?)
        {
            // A view that turned out to be the same does not change for its readers.
            if verdict.same {
                open.remove(&question.id.qualified());
            }
            verdicts.add(question, verdict);
        }
    }
    Ok(())
}

async fn ask_batch(
    client: &Client,
    desired: &Schema,
    questions: &[&Question],
    readers: &Readers<'_>,
    open: &HashSet<QualifiedName>,
) -> Result<Vec<Verdict>, Error> {
    // Mostly the desired view is printed as the live one is, word for word. Only where it is not, the live one has to be printed
    // again: its text may come from before something it reads was changed.
    let scripts = |questions: &[&Question], sides| -> Vec<Script> {
        let script = |question: &&Question| script(question, desired, readers, open, sides);
        questions.iter().map(script).collect()
    };
    let mut verdicts = run(client, &scripts(questions, Sides::Desired), |question, printed, _| {
        printed.trim_end().trim_end_matches(';').trim() == questions[question].live.text.trim()
    })
    .await?;
    let left: Vec<usize> = (0..questions.len()).filter(|at| !verdicts[*at].same).collect();
    let again: Vec<&Question> = left.iter().map(|at| questions[*at]).collect();
    let both = |_, desired: &str, live: Option<&str>| live == Some(desired);
    let again = run(client, &scripts(&again, Sides::Both), both).await?;
    for (at, verdict) in left.into_iter().zip(again) {
        verdicts[at] = verdict;
    }
    Ok(verdicts)
}

/// Runs the scripts of some questions. `same` is given the number of a question and what was printed of its sides.
async fn run(
    client: &Client,
    scripts: &[Script],
    same: impl Fn(usize, &str, Option<&str>) -> bool,
) -> Result<Vec<Verdict>, Error> {
    let mut statements = Vec::new();
    let mut places = Vec::new();
    for script in scripts {
        let live = script.at_live.map(|at| statements.len() + at);
        places.push((statements.len() + script.at_desired, live));
        statements.extend(script.statements.iter().cloned());
    }
    let answers = pipeline(client, &statements).await;
    let read = |at: usize| match answers.get(at) {
        Some(Ok(rows)) => rows.first(),
        _ => None,
    };
    let text = |row: &Row| row.get::<_, String>(0);
    let verdict = |(question, (desired, live)): (usize, &(usize, Option<usize>))| {
        let live = live.and_then(read).map(text);
        let printed = read(*desired).map(text);
        Verdict {
            same: printed.is_some_and(|printed| same(question, &printed, live.as_deref())),
            output: read(*desired).map(output).unwrap_or_default(),
        }
    };
    let verdicts = places.iter().enumerate().map(verdict).collect();
    match answers
        .iter()
        .position(|answer| answer.as_ref().is_err_and(|error| error.as_db_error().is_none()))
    {
        Some(at) => answers
            .into_iter()
            .nth(at)
            .unwrap_or_else(|| Ok(vec![]))
            .map(|_| vec![]),
        None => Ok(verdicts),
    }
}

/// Which views are made for a question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sides {
    Desired,
    Both,
}

/// The statements for one question, and which of them read back the views.
struct Script {
    statements: Vec<String>,
    at_desired: usize,
    at_live: Option<usize>,
}

fn script(
    question: &Question,
    desired: &Schema,
    readers: &Readers<'_>,
    open: &HashSet<QualifiedName>,
    sides: Sides,
) -> Script {
    let own = question.id.qualified();
    let mut places = Places::default();
    let mut statements = vec!["SAVEPOINT pgphase_settle".to_string()];
    for name in readers.changing(&own, &|name| open.contains(name)) {
        if let Some((text, statement)) = stand_in(&name, desired, &places)
            && places.add(&name)
        {
            statements.push(set_path(&text.path));
            statements.push(statement);
        }
    }
    let names = match &question.about {
        About::View { columns } if !columns.is_empty() => format!(" ({})", list(columns)),
        _ => String::new(),
    };
    let mut make = |name: &str, names: &str, text: &Expr| {
        statements.push(set_path(&text.path));
        let query = if places.is_empty() {
            text.text.clone()
        } else {
            places.rewrite(&text.text)
        };
        statements.push(format!("CREATE TEMPORARY VIEW {name}{names} AS {query}"));
        statements.push(set_path(&SearchPath::default()));
        statements.push(read_back(name));
        statements.len() - 1
    };
    let at_desired = make("pgphase_settle_desired", &names, &question.desired);
    let at_live = (sides == Sides::Both).then(|| make("pgphase_settle_live", "", &question.live));
    statements.push("ROLLBACK TO SAVEPOINT pgphase_settle".into());
    statements.push("RELEASE SAVEPOINT pgphase_settle".into());
    Script {
        statements,
        at_desired,
        at_live,
    }
}

fn set_path(path: &SearchPath) -> String {
    format!(
        "SELECT pg_catalog.set_config('search_path', {}, true)",
        path_value(path)
    )
}

/// The printed query, and names and types of the columns.
fn read_back(name: &str) -> String {
    format!(
        "SELECT pg_catalog.pg_get_viewdef(c.oid), \
         ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 ORDER BY a.attnum), \
         ARRAY(SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a \
         WHERE a.attrelid = c.oid AND a.attnum > 0 ORDER BY a.attnum) \
         FROM pg_catalog.pg_class c WHERE c.oid = 'pg_temp.{name}'::pg_catalog.regclass"
    )
}

fn output(row: &Row) -> Vec<OutputColumn> {
    let (names, types): (Vec<String>, Vec<String>) = (row.get(1), row.get(2));
    names
        .into_iter()
        .zip(types)
        .map(|(name, to)| OutputColumn {
            name: Ident::new(name),
            type_name: TypeName::parse(&to),
        })
        .collect()
}
