//! What a plan reaches beside what it changes: what the review says of triggers, publications and prepared statements, and that it
//! happens.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::support::database::Database;
use crate::support::pgphase::{self, DIFFERENCE, NOTHING};
use crate::support::run::run;

/// Kind, step and sentence of everything that the plan between two schemas reaches.
fn told(before: &str, after: &str) -> Vec<(String, String, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    };
    let mut command = pgphase::command();
    command.args(["plan", "-q", "--format", "json", "--server-version", "15", "--from"]);
    let (before, after) = (file("before.sql", before), file("after.sql", after));
    let finished = run(command.arg(before).arg("--to").arg(after), Duration::from_secs(60));
    let review: Value = serde_json::from_str(&finished.stdout).expect("a review");
    let list = review["reach"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.iter()
        .map(|reach| (text(&reach["what"]), text(&reach["step"]), text(&reach["says"])))
        .collect()
}

/// Each of these is told, by kind, step and a part of the sentence, and nothing else of that kind.
fn tells(before: &str, after: &str, kind: &str, wanted: &[(&str, &str)]) {
    let told: Vec<_> = told(before, after)
        .into_iter()
        .filter(|(what, ..)| what == kind)
        .collect();
    let fits = told.len() == wanted.len()
        && told
            .iter()
            .zip(wanted)
            .all(|((_, step, says), (at, part))| step == at && says.contains(part));
    assert!(fits, "wanted {wanted:?}, told {told:#?}");
}

const TRIGGERS: &str = "
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (1); RETURN NULL; END';
CREATE TRIGGER each_row AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER all_rows AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION note();
CREATE TRIGGER other_column AFTER UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER inserted AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER idle AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note(); ALTER TABLE t DISABLE TRIGGER idle;
";
const TABLES: &str = "CREATE TABLE log (n integer); CREATE TABLE t (id bigint PRIMARY KEY, a text";
const TOKEN: &str = ", token uuid DEFAULT gen_random_uuid()";

#[test]
fn triggers_that_a_backfill_sets_off_are_told_and_fire() {
    let (before, after) = (format!("{TABLES});{TRIGGERS}"), format!("{TABLES}{TOKEN});{TRIGGERS}"));
    tells(
        &before,
        &after,
        "trigger",
        &[("backfill-1", "Trigger each_row"), ("backfill-1", "Trigger all_rows")],
    );
    let database = Database::new();
    database.sql(&before).expect("the schema before");
    database
        .sql("insert into t select n, 'a' from generate_series(1, 50) n; truncate log")
        .expect("rows");
    let (_folder, plan) = planned(&database, &after);
    let file = plan.join("plan.yaml");
    let text = fs::read_to_string(&file).expect("the plan");
    let ids = ["each_row", "all_rows"].map(|name| format!("fires-triggers:trigger public.t.{name}"));
    let unapproved = text.replace("\n- all\n", &format!("\n- {}\n", ids[0]));
    fs::write(&file, unapproved).expect("the plan is written");
    let refused = pgphase::apply(&database, &plan, "backfill");
    let said = refused.said();
    assert!(said.contains(&ids[1]) && !said.contains(&ids[0]), "{said}");
    assert_eq!(said.matches("fires-triggers").count(), 1, "{said}");
    fs::write(&file, text).expect("the plan is written");
    for phase in ["expand", "backfill"] {
        let applied = pgphase::apply(&database, &plan, phase);
        assert_eq!(applied.code(), Some(NOTHING), "{}", applied.said());
    }
    let fired: usize = database
        .sql("select count(*) from log")
        .expect("a count")
        .trim()
        .parse()
        .expect("a number");
    assert!((51..100).contains(&fired), "{fired} times");
}

fn planned(database: &Database, after: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let (to, plan) = (folder.path().join("after.sql"), folder.path().join("plan"));
    fs::write(&to, after).expect("a file");
    let finished = pgphase::plan(database, &to, &plan);
    assert_eq!(finished.code(), Some(DIFFERENCE), "{}", finished.said());
    (folder, plan)
}

