//! Questions to a server about texts that differ.

use pgphase::conn::{Environment, Params, Session, connect, conninfo, resolve};
use pgphase::object::{Kind, Object, ObjectId};
use pgphase::schema::Schema;
use pgphase::settle::unify_with;
use pgphase::unify::{Verdicts, unify};
use serde_json::{Value, json};

use crate::support::database::{Database, server_major};

const PATH: &str = "public";

/// A text as the files hold it, under the search path `public`.
fn text(text: &str) -> Value {
    json!({"text": text, "path": [PATH]})
}

fn name(name: &str) -> Value {
    json!({"namespace": PATH, "name": name})
}

fn schema(objects: Vec<Value>) -> Schema {
    serde_json::from_value(Value::Array(objects)).expect("objects")
}

fn columns(table: &str, columns: &[(&str, &str)]) -> Vec<Value> {
    let mut objects = vec![json!({"table": {"name": name(table)}})];
    for (column, type_name) in columns {
        objects.push(json!({"column": {"table": name(table), "name": column, "type_name": type_name}}));
    }
    objects
}

fn check(table: &str, constraint: &str, expr: Value) -> Value {
    json!({"constraint": {"table": name(table), "name": constraint, "rule": {"check": {"expr": expr}}}})
}

fn view(view: &str, query: Value) -> Value {
    json!({"view": {"name": name(view), "query": query}})
}

async fn session(database: &Database) -> Session {
    let given = conninfo::parse(&database.conninfo()).expect("conninfo");
    let target = resolve(&Params::new(), &given, &Environment::default()).expect("target");
    connect(&target).await.expect("connection")
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("runtime")
        .block_on(future)
}

fn id(kind: Kind, relation: &str) -> ObjectId {
    format!("{kind} {PATH}.{relation}").parse().expect("id")
}

/// Which of the desired objects equal the live ones after unification.
fn equal(live: &Schema, desired: &Schema, ids: &[ObjectId]) -> Vec<bool> {
    ids.iter().map(|id| live.get(id) == desired.get(id)).collect()
}

#[test]
fn expressions_are_settled_by_the_server() {
    let database = Database::new();
    database
        .sql("create type mood as enum ('sad', 'ok'); create function twice(int) returns int immutable language sql return $1 * 2")
        .expect("objects");
    let shape = columns(
        "t",
        &[
            ("a", "integer"),
            ("m", "public.mood"),
            ("d", "timestamp with time zone"),
            ("r", "real"),
        ],
    );
    let live = schema(
        [
            shape.clone(),
            vec![
                check("t", "range", json!("((a >= 1) AND (a <= 9))")),
                check(
                    "t",
                    "mood",
                    json!("(m = ANY (ARRAY['sad'::public.mood, 'ok'::public.mood]))"),
                ),
                check("t", "twice", json!("(public.twice(a) > 0)")),
                check("t", "real", json!("(r > (0.5)::double precision)")),
                check("t", "not", json!("(a <= 3)")),
                check("t", "other", json!("(a > 3)")),
                check("t", "gone", json!("(a > 3)")),
                check("t", "evil", json!("(a > 3)")),
            ],
        ]
        .concat(),
    );
    let desired = schema(
        [
            shape,
            vec![
                check("t", "range", text("a between 1 and 9")),
                check("t", "mood", text("m in ('sad','ok')")),
                check("t", "twice", text("twice(a) > 0")),
                check("t", "real", text("r > 0.5")),
                check("t", "not", text("not (a > 3)")),
                check("t", "other", text("a > 4")),
                check("t", "gone", text("b > 3")),
                check("t", "evil", text("a > 3) from t; drop type mood; select (1")),
            ],
        ]
        .concat(),
    );
    let ids: Vec<ObjectId> = ["range", "mood", "twice", "real", "not", "other", "gone", "evil"]
        .iter()
        .map(|name| id(Kind::Constraint, &format!("t.{name}")))
        .collect();
    let alone = unify(&live, desired.clone(), &Verdicts::default());
    assert_eq!(
        equal(&live, &alone.desired, &ids),
        [true, true, true, false, false, false, false, false]
    );
    assert_eq!(alone.questions.len(), 5);
    run(async {
        let session = session(&database).await;
        let unified = unify_with(&session.client, &live, desired, server_major())
            .await
            .expect("answers");
        assert_eq!(
            equal(&live, &unified.desired, &ids),
            [true, true, true, true, true, false, false, false]
        );
        assert!(unified.questions.is_empty());
        let row = session
            .client
            .query_one("select current_setting('search_path'), 'mood'::regtype::text", &[])
            .await
            .expect("row");
        assert_eq!(row.get::<_, String>(0), "\"$user\", public");
    });
}

