//! Migrations run as they are, in a database of the scratch server: what they do in code, or to rows, is seen as well.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::VerifyError;
use crate::apply::db_message;
use crate::parse::migrations::RUNNER_TABLES;
use crate::parse::script::lines;
use crate::parse::{Notice, ParseError, Place, SourceText};

/// Runs migrations in order. Each has a session like a new one. It is sent as one message, which PostgreSQL runs in one transaction, and
/// statement by statement where a statement cannot run so, or speaks of a table of the runner's own, which no migration
/// makes. Returns what was left out.
///
/// Errors name the place of the statement, or the beginning of a file that failed as a whole.
pub async fn play(client: &Client, files: &[SourceText]) -> Result<Vec<Notice>, VerifyError> {
    let mut left_out = Vec::new();
    for file in files {
        let fresh = VerifyError::server("cannot begin a session on the scratch server");
        client.batch_execute("DISCARD ALL").await.map_err(fresh)?;
        if let Err(error) = client.batch_execute(&file.text).await {
            let rollback = VerifyError::server("cannot end a transaction on the scratch server");
            client.batch_execute("ROLLBACK").await.map_err(rollback)?;
            if !is_alone(&error) && !is_about_runner(&error) {
                return Err(failed(&error, start_of(file, &error)));
            }
            left_out.extend(one_by_one(client, file).await?);
        }
    }
    Ok(left_out)
}

async fn one_by_one(client: &Client, file: &SourceText) -> Result<Vec<Notice>, VerifyError> {
    let mut left_out = Vec::new();
    for line in lines(file).map_err(VerifyError::Read)? {
        let Err(error) = client.batch_execute(line.statement.text).await else {
            continue;
        };
        let place = line.statement.place.clone();
        if !is_about_runner(&error) {
            return Err(failed(&error, place));
        }
        left_out.push(Notice {
            place,
            message: "the statement is about a table of the runner's own; it is left out".into(),
            unmanaged: false,
        });
    }
    Ok(left_out)
}

/// Whether a statement has to run outside of a transaction, or in a later one than that of another statement.
fn is_alone(error: &tokio_postgres::Error) -> bool {
    [
        &SqlState::ACTIVE_SQL_TRANSACTION,
        &SqlState::UNSAFE_NEW_ENUM_VALUE_USAGE,
        &SqlState::OBJECT_IN_USE,
    ]
    .into_iter()
    .any(|code| error.code() == Some(code))
}

/// Whether what is missing is a table in which runners remember what has run.
fn is_about_runner(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        *error.code() == SqlState::UNDEFINED_TABLE
            && error
                .message()
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| RUNNER_TABLES.contains(&word))
    })
}

/// Where in a file that was sent whole the server found the fault: the place that it tells, else the beginning.
fn start_of(file: &SourceText, error: &tokio_postgres::Error) -> Place {
    let told = error.as_db_error().and_then(|error| match error.position() {
        Some(tokio_postgres::error::ErrorPosition::Original(at)) => usize::try_from(*at).ok(),
        _ => None,
    });
    let before: String = file.text.chars().take(told.unwrap_or(1).saturating_sub(1)).collect();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Place {
        file: file.name.clone(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

fn failed(error: &tokio_postgres::Error, place: Place) -> VerifyError {
    VerifyError::Read(ParseError::at(
        place,
        format!("the scratch server refuses the migration: {}", db_message(error)),
    ))
}