#[test]
fn a_published_table_without_an_identity_refuses_the_backfill_as_told() {
    let before = "CREATE TABLE t (a integer); CREATE PUBLICATION p FOR TABLE t (a);";
    let after =
        "CREATE TABLE t (a integer, token uuid DEFAULT gen_random_uuid()); CREATE PUBLICATION p FOR TABLE t (a);";
    if crate::support::database::server_major() < 15 {
        return;
    }
    tells(before, after, "publication", &[("backfill-1", "no replica identity")]);
    let database = Database::new();
    database.sql(before).expect("the schema before");
    database.sql("insert into t values (1)").expect("a row");
    let (_folder, plan) = planned(&database, after);
    let expanded = pgphase::apply(&database, &plan, "expand");
    assert_eq!(expanded.code(), Some(NOTHING), "{}", expanded.said());
    let filled = pgphase::apply(&database, &plan, "backfill");
    assert_ne!(filled.code(), Some(NOTHING));
    assert!(filled.said().contains("replica identity"), "{}", filled.said());
}

#[test]
fn what_subscribers_need_is_told() {
    let with = |columns: &str, publication: &str| {
        format!("CREATE TABLE t (id bigint PRIMARY KEY{columns}); CREATE PUBLICATION p FOR {publication};")
    };
    let all = "TABLE t";
    tells(
        &with("", all),
        &with(", a text, b text", all),
        "publication",
        &[("expand-1", "add a to the table"), ("expand-2", "add b to the table")],
    );
    tells(
        &with("", "TABLE t (id)"),
        &with(", a text", "TABLE t (id)"),
        "publication",
        &[],
    );
    tells(
        &with(", a text", all),
        &with("", all),
        "publication",
        &[("contract-1", "sends a of public.t no longer")],
    );
    tells(
        &with(", a varchar(10)", "ALL TABLES"),
        &with(", a text", "ALL TABLES"),
        "publication",
        &[("expand-1", "sends a of public.t as text")],
    );
    tells(
        &with("", "ALL TABLES"),
        &format!("{} CREATE TABLE u (id bigint PRIMARY KEY);", with("", "ALL TABLES")),
        "publication",
        &[("expand-1", "the new table public.u")],
    );
    tells(
        &with("", all),
        "-- @renamed_from t\nCREATE TABLE u (id bigint CONSTRAINT t_pkey PRIMARY KEY); CREATE PUBLICATION p FOR TABLE u;",
        "publication",
        &[("expand-1", "sends public.u under its new name")],
    );
    tells(
        &with("", all),
        &with(TOKEN, all),
        "publication",
        &[("expand-1", "add token"), ("backfill-1", "every row of public.t")],
    );
}

#[test]
fn rules_policies_and_subscriptions_are_told() {
    let rule = "CREATE RULE r AS ON UPDATE TO t DO ALSO NOTHING;";
    let forced = "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY;";
    let side = |token: &str, more: &str| format!("CREATE TABLE t (id bigint PRIMARY KEY{token}); {more}");
    tells(&side("", rule), &side(TOKEN, rule), "rule", &[("backfill-1", "Rule r")]);
    tells(
        &side("", forced),
        &side(TOKEN, forced),
        "row_security",
        &[("backfill-1", "forced")],
    );
    let subscription = "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false);";
    tells(
        &side(", a text", subscription),
        &side("", subscription),
        "subscription",
        &[("contract-1", "sends a of public.t")],
    );
}

/// What is told of prepared statements is what an open session meets.
#[test]
fn prepared_statements_fail_once_as_told() {
    let before = "CREATE TABLE t (id bigint PRIMARY KEY, a varchar(10)); CREATE TABLE u (id bigint PRIMARY KEY);";
    let after = "CREATE TABLE t (id bigint PRIMARY KEY, a text); CREATE TABLE u (id bigint PRIMARY KEY, b integer);";
    tells(
        before,
        after,
        "prepared_statement",
        &[
            ("expand-1", "every column of public.u"),
            ("expand-2", "over a of public.t"),
        ],
    );
    let database = Database::new();
    database.sql(before).expect("the schema before");
    let (_folder, plan) = planned(&database, after);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&database.conninfo(), tokio_postgres::NoTls)
            .await
            .expect("a connection");
        tokio::spawn(connection);
        let mut statements = Vec::new();
        for (sql, fails) in [
            ("select a from t", true),
            ("select id from t", false),
            ("select * from u", true),
            ("select id from u", false),
        ] {
            let statement = client.prepare(sql).await.expect("a statement");
            client.query(&statement, &[]).await.expect("rows");
            statements.push((sql, fails, statement));
        }
        let applied = pgphase::apply(&database, &plan, "all");
        assert_eq!(applied.code(), Some(NOTHING), "{}", applied.said());
        for (sql, fails, statement) in &statements {
            let answer = client.query(statement, &[]).await;
            assert_eq!(answer.is_err(), *fails, "{sql}: {answer:?}");
        }
    });
}