#[test]
fn views_are_settled_by_the_server() {
    let database = Database::new();
    database
        .sql(
            "create table t (id int primary key, b text);
             create view plain as select id, b from t where b = 'x';
             create view star as select * from t;
             create view over_star as select * from star;
             create view named as select id as x from t;
             create view other as select id from t;
             create view grouped as select t.id, t.b, count(*) as n from t group by t.id",
        )
        .expect("objects");
    let live = |shape: &[(&str, &str)]| {
        let mut objects = columns("t", shape);
        objects.push(
            json!({"constraint": {"table": name("t"), "name": "t_pkey", "rule": {"primary_key": {"columns": ["id"]}}}}),
        );
        for view_name in ["plain", "star", "over_star", "named", "other", "grouped"] {
            let printed = database
                .sql(&format!(
                    "set search_path = ''; select pg_get_viewdef('public.{view_name}'::regclass)"
                ))
                .expect("text");
            objects.push(view(view_name, json!(printed.trim().trim_end_matches(';'))));
        }
        schema(objects)
    };
    let wanted = |shape: &[(&str, &str)]| {
        let mut objects = columns("t", shape);
        objects.push(
            json!({"constraint": {"table": name("t"), "name": "t_pkey", "rule": {"primary_key": {"columns": ["id"]}}}}),
        );
        objects.push(view("plain", text("select t.id, b from t where t.b = 'x'")));
        objects.push(view("star", text("select * from public.t")));
        objects.push(view("over_star", text("select * from star")));
        objects.push(json!({"view": {"name": name("named"), "columns": ["x"], "query": text("select id from t")}}));
        objects.push(view("other", text("select id + 1 as id from t")));
        objects.push(view("grouped", text("select id, b, count(*) as n from t group by id")));
        schema(objects)
    };
    let ids: Vec<ObjectId> = ["plain", "star", "over_star", "named", "other", "grouped"]
        .iter()
        .map(|name| id(Kind::View, name))
        .collect();
    let now = [("id", "integer"), ("b", "text")];
    let soon = [("id", "integer"), ("b", "text"), ("c", "date")];
    run(async {
        let session = session(&database).await;
        let same = unify_with(&session.client, &live(&now), wanted(&now), server_major())
            .await
            .expect("answers");
        assert_eq!(
            equal(&live(&now), &same.desired, &ids),
            [true, true, true, true, false, true]
        );
        // A new column is part of `*`, also through another view.
        let unified = unify_with(&session.client, &live(&now), wanted(&soon), server_major())
            .await
            .expect("answers");
        assert_eq!(
            equal(&live(&now), &unified.desired, &ids),
            [true, false, false, true, false, true]
        );
        let Some(Object::View(over)) = unified.desired.get(&ids[2]) else {
            panic!("the view")
        };
        let names: Vec<String> = over
            .output
            .iter()
            .map(|c| format!("{} {}", c.name, c.type_name))
            .collect();
        assert_eq!(names, ["id integer", "b text", "c date"]);
        let left = session
            .client
            .query_one("select count(*) from pg_class where relname like 'pgphase%'", &[])
            .await
            .expect("count");
        assert_eq!(left.get::<_, i64>(0), 0);
    });
}

