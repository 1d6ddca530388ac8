//! SQL-standard bodies of routines: both become temporary routines, and what PostgreSQL prints of them is compared.

use tokio_postgres::{Client, Error};

use super::scalar::path_value;
use super::session::prints;
use super::shape::{self, Places, stand_in};
use crate::expr::SearchPath;
use crate::name::{Ident, QualifiedName};
use crate::object::routine::{Argument, ArgumentMode, Returns, Routine};
use crate::schema::Schema;
use crate::sql::{list, literal};
use crate::unify::{About, Question, Verdict, Verdicts};

/// Answers the questions about bodies. Where a table that they read gets other columns, temporary ones of the desired shape stand in for
/// it, as in `view`; where no routine can be made over those, the live ones have to do.
pub(super) async fn ask(
    client: &Client,
    live: &Schema,
    desired: &Schema,
    questions: &[&Question],
    verdicts: &mut Verdicts,
) -> Result<(), Error> {
    for question in questions {
        let About::Body { routine } = &question.about else {
            continue;
        };
        let mut same = None;
        for places in stood_in(question, live, desired).into_iter().chain([Vec::new()]) {
            if same.is_none() {
                client.batch_execute("BEGIN READ WRITE").await?;
                let compared = compare(client, routine, question, desired, &places).await;
                client.batch_execute("ROLLBACK").await?;
                same = compared?;
            }
        }
        verdicts.add(
            question,
            Verdict {
                same: same.unwrap_or_default(),
                output: Vec::new(),
            },
        );
    }
    Ok(())
}

/// The tables that either body reads, where one gets other columns.
fn stood_in(question: &Question, live: &Schema, desired: &Schema) -> Option<Vec<QualifiedName>> {
    let mut tables = shape::relations(&question.desired, live, desired);
    tables.extend(shape::relations(&question.live, live, desired));
    tables.retain(|name| desired.table(name).is_some() && shape::changes(name, live, desired));
    tables.sort();
    tables.dedup();
    (!tables.is_empty()).then_some(tables)
}

/// Whether both bodies are printed alike; none where the desired one cannot be made.
async fn compare(
    client: &Client,
    routine: &Routine,
    question: &Question,
    desired: &Schema,
    tables: &[QualifiedName],
) -> Result<Option<bool>, Error> {
    let mut statements = Vec::new();
    let mut places = Places::default();
    for table in tables {
        if let Some((_, statement)) = stand_in(table, desired, &places)
            && places.add(table)
        {
            statements.push(statement);
        }
    }
    let mut read = [0; 2];
    // A body qualifies arguments by the name of its routine, so both take that name, one after the other.
    let name = &routine.name.name;
    for (read, text) in read.iter_mut().zip([&question.live, &question.desired]) {
        let body = match places.is_empty() {
            true => text.text.clone(),
            false => places.rewrite(&text.text),
        };
        // Of what PostgreSQL prints some cannot be read again (`CYCLE .. SET .. TO 'y'::text`); the other text is asked all the same.
        statements.push("SAVEPOINT pgphase_body".to_owned());
        statements.push(set_path(&text.path));
        statements.push(create(routine, name, &body));
        statements.push(set_path(&SearchPath::default()));
        *read = statements.len();
        statements.push(format!(
            "SELECT pg_catalog.pg_get_function_sqlbody(oid) FROM pg_catalog.pg_proc \
             WHERE pronamespace = pg_catalog.pg_my_temp_schema() AND proname = {}",
            literal(name.as_str())
        ));
        statements.push("ROLLBACK TO SAVEPOINT pgphase_body".to_owned());
    }
    let [one, other] = prints(client, &statements, read).await?;
    // Of a bare text constant the catalog prints what it would not print of that again: `'a'` is `'a'::text`, and that is
    // `'a'::text AS text`. What a text is printed as is what it is.
    Ok(other.map(|other| one.is_some_and(|one| one == other) || other == question.live.text))
}

fn create(routine: &Routine, name: &Ident, body: &str) -> String {
    let arguments = list(routine.arguments.iter().map(argument));
    let returns = match &routine.returns {
        Some(Returns::Type(to)) => format!(" RETURNS {to}"),
        Some(Returns::SetOf(to)) => format!(" RETURNS SETOF {to}"),
        Some(Returns::Table(columns)) => format!(" RETURNS TABLE ({})", list(columns.iter().map(argument))),
        None => String::new(),
    };
    let kind = if routine.procedure { "PROCEDURE" } else { "FUNCTION" };
    format!("CREATE OR REPLACE {kind} pg_temp.{name}({arguments}){returns} LANGUAGE sql {body}")
}

fn argument(argument: &Argument) -> String {
    let mode = match argument.mode {
        ArgumentMode::In => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
    };
    let name = argument
        .name
        .as_ref()
        .map(|name| format!("{name} "))
        .unwrap_or_default();
    format!("{mode}{name}{}", argument.type_name)
}

fn set_path(path: &SearchPath) -> String {
    format!(
        "SELECT pg_catalog.set_config('search_path', {}, true)",
        path_value(path)
    )
}
