//! Rules: both become rules of a temporary table with the relation's columns, and what PostgreSQL prints of them is compared.

use tokio_postgres::{Client, Error};

use super::scalar::path_value;
use super::session::prints_alike;
use crate::expr::SearchPath;
use crate::object::rule::{Rule, RuleEvent};
use crate::sql::{join, list};
use crate::unify::{About, Question, Stub, Verdict, Verdicts};

/// Answers the questions about rules.
pub(super) async fn ask(client: &Client, questions: &[&Question], verdicts: &mut Verdicts) -> Result<(), Error> {
    for question in questions {
        let About::Rule { live, desired, columns } = &question.about else {
            continue;
        };
        client.batch_execute("BEGIN READ WRITE").await?;
        let same = compare(client, live, desired, columns).await;
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

async fn compare(client: &Client, live: &Rule, desired: &Rule, columns: &[Stub]) -> Result<bool, Error> {
    let columns = list(
        columns
            .iter()
            .map(|column| format!("{} {}", column.name, column.type_name)),
    );
    let mut statements = vec![format!("CREATE TEMPORARY TABLE pgphase_settle ({columns})")];
    let mut read = [0; 2];
    for (read, rule) in read.iter_mut().zip([live, desired]) {
        statements.push(set_path(path(rule)));
        statements.push(create(rule));
        statements.push(set_path(&SearchPath::default()));
        *read = statements.len();
        statements.push(
            "SELECT pg_catalog.pg_get_ruledef(oid) FROM pg_catalog.pg_rewrite \
             WHERE ev_class = 'pg_temp.pgphase_settle'::pg_catalog.regclass AND rulename = 'pgphase_settle'"
                .into(),
        );
        statements.push("DROP RULE pgphase_settle ON pg_temp.pgphase_settle".into());
    }
    prints_alike(client, &statements, read).await
}

fn path(rule: &Rule) -> &SearchPath {
    static EMPTY: std::sync::OnceLock<SearchPath> = std::sync::OnceLock::new();
    let condition = rule.condition.as_ref().map(|condition| &condition.path);
    rule.actions
        .first()
        .map(|action| &action.path)
        .or(condition)
        .unwrap_or_else(|| EMPTY.get_or_init(SearchPath::default))
}

fn create(rule: &Rule) -> String {
    let event = match rule.event {
        RuleEvent::Select => "SELECT",
        RuleEvent::Insert => "INSERT",
        RuleEvent::Update => "UPDATE",
        RuleEvent::Delete => "DELETE",
    };
    let condition = rule
        .condition
        .as_ref()
        .map(|condition| format!(" WHERE ({}\n)", condition.text))
        .unwrap_or_default();
    let instead = if rule.instead { " INSTEAD" } else { "" };
    let actions = if rule.actions.is_empty() {
        "NOTHING".to_string()
    } else {
        format!("({}\n)", join(rule.actions.iter().map(|a| &a.text), "\n;"))
    };
    format!("CREATE RULE pgphase_settle AS ON {event} TO pg_temp.pgphase_settle{condition} DO{instead} {actions}")
}

fn set_path(path: &SearchPath) -> String {
    format!(
        "SELECT pg_catalog.set_config('search_path', {}, true)",
        path_value(path)
    )
}