#[test]
fn rules_and_bodies_are_settled_by_the_server() {
    let database = Database::new();
    database
        .sql("create table t (a int); create table log (a int); create rule r as on insert to t where new.a > 0 do also insert into log values (new.a)")
        .expect("objects");
    let rule = |condition: Value, action: Value| json!({"rule": {"table": name("t"), "name": "r", "event": "insert", "condition": condition, "actions": [action]}});
    let routine = |body: Value| {
        json!({"routine": {
            "name": name("f"), "arguments": [{"name": "a", "type_name": "integer"}], "returns": {"type": "integer"},
            "language": "sql", "body": {"sql": body}
        }})
    };
    let tables = [columns("t", &[("a", "integer")]), columns("log", &[("a", "integer")])].concat();
    let live = schema(
        [
            tables.clone(),
            vec![
                rule(json!("(new.a > 0)"), json!("INSERT INTO public.log (a) VALUES (new.a)")),
                routine(json!("BEGIN ATOMIC\n SELECT (f.a + log.a)\n    FROM public.log;\nEND")),
            ],
        ]
        .concat(),
    );
    let desired = |action: &str, body: &str| {
        schema(
            [
                tables.clone(),
                vec![rule(text("new.a > 0"), text(action)), routine(text(body))],
            ]
            .concat(),
        )
    };
    let ids = [id(Kind::Rule, "t.r"), "function public.f(integer)".parse().expect("id")];
    run(async {
        let session = session(&database).await;
        let body = "begin atomic select $1 + log.a from log; end";
        let same = unify_with(
            &session.client,
            &live,
            desired("insert into log values (new.a)", body),
            server_major(),
        )
        .await
        .expect("answers");
        assert!(equal(&live, &same.desired, &ids)[0]);
        let body = "begin atomic select $1 - log.a from log; end";
        let other = unify_with(
            &session.client,
            &live,
            desired("insert into log values (1)", body),
            server_major(),
        )
        .await
        .expect("answers");
        assert_eq!(equal(&live, &other.desired, &ids), [false, false]);
    });
}

/// PostgreSQL prints `CYCLE .. TO 'y'::text`, and does not read that.
#[test]
fn a_body_that_cannot_be_read_as_it_is_printed_is_settled() {
    let database = Database::new();
    let body = |mark: &str| {
        format!(
            "begin atomic with recursive s (a) as (select 1 union select a + 1 from s) \
             cycle a set again to '{mark}' default 'n' using path select a from s; end"
        )
    };
    database
        .sql(&format!("create function f() returns int language sql {}", body("y")))
        .expect("a function");
    let routine = |body: Value| json!({"routine": {"name": name("f"), "arguments": [], "returns": {"type": "integer"}, "language": "sql", "body": {"sql": body}}});
    let id: ObjectId = "function public.f()".parse().expect("id");
    run(async {
        let session = session(&database).await;
        let row = session
            .client
            .query_one("select pg_get_function_sqlbody('f'::regproc)", &[])
            .await
            .expect("a body");
        let live = schema(vec![routine(json!(row.get::<_, String>(0)))]);
        for (mark, same) in [("y", true), ("x", false)] {
            let desired = schema(vec![routine(text(&body(mark)))]);
            let unified = unify_with(&session.client, &live, desired, server_major())
                .await
                .expect("answers");
            assert_eq!(equal(&live, &unified.desired, std::slice::from_ref(&id)), [same]);
        }
    });
}

#[test]
fn a_scratch_server_decides_between_files() {
    let place = tempfile::tempdir().expect("a folder");
    let file = |name: &str, day: &str| {
        let path = place.path().join(name);
        let text = format!("CREATE TABLE t (d date DEFAULT '{day}'::date, CHECK (d > '{day}'::date));");
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let (one, same, other) = (
        file("one.sql", "2026-1-1"),
        file("same.sql", "2026-01-01"),
        file("other.sql", "2026-01-02"),
    );
    let diff = |to: &str, scratch: &str| {
        crate::support::run::run(
            crate::support::pgphase::command().args(["diff", "--exit-code", &one, to, "--scratch", scratch]),
            std::time::Duration::from_secs(60),
        )
    };
    let unasked = diff(&same, "none");
    assert_eq!(unasked.code(), Some(2), "{}", unasked.said());
    assert!(unasked.said().contains("--scratch auto"), "{}", unasked.said());
    let server = Database::new();
    for scratch in ["auto", server.conninfo().as_str()] {
        let asked = diff(&same, scratch);
        assert_eq!(asked.code(), Some(0), "{}", asked.said());
        let asked = diff(&other, scratch);
        assert_eq!(asked.code(), Some(2), "{}", asked.said());
        assert!(!asked.said().contains("--scratch auto"), "{}", asked.said());
    }
}
