//! Live database to schema.

mod sessions;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pgphase::conn::{Environment, Params, Session, connect, conninfo, resolve};
use pgphase::introspect::{Finding, Introspection, Scope, introspect};
use pgphase::object::{Kind, ObjectId};
use pgphase::schema::Schema;
use serde_json::{Value, json};

use crate::support::database::{Database, create_role, server_major};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/introspection")
        .join(name)
}

fn everything() -> Database {
    Database::from_script(&file("everything.sql")).unwrap_or_else(|error| panic!("{error}"))
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

async fn read(session: &Session, scope: &Scope) -> Introspection {
    introspect(&session.client, scope)
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

fn found(database: &Database) -> Introspection {
    run(async { read(&session(database).await, &Scope::default()).await })
}

/// The fields of an object as the plan file would show them.
fn object(schema: &Schema, id: &str) -> Value {
    let id: ObjectId = id.parse().expect("an id");
    let object = schema.get(&id).unwrap_or_else(|| panic!("no {id}"));
    let value = serde_json::to_value(object).expect("JSON");
    value
        .as_object()
        .and_then(|map| map.values().next())
        .cloned()
        .expect("fields")
}

#[test]
fn nothing_is_missed() {
    let database = everything();
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let schema = found(&database).schema;
    for (id, _) in schema.iter() {
        let heir = |id: &ObjectId| {
            schema
                .table(&id.qualified())
                .is_some_and(|table| table.partition_of.is_some() || !table.inherits.is_empty())
        };
        let ignored = match id.kind {
            Kind::Column | Kind::Constraint => heir(id),
            Kind::Namespace | Kind::Owner | Kind::Acl => true,
            _ => false,
        };
        if !ignored {
            *counted.entry(id.kind.to_string()).or_default() += 1;
        }
    }
    let counted: Vec<String> = counted.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let census = database
        .script(&file("census.sql"))
        .unwrap_or_else(|error| panic!("{error}"));
    let mut census: Vec<&str> = census.lines().collect();
    census.sort_unstable();
    assert_eq!(counted, census);
}

#[test]
fn heirs_hold_only_what_is_their_own() {
    let schema = found(&everything()).schema;
    let own = |table: &str| -> Vec<String> {
        schema
            .children(&format!("table public.{table}").parse().expect("an id"))
            .filter(|id| matches!(id.kind, Kind::Column | Kind::Constraint | Kind::Trigger))
            .map(|id| id.own_name().to_string())
            .collect()
    };
    assert_eq!(own("events_1"), [""; 0]);
    assert_eq!(own("events_2"), ["kind", "own"]);
    assert_eq!(own("events_dl"), [""; 0]);
    assert_eq!(own("hashed_1"), [""; 0]);
    assert_eq!(own("child"), ["b", "d"]);
    assert_eq!(own("grandchild"), ["a"]);
    assert_eq!(
        object(&schema, "index public.events_1_kind_idx")["attached_to"],
        json!({"namespace": "public", "name": "events_kind_idx"})
    );
}

#[test]
fn texts_are_cut_out_of_statements() {
    let schema = found(&everything()).schema;
    let careful = object(&schema, "trigger public.users.careful");
    assert_eq!(careful["arguments"], json!(["a", "b'c", "é\\", ""]));
    assert_eq!(
        careful["when"],
        "(old.id IS DISTINCT FROM new.id) AND ((new.name)::text <> 'EXECUTE FUNCTION x('::text)"
    );
    assert_eq!(careful["events"], json!([{"update": ["name", "email"]}]));
    let two = object(&schema, "rule public.quick.two");
    assert_eq!(two["condition"], "old.a > 3");
    assert_eq!(two["actions"].as_array().map(Vec::len), Some(2));
    assert_eq!(two["actions"][0], "INSERT INTO public.second (c)\n  VALUES (old.a)");
    let none = object(&schema, "rule public.adults.none");
    assert_eq!((&none["instead"], &none["actions"]), (&json!(true), &json!([])));
    assert_eq!(
        object(&schema, "table public.events_1")["partition_of"]["bound"],
        json!({"range": {"from": ["'2024-01-01 00:00:00+00'", "MINVALUE"], "to": ["'2025-01-01 00:00:00+00'", "'x'"]}})
    );
    assert_eq!(
        object(&schema, "table public.events_dl")["partition_of"]["bound"],
        json!({"list": ["'a''b'", "NULL", "'c,d'"]})
    );
    assert_eq!(
        object(&schema, "table public.events")["partition_by"]["keys"][1]["key"],
        json!({"expr": "lower(kind)"})
    );
    let keys = object(&schema, "index public.collated")["keys"].clone();
    assert_eq!(keys[0]["collation"], Value::Null, "an expression's own collation");
    assert_eq!(keys[1]["collation"], json!({"name": "POSIX"}));
    assert_eq!(keys[2]["nulls_first"], true);
    assert_eq!(
        object(&schema, "index public.tricky")["keys"][1]["key"],
        json!({"expr": "name IS NULL"})
    );
}

#[test]
fn only_what_is_not_the_default_is_said() {
    let schema = found(&everything()).schema;
    let id = object(&schema, "column public.users.id");
    assert_eq!(id["identity"]["sequence"], Value::Null);
    assert_eq!(
        object(&schema, "column public.counted.id")["identity"]["sequence"],
        json!({"namespace": "public", "name": "renamed_seq"})
    );
    assert_eq!(
        (&id["storage"], &id["options"], &id["statistics"]),
        (&Value::Null, &json!({}), &Value::Null)
    );
    let age = object(&schema, "column public.users.age");
    assert_eq!(
        (&age["options"], &age["statistics"]),
        (&json!({"n_distinct": "-0.5"}), &json!(300))
    );
    let document = object(&schema, "column public.users.document");
    assert_eq!(
        (&document["storage"], &document["compression"]),
        (&json!("external"), &json!("pglz"))
    );
    let many = object(&schema, "function public.many(integer, text, integer[])");
    assert_eq!((&many["cost"], &many["returns"]), (&json!("5"), &Value::Null));
    assert_eq!(many["settings"], json!({"search_path": "public, pg_temp"}));
    assert_eq!(many["arguments"][1]["default"], "'x, y'::text");
    assert!(schema.contains(&"function public.many(character, bit)".parse().expect("an id")));
    assert_eq!(
        object(&schema, "table public.quick")["replica_identity"],
        json!({"index": "quick_a"})
    );
    assert_eq!(
        object(&schema, "enum public.mood")["labels"],
        json!(["sad", "so so", "ok", "happy"])
    );
    assert_eq!(
        object(&schema, "privileges on function public.returned(integer)")["grants"],
        json!({})
    );
    assert_eq!(
        object(&schema, "privileges on column public.users.name")["grants"],
        json!({"pg_signal_backend": {"SELECT": false, "UPDATE": false}})
    );
    assert!(!schema.contains(&"privileges on view public.totals".parse().expect("an id")));
}

#[test]
fn what_is_not_managed_is_named() {
    let found = found(&everything());
    let said: Vec<String> = found.findings.iter().map(Finding::to_string).collect();
    assert_eq!(
        said,
        [
            "index public.unfinished is invalid",
            "materialized view public.totals holds no data, and cannot be read before REFRESH MATERIALIZED VIEW",
            "constraint public.users.later is not valid",
        ]
    );
    assert_eq!(found.server_version(), server_major());
}

#[test]
fn security_labels_are_read_whoever_gave_them() {
    let database = Database::new();
    // No provider comes with PostgreSQL, so the labels are put where one would put them.
    database
        .sql(
            "create schema app; create table app.t (a int); create function app.f(int) returns int language sql as 'select 1';
             create subscription s connection 'host=publisher.invalid' publication p with (connect = false, slot_name = none);
             set allow_system_table_mods = on;
             insert into pg_seclabel values
                ('app.t'::regclass, 'pg_class'::regclass, 0, 'first', 'secret'),
                ('app.t'::regclass, 'pg_class'::regclass, 0, 'se\"cond', 'it''s'),
                ('app.t'::regclass, 'pg_class'::regclass, 1, 'first', 'column'),
                ('app.f'::regproc, 'pg_proc'::regclass, 0, 'first', 'function'),
                ('app'::regnamespace, 'pg_namespace'::regclass, 0, 'first', 'namespace');
             insert into pg_shseclabel
                select oid, 'pg_subscription'::regclass, 'first', 'shared' from pg_subscription where subname = 's'",
        )
        .expect("labels");
    let found = found(&database);
    let labels: Vec<String> = found
        .schema
        .of_kind(Kind::SecurityLabel)
        .map(|(id, _)| id.to_string())
        .collect();
    assert_eq!(
        labels,
        [
            "security label of first on column app.t.a",
            "security label of first on function app.f(integer)",
            "security label of first on namespace app",
            "security label of first on subscription s",
            "security label of first on table app.t",
            "security label of \"se\"\"cond\" on table app.t",
        ]
    );
    assert_eq!(
        object(&found.schema, "security label of \"se\"\"cond\" on table app.t")["label"],
        "it's"
    );
    assert_eq!(found.findings, []);
}

#[test]
fn the_connection_of_a_subscription_is_read_by_those_who_may() {
    let database = Database::new();
    create_role("without_rights");
    database
        .sql("create subscription s connection 'host=publisher.invalid password=<é&>' publication p with (connect = false, slot_name = none)")
        .expect("a subscription");
    run(async {
        let session = session(&database).await;
        let all = read(&session, &Scope::default()).await;
        let seen = object(&all.schema, "subscription s");
        assert_eq!(seen["connection"], "host=publisher.invalid password=<é&>");
        assert_eq!((&seen["hidden"], &seen["slot"]), (&json!(false), &json!("")));
        assert_eq!(all.findings, []);
        session
            .client
            .batch_execute("set role without_rights")
            .await
            .expect("a role");
        let seen = read(&session, &Scope::default()).await;
        let hidden = object(&seen.schema, "subscription s");
        assert_eq!((&hidden["connection"], &hidden["hidden"]), (&json!(""), &json!(true)));
        assert_eq!(seen.findings, [Finding::HiddenConnection { name: "s".into() }]);
    });
}

#[test]
fn sequences_that_are_not_logged_as_their_table_are_named() {
    let database = Database::new();
    database
        .sql(
            "create unlogged table alike (id int generated always as identity);
             create unlogged table apart (id int generated always as identity);
             create table apart_too (id int generated always as identity)",
        )
        .expect("tables");
    assert_eq!(found(&database).findings, []);
    if server_major() >= 15 {
        database
            .sql("alter sequence apart_id_seq set logged; alter sequence apart_too_id_seq set unlogged")
            .expect("sequences");
        let apart = ["apart_id_seq", "apart_too_id_seq"].map(|name| Finding::LoggedApart {
            name: format!("public.{name}"),
        });
        assert_eq!(found(&database).findings, apart);
    }
}

#[test]
fn members_of_extensions_are_not_managed() {
    let database = Database::new();
    if database.sql("create extension hstore").is_err() {
        return;
    }
    database
        .sql("create table t (a hstore); create index on t using gist (a gist_hstore_ops (siglen = 32))")
        .expect("a table");
    let found = found(&database);
    let kinds: Vec<Kind> = found
        .schema
        .iter()
        .map(|(id, _)| id.kind)
        .filter(|kind| !kind.is_satellite())
        .collect();
    assert_eq!(
        kinds,
        [Kind::Namespace, Kind::Extension, Kind::Table, Kind::Column, Kind::Index]
    );
    assert_eq!(found.findings, []);
}

#[test]
fn a_scope_limits_what_is_looked_at() {
    let database = everything();
    let scope = Scope {
        namespaces: Some(vec!["My App".into(), "it's\\ \"not\", there".into()]),
    };
    let found = run(async { read(&session(&database).await, &scope).await });
    assert!(
        found
            .schema
            .contains(&"table \"My App\".\"Order Items\"".parse().expect("an id"))
    );
    for (id, _) in found.schema.iter() {
        let subject = id.subject();
        let namespace = if subject.kind == Kind::Namespace {
            Some(&subject.name)
        } else {
            subject.namespace.as_ref()
        };
        assert_eq!(namespace.map(|name| name.as_str()), Some("My App"), "{id}");
    }
    assert_eq!(found.findings, []);
}

#[test]
fn no_privileges_are_needed_and_the_session_stays_as_it_was() {
    let database = everything();
    create_role("without_rights");
    run(async {
        let session = session(&database).await;
        let all = read(&session, &Scope::default()).await;
        session
            .client
            .batch_execute("set search_path = \"My App\"; set role without_rights")
            .await
            .expect("settings");
        let seen = read(&session, &Scope::default()).await;
        assert!(all.schema == seen.schema);
        assert_eq!(all.findings, seen.findings);
        let row = session
            .client
            .query_one(
                "select current_setting('search_path'), current_setting('jit') from pg_class limit 1",
                &[],
            )
            .await
            .expect("settings");
        assert_eq!(row.get::<_, String>(0), "\"My App\"");
    });
}

#[test]
fn what_postgresql_18_adds() {
    if server_major() < 18 {
        return;
    }
    let database = Database::from_script(&file("since_18.sql")).unwrap_or_else(|error| panic!("{error}"));
    let schema = found(&database).schema;
    let mut constraints: Vec<String> = schema
        .of_kind(Kind::Constraint)
        .map(|(id, _)| format!("{}.{}", id.name, id.own_name()))
        .collect();
    constraints.sort();
    assert_eq!(
        constraints,
        [
            "bookings.bookings_pkey",
            "loose.loose_b_check",
            "nulls.here_only",
            "nulls.later",
            "nulls.named",
            "stays.stays_id_during_fkey",
        ]
    );
    assert_eq!(
        object(&schema, "column public.nulls.c")["not_null"],
        false,
        "not valid yet"
    );
    assert_eq!(object(&schema, "constraint public.nulls.later")["not_valid"], true);
    let loose = object(&schema, "constraint public.loose.loose_b_check");
    assert_eq!(
        (&loose["not_enforced"], &loose["not_valid"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        object(&schema, "column public.loose.c")["generated"],
        json!({"expr": "b + 1", "virtual": true})
    );
    let bookings = object(&schema, "constraint public.bookings.bookings_pkey");
    assert_eq!(bookings["rule"]["primary_key"]["without_overlaps"], true);
    assert_eq!(
        object(&schema, "constraint public.stays.stays_id_during_fkey")["rule"]["foreign_key"]["period"],
        true
    );
}

/// What is not there is not asked about, and that must not hide the only object of its kind.
#[test]
fn the_only_object_of_its_kind_is_found() {
    let only = [
        ("CREATE TYPE one AS ENUM ()", "enum public.one"),
        ("CREATE TYPE one AS (a int)", "composite type public.one"),
        ("CREATE TYPE one AS RANGE (SUBTYPE = float8)", "range type public.one"),
        (
            "CREATE DOMAIN one AS int[] CHECK (VALUE <> '{}')",
            "domain constraint public.one.one_check",
        ),
        ("CREATE SEQUENCE one", "sequence public.one"),
        (
            "CREATE TABLE one (a int GENERATED ALWAYS AS IDENTITY)",
            "column public.one.a",
        ),
        (
            "CREATE TABLE one (a int, EXCLUDE USING btree (a WITH =))",
            "constraint public.one.one_a_excl",
        ),
        ("CREATE TABLE one (a int) PARTITION BY HASH (a)", "table public.one"),
        ("CREATE VIEW one AS SELECT 1 AS a", "view public.one"),
        (
            "CREATE MATERIALIZED VIEW one AS SELECT 1 AS a",
            "materialized view public.one",
        ),
        (
            "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "function public.one()",
        ),
        (
            "CREATE PROCEDURE one() LANGUAGE sql AS 'SELECT 1'",
            "procedure public.one()",
        ),
        (
            "CREATE AGGREGATE one (int) (SFUNC = int4pl, STYPE = int)",
            "aggregate public.one(integer)",
        ),
        (
            "CREATE OPERATOR === (PROCEDURE = int4eq, LEFTARG = int, RIGHTARG = int)",
            "operator public.===",
        ),
        ("CREATE OPERATOR FAMILY one USING btree", "operator family public.one"),
        ("CREATE COLLATION one (LOCALE = 'C')", "collation public.one"),
        (
            "CREATE CONVERSION one FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
            "conversion public.one",
        ),
        ("CREATE CAST (int AS inet) WITH INOUT", "cast "),
        (
            "CREATE TEXT SEARCH DICTIONARY one (TEMPLATE = simple)",
            "text search dictionary public.one",
        ),
        (
            "CREATE TEXT SEARCH CONFIGURATION one (PARSER = default)",
            "text search configuration public.one",
        ),
        ("CREATE FOREIGN DATA WRAPPER one", "foreign data wrapper one"),
        ("CREATE PUBLICATION one", "publication one"),
        (
            "CREATE ACCESS METHOD one TYPE TABLE HANDLER heap_tableam_handler",
            "access method one",
        ),
        (
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
            "default privileges ",
        ),
        ("COMMENT ON SCHEMA public IS 'one'", "comment on namespace public"),
        (
            "GRANT CREATE ON SCHEMA public TO PUBLIC",
            "privileges on namespace public",
        ),
    ];
    for (statement, wanted) in only {
        let database = Database::new();
        database
            .sql(statement)
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
        let schema = found(&database).schema;
        let ids: Vec<String> = schema.iter().map(|(id, _)| id.to_string()).collect();
        assert!(ids.iter().any(|id| id.starts_with(wanted)), "{statement}: {ids:?}");
        // The owner of what has one is found with it.
        let owned = format!("owner on {wanted}");
        let has_no_owner = [
            "column",
            "constraint",
            "domain constraint",
            "cast",
            "access",
            "default",
            "comment",
            "privileges",
        ]
        .iter()
        .any(|kind| wanted.starts_with(kind));
        assert!(
            has_no_owner || ids.iter().any(|id| id.starts_with(&owned)),
            "{statement}: {ids:?}"
        );
    }
}
