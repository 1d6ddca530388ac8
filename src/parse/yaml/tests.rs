use crate::parse::{Desired, ParseError, parse_text};

const EXAMPLE: &str = include_str!("example.yaml");

const SAME: &str = "
CREATE SCHEMA app AUTHORIZATION shop;
COMMENT ON SCHEMA app IS 'The shop';
SET search_path = app;
CREATE EXTENSION citext SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE state AS ENUM ('new', 'paid');
COMMENT ON TYPE state IS 'Of an order';
CREATE TYPE money AS (amount numeric(12,2), currency char(3));
CREATE DOMAIN positive AS integer DEFAULT 1 CHECK (VALUE > 0);
CREATE SEQUENCE order_number START 1000 CACHE 10;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS 'begin
  new.changed := now();
  return new;
end
';
CREATE FUNCTION add(a integer, b integer = 1) RETURNS integer IMMUTABLE STRICT PARALLEL SAFE RETURN a + b;
COMMENT ON FUNCTION add(integer, integer) IS 'Adds two numbers';
GRANT EXECUTE ON FUNCTION add TO shop;
CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM app.orders WHERE state IS NULL';
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email citext NOT NULL UNIQUE,
    name text COLLATE \"C\" DEFAULT 'nobody' CHECK (name <> ''),
    mood mood,
    short text GENERATED ALWAYS AS (left(name, 3)) STORED,
    changed timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE users IS 'Who buys';
COMMENT ON COLUMN users.short IS 'For lists';
CREATE UNIQUE INDEX users_lower_idx ON users (lower(name) DESC, id) INCLUDE (changed) WHERE mood IS NOT NULL;
CREATE TRIGGER users_touch BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users FOR SELECT TO shop USING (name = current_user);
GRANT SELECT, INSERT ON users TO shop;
GRANT SELECT ON users TO PUBLIC;
CREATE TABLE orders (
    id bigserial, user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE, number integer, state state,
    PRIMARY KEY (id, state), CONSTRAINT orders_number UNIQUE (number, state)
) PARTITION BY LIST (state);
CREATE TABLE orders_new PARTITION OF orders FOR VALUES IN ('new') WITH (fillfactor = 70);
CREATE VIEW happy AS SELECT id, name FROM users WHERE mood = 'happy';
COMMENT ON VIEW happy IS 'They smile';
CREATE MATERIALIZED VIEW totals AS SELECT user_id, count(*) AS n FROM orders GROUP BY user_id WITH NO DATA;
CREATE UNIQUE INDEX totals_idx ON totals (user_id);
CREATE RULE keep AS ON DELETE TO users DO INSTEAD NOTHING;
ALTER DEFAULT PRIVILEGES FOR ROLE shop GRANT SELECT ON TABLES TO PUBLIC;
";

fn read(text: &str) -> Result<Desired, ParseError> {
    parse_text("f.yaml", text)
}

#[test]
fn the_example_equals_its_sql() {
    let (yaml, sql) = match (read(EXAMPLE), parse_text("f.sql", SAME)) {
        (Ok(yaml), Ok(sql)) => (yaml, sql),
        (Err(error), _) | (_, Err(error)) => panic!("{error}"),
    };
    for (id, object) in sql.schema.iter() {
        assert_eq!(yaml.schema.get(id), Some(object), "{id}");
    }
    for (id, _) in yaml.schema.iter() {
        assert!(sql.schema.contains(id), "{id}");
    }
    let place = yaml
        .places
        .iter()
        .find(|(id, _)| id.to_string() == "table app.orders")
        .map(|(_, place)| place.to_string());
    assert_eq!(place.as_deref(), Some("f.yaml:56:3"));
}

#[test]
fn faults_are_told_with_their_places() {
    for (text, told) in [
        ("tables:\n  t: {colums: []}", "f.yaml:2:"),
        (
            "tables:\n  t: {}\n  u: {}\n  t: {}",
            "f.yaml:4:3: the key t is there twice, first at f.yaml:2:3",
        ),
        (
            "tables:\n  t:\n    columns:\n      - {name: a, type: int}\n      - {name: b, type: 'int, c int'}",
            "f.yaml:5:25: this is no type",
        ),
        (
            "tables:\n  t:\n    columns:\n      - {name: a, type: int, default: '1); DROP TABLE x'}",
            "f.yaml:4:39: this is no expression",
        ),
        (
            "views:\n  v: {query: 'SELECT 1; SELECT 2'}",
            "f.yaml:2:14: this is no query",
        ),
        ("views:\n  v:\n    comment: x", "f.yaml:3:5: the view v has no query"),
        ("a: [", "f.yaml:"),
        ("enums: {e: 3}", "f.yaml:1:"),
        ("enums: {e: {labels: [a], renamed_labels: {b: c}}}", "f.yaml:1:"),
        (
            "tables: {t: {columns: [{name: a, type: int}], grants: {joe: [FLY]}}}",
            "f.yaml:1:56: ",
        ),
        (
            "tables: {t: {columns: [{name: a, type: int}], grants: {joe: ['SELECT ON x TO y;']}}}",
            "f.yaml:1:61: SELECT ON x TO y; is no privilege",
        ),
    ] {
        let error = read(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with(told), "{text}\n{error}");
    }
    assert!(read("").is_ok_and(|desired| desired.schema.is_empty()));
}

#[test]
fn names_are_taken_as_they_are() {
    let desired = read("tables:\n  Users: {columns: [{name: Order, type: int}]}\n  'x.\"a.b\"': {columns: []}");
    let ids: Vec<String> = match desired {
        Ok(desired) => desired.schema.iter().map(|(id, _)| id.to_string()).collect(),
        Err(error) => vec![error.to_string()],
    };
    assert_eq!(
        ids,
        [
            "table public.\"Users\"",
            "column public.\"Users\".\"Order\"",
            "table x.\"a.b\""
        ]
    );
}

#[test]
fn former_names_are_annotations() {
    let text = "enums:\n  mood: {labels: [sad, fine], renamed_labels: {fine: \"it's ok\"}}\ntables:\n  t:\n    renamed_from: old\n    columns:\n      - {name: a, type: int}\n      - {name: b, type: int, renamed_from: c}";
    let found: Vec<(String, String)> = match read(text) {
        Ok(desired) => desired
            .annotations
            .iter()
            .map(|annotation| {
                (
                    annotation.on.to_string(),
                    format!("{} {}", annotation.key, annotation.value),
                )
            })
            .collect(),
        Err(error) => panic!("{error}"),
    };
    let pair = |on: &str, what: &str| (on.to_owned(), what.to_owned());
    assert_eq!(found.len(), 3);
    assert!(found.contains(&pair("enum public.mood.fine", "renamed_from 'it''s ok'")));
    assert!(found.contains(&pair("table public.t", "renamed_from old")));
    assert!(found.contains(&pair("column public.t.b", "renamed_from c")));
}
