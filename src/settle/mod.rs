//! Asks a server whether texts mean the same.
//!
//! Expressions are explained over stub columns and their plans compared (`scalar`): that takes no lock and works on a standby.
//! Views, rules and SQL bodies are made as temporary objects in a transaction that is always rolled back, and what PostgreSQL
//! prints of them is compared (`view`, `rule`, `body`). Texts are never sent joined with others in one message, so
//! none can end its statement and begin another. A text that does not analyse on the live objects is different.

mod body;
mod rule;
mod scalar;
mod session;
mod shape;
mod view;

use tokio_postgres::{Client, Error};

use crate::name::Ident;
use crate::schema::{Schema, SessionRoles, names_session_roles};
use crate::unify::{About, Question, Unified, Verdicts, unify};

/// How often questions are asked before those that are left stay open.
const ROUNDS: usize = 3;

/// Brings the desired schema into the words of the live one; the server decides what the texts alone leave open.
pub async fn unify_with(
    client: &Client,
    live: &Schema,
    mut desired: Schema,
    server_version: u32,
) -> Result<Unified, Error> {
    name_session_roles(client, &mut desired, live).await?;
    unify_by(client, live, desired, Verdicts::of_server(server_version)).await
}

/// The same with what is known already; the server may be another one that holds the live objects too.
pub async fn unify_by(
    client: &Client,
    live: &Schema,
    desired: Schema,
    mut verdicts: Verdicts,
) -> Result<Unified, Error> {
    let mut unified = unify(live, desired, &verdicts);
    // What is taken over because of an answer (the indexes of partitions) may raise a question of its own.
    for _ in 0..ROUNDS {
        if unified.questions.is_empty() {
            break;
        }
        settle(client, live, &unified.desired, &unified.questions, &mut verdicts).await?;
        unified = unify(live, unified.desired, &verdicts);
    }
    Ok(unified)
}

/// Puts this session's roles where the schema names whoever runs its statements (`OWNER TO CURRENT_USER`).
pub async fn name_session_roles(client: &Client, schema: &mut Schema, live: &Schema) -> Result<(), Error> {
    if names_session_roles(schema) {
        session_roles(client).await?.name_in(schema, live);
    }
    Ok(())
}

/// The roles of this session.
pub async fn session_roles(client: &Client) -> Result<SessionRoles, Error> {
    let row = client
        .query_one("SELECT current_user::text, session_user::text", &[])
        .await?;
    let role = |at: usize| row.try_get::<_, &str>(at).map(Ident::new);
    Ok(SessionRoles {
        current: role(0)?,
        session: role(1)?,
    })
}

/// Asks the questions and adds the answers. The session's settings are as before afterwards; it must not be inside a transaction.
/// A question that the server cannot be asked (it is read-only, or event triggers would fire) stays without an answer.
pub async fn settle(
    client: &Client,
    live: &Schema,
    desired: &Schema,
    questions: &[Question],
    verdicts: &mut Verdicts,
) -> Result<(), Error> {
    let session = session::Session::enter(client).await?;
    let result = ask(client, live, desired, questions, verdicts, session.may_create).await;
    session.leave(client).await?;
    result
}

async fn ask(
    client: &Client,
    live: &Schema,
    desired: &Schema,
    questions: &[Question],
    verdicts: &mut Verdicts,
    may_create: bool,
) -> Result<(), Error> {
    let (mut scalars, mut views, mut rules, mut bodies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for question in questions {
        match &question.about {
            About::Value { .. } | About::Row { .. } | About::Trigger { .. } | About::Domain { .. } => {
                scalars.push(question)
            }
            About::View { .. } => views.push(question),
            About::Rule { .. } => rules.push(question),
            About::Body { .. } => bodies.push(question),
        }
    }
    scalar::ask(client, &scalars, verdicts).await?;
    if may_create {
        view::ask(client, live, desired, &views, verdicts).await?;
        rule::ask(client, live, desired, &rules, verdicts).await?;
        body::ask(client, live, desired, &bodies, verdicts).await?;
    }
    Ok(())
}
