//! SQL-standard bodies of routines: both become temporary routines, and what PostgreSQL prints of them is compared.

use tokio_postgres::{Client, Error};

use super::scalar::path_value;
use super::session::prints;
use crate::expr::{Expr, SearchPath};
use crate::name::Ident;
use crate::object::routine::{Argument, ArgumentMode, Returns, Routine};
use crate::sql::{list, literal};
use crate::unify::{About, Question, Verdict, Verdicts};

/// Answers the questions about bodies.
pub(super) async fn ask(client: &Client, questions: &[&Question], verdicts: &mut Verdicts) -> Result<(), Error> {
    for question in questions {
        let About::Body { routine } = &question.about else {
            continue;
        };
        client.batch_execute("BEGIN READ WRITE").await?;
        let same = compare(client, routine, &question.live, &question.desired).await;
        client.batch_execute("ROLLBACK").await?;
        verdicts.add(
            question,
            Verdict {
                same: same?,
                output: Vec::new(),
            },
        );
    }
    Ok(())
}

async fn compare(client: &Client, routine: &Routine, live: &Expr, desired: &Expr) -> Result<bool, Error> {
    let mut statements = Vec::new();
    let mut read = [0; 2];
    // A body qualifies arguments by the name of its routine, so both take that name, one after the other.
    let name = &routine.name.name;
    for (read, text) in read.iter_mut().zip([live, desired]) {
        statements.push(set_path(&text.path));
        statements.push(create(routine, name, &text.text));
        statements.push(set_path(&SearchPath::default()));
        *read = statements.len();
        statements.push(format!(
            "SELECT pg_catalog.pg_get_function_sqlbody(oid) FROM pg_catalog.pg_proc \
             WHERE pronamespace = pg_catalog.pg_my_temp_schema() AND proname = {}",
            literal(name.as_str())
        ));
    }
    let [one, other] = prints(client, &statements, read).await?;
    // Of a bare text constant the catalog prints what it would not print of that again: `'a'` is `'a'::text`, and that is
    // `'a'::text AS text`. What a text is printed as is what it is.
    Ok(other.is_some_and(|other| one.is_some_and(|one| one == other) || other == live.text))
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
