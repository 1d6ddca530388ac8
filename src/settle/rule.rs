//! Rules: both become rules of a temporary table with the relation's columns, and what PostgreSQL prints of them is compared.
//!
//! Where they say whole rows (`old.*`, `to_jsonb(new)`), these have the type of the relation, which no temporary table has. Then
//! condition and actions become the body of a temporary function whose arguments are the two rows.

use tokio_postgres::{Client, Error};

use super::scalar::path_value;
use super::session::prints;
use super::shape;
use crate::expr::SearchPath;
use crate::name::QualifiedName;
use crate::object::rule::introspect::cut;
use crate::object::rule::{Rule, RuleEvent};
use crate::object::{Object, ObjectId};
use crate::schema::Schema;
use crate::sql::{join, list};
use crate::unify::{About, Question, Stub, Verdict, Verdicts};

/// Answers the questions about rules.
pub(super) async fn ask(
    client: &Client,
    live_schema: &Schema,
    desired_schema: &Schema,
    questions: &[&Question],
    verdicts: &mut Verdicts,
) -> Result<(), Error> {
    for question in questions {
        let About::Rule { live, desired, columns } = &question.about else {
            continue;
        };
        let mut ways = vec![as_rules(live, desired, columns)];
        // The live type says what a row is only while that stays as it is.
        if stays(&desired.table, live_schema, desired_schema, verdicts) {
            ways.push(as_bodies(live, desired));
        }
        let mut same = false;
        for (statements, read) in ways {
            if !same {
                client.batch_execute("BEGIN READ WRITE").await?;
                let printed = prints(client, &statements, read).await;
                client.batch_execute("ROLLBACK").await?;
                let [one, other] = printed?;
                same = other.is_some_and(|other| one.is_some_and(|one| one == other) || is_print_of(live, &other));
            }
        }
        verdicts.add(
            question,
            Verdict {
                same,
                output: Vec::new(),
            },
        );
    }
    Ok(())
}

/// Whether the relation keeps its columns.
fn stays(relation: &QualifiedName, live: &Schema, desired: &Schema, verdicts: &Verdicts) -> bool {
    let query = |schema: &Schema, id: &ObjectId| match schema.get(id) {
        Some(Object::View(view)) => Some((view.columns.clone(), view.query.clone())),
        _ => None,
    };
    match live.relation(relation) {
        Some(id) if query(live, &id).is_some() => {
            query(live, &id) == query(desired, &id) || verdicts.get(&id, "query").is_some_and(|verdict| verdict.same)
        }
        Some(_) => !shape::changes(relation, live, desired),
        None => false,
    }
}

/// Whether the catalog prints the live rule just so.
fn is_print_of(live: &Rule, printed: &str) -> bool {
    cut(printed).is_some_and(|(condition, actions)| {
        condition == live.condition.as_ref().map(|condition| condition.text.as_str())
            && actions
                == live
                    .actions
                    .iter()
                    .map(|action| action.text.as_str())
                    .collect::<Vec<_>>()
    })
}

/// Statements, and which two of them print what is to be compared.
type Way = (Vec<String>, [usize; 2]);

fn as_rules(live: &Rule, desired: &Rule, columns: &[Stub]) -> Way {
    let columns = list(
        columns
            .iter()
            .map(|column| format!("{} {}", column.name, column.type_name)),
    );
    let first = vec![format!("CREATE TEMPORARY TABLE pgphase_settle ({columns})")];
    both(first, [live, desired], |rule| {
        [
            create(rule),
            "SELECT pg_catalog.pg_get_ruledef(oid) FROM pg_catalog.pg_rewrite \
             WHERE ev_class = 'pg_temp.pgphase_settle'::pg_catalog.regclass AND rulename = 'pgphase_settle'"
                .into(),
            "DROP RULE pgphase_settle ON pg_temp.pgphase_settle".into(),
        ]
    })
}

fn as_bodies(live: &Rule, desired: &Rule) -> Way {
    both(Vec::new(), [live, desired], |rule| {
        let condition = rule
            .condition
            .as_ref()
            .map(|condition| format!("SELECT ({}\n)\n;", condition.text))
            .unwrap_or_default();
        let actions: String = rule
            .actions
            .iter()
            .map(|action| format!("{}\n;", action.text))
            .collect();
        let table = &rule.table;
        [
            format!(
                "CREATE FUNCTION pg_temp.pgphase_settle(old {table}, new {table}) RETURNS void LANGUAGE sql \
                 BEGIN ATOMIC {condition}{actions} END"
            ),
            "SELECT pg_catalog.pg_get_function_sqlbody(oid) FROM pg_catalog.pg_proc \
             WHERE pronamespace = pg_catalog.pg_my_temp_schema() AND proname = 'pgphase_settle'"
                .into(),
            format!("DROP FUNCTION pg_temp.pgphase_settle({table}, {table})"),
        ]
    })
}

/// Makes, prints and drops for one rule after the other, each under its own search path.
fn both(first: Vec<String>, rules: [&Rule; 2], one: impl Fn(&Rule) -> [String; 3]) -> Way {
    let mut statements = first;
    let read = rules.map(|rule| {
        let [create, print, drop] = one(rule);
        statements.extend([
            set_path(path(rule)),
            create,
            set_path(&SearchPath::default()),
            print,
            drop,
        ]);
        statements.len() - 2
    });
    (statements, read)
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
