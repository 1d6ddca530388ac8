//! Migrations run as they are, in a database of the scratch server: what they do in code, or to rows, is seen as well.

use std::collections::HashSet;

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::VerifyError;
use super::scratch::Scratch;
use crate::apply::db_message;
use crate::name::Ident;
use crate::parse::migrations::RUNNER_TABLES;
use crate::parse::script::{is_about_transaction, statements};
use crate::parse::split::Statement;
use crate::parse::{Notice, ParseError, SourceText};

/// Runs migrations in order. Each has a session like a new one. It is sent as one message, which PostgreSQL runs in one
/// transaction; statement by statement, where it begins transactions of its own or the server refuses the message: some
/// statements run in no transaction. Returns what was left out.
///
/// Roles that migrations take for granted are made on a throw-away cluster, and nowhere else.
///
/// Errors name the place of the statement.
pub async fn play(scratch: &Scratch, client: &Client, files: &[SourceText]) -> Result<Vec<Notice>, VerifyError> {
    let mut left_out = Vec::new();
    for file in files {
        let fresh = VerifyError::server("cannot begin a session on the scratch server");
        client.batch_execute("DISCARD ALL").await.map_err(fresh)?;
        let (statements, notices) = statements(file).map_err(VerifyError::Read)?;
        let whole = notices.is_empty() && !statements.iter().any(is_about_transaction);
        left_out.extend(notices);
        if !whole || client.batch_execute(&file.text).await.is_err() {
            left_out.extend(one_by_one(scratch, client, &statements).await?);
        }
    }
    Ok(left_out)
}

/// A statement about a table of the runner's own, which no migration makes, is left out.
async fn one_by_one(
    scratch: &Scratch,
    client: &Client,
    statements: &[Statement<'_>],
) -> Result<Vec<Notice>, VerifyError> {
    let mut left_out = Vec::new();
    for statement in statements {
        let mut made = HashSet::new();
        while let Err(error) = client.batch_execute(statement.text).await {
            let place = statement.place.clone();
            match missing_role(&error).filter(|role| scratch.is_own() && !made.contains(role)) {
                Some(role) => {
                    scratch.make_role(&role).await?;
                    made.insert(role);
                }
                None if is_about_runner(&error) => {
                    left_out.push(Notice {
                        place,
                        message: "the statement is about a table of the runner's own; it is left out".into(),
                        unmanaged: false,
                    });
                    break;
                }
                None => {
                    let message = format!("the scratch server refuses the migration: {}", db_message(&error));
                    let fault = ParseError::at(place, message).in_statement(statement.text);
                    return Err(VerifyError::Read(fault));
                }
            }
        }
    }
    Ok(left_out)
}

/// The role that is not there, as `role "app" does not exist` names it.
fn missing_role(error: &tokio_postgres::Error) -> Option<Ident> {
    let error = error
        .as_db_error()
        .filter(|error| *error.code() == SqlState::UNDEFINED_OBJECT)?;
    let (_, rest) = error.message().split_once("role \"")?;
    rest.rsplit_once('"').map(|(name, _)| Ident::new(name))
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
