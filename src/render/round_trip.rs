//! What is rendered reads back as what it was rendered from.

use crate::expr::{Expr, Query, SearchPath};
use crate::object::{Object, Visitor};
use crate::operation::Operation;
use crate::parse::parse_text;
use crate::schema::Schema;

use super::statements::statements;

struct Paths(Option<SearchPath>);

impl Visitor for Paths {
    fn expr(&mut self, _: &str, _: Option<&crate::name::QualifiedName>, expr: &mut Expr) {
        self.0.get_or_insert_with(|| expr.path.clone());
    }
    fn query(&mut self, _: &str, query: &mut Query) {
        self.0.get_or_insert_with(|| query.path.clone());
    }
}

fn path_of(operation: &Operation) -> Option<SearchPath> {
    let mut paths = Paths(None);
    if let Operation::Create { object, .. } = operation {
        object.clone().visit(&mut paths);
    }
    paths.0
}

/// The schema that a text describes, and the text rendered from its operations one by one.
pub(crate) fn again(text: &str) -> Result<(Schema, String), String> {
    let first = parse_text("first.sql", text).map_err(|error| error.to_string())?;
    let (mut schema, mut written) = (Schema::new(), String::new());
    for operation in &first.operations {
        let path = path_of(operation).map_or("public".into(), |path| path.to_sql());
        written.push_str(&format!("SET search_path = {path};\n"));
        for statement in statements(std::slice::from_ref(operation), &schema) {
            written.push_str(&statement);
            written.push_str(";\n");
        }
        operation.apply(&mut schema).map_err(|error| error.to_string())?;
    }
    Ok((first.schema, written))
}

fn check(text: &str) {
    let (first, written) = match again(text) {
        Ok(done) => done,
        Err(error) => panic!("{error}"),
    };
    let second = match parse_text("again.sql", &written) {
        Ok(desired) => desired.schema,
        Err(error) => panic!("{error}\n{written}"),
    };
    for (id, object) in first.iter() {
        assert_eq!(second.get(id), Some(object), "{id}\n{written}");
    }
    assert_eq!(first.len(), second.len(), "{written}");
}

#[test]
fn types() {
    check(
        "CREATE SCHEMA app AUTHORIZATION me;
         CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" SCHEMA app VERSION '1.1';
         CREATE TYPE mood AS ENUM ('sad', 'it''s', E'a\\\\b');
         ALTER TYPE mood ADD VALUE 'new' BEFORE 'sad';
         ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
         CREATE TYPE app.pair AS (a int, \"B\" text COLLATE \"C\");
         ALTER TYPE app.pair ADD ATTRIBUTE c mood, DROP ATTRIBUTE a CASCADE;
         ALTER TYPE app.pair RENAME ATTRIBUTE \"B\" TO b;
         CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = spans);
         CREATE DOMAIN d text COLLATE \"C\" DEFAULT 'x' NOT NULL CHECK (value <> '') CONSTRAINT own CHECK (length(VALUE) < 9) CHECK (true);
         ALTER DOMAIN d DROP NOT NULL;
         ALTER DOMAIN d ADD CHECK (value > 'a') NOT VALID;
         ALTER DOMAIN d VALIDATE CONSTRAINT own;
         ALTER DOMAIN d RENAME CONSTRAINT own TO mine;
         ALTER TYPE mood SET SCHEMA app;
         COMMENT ON TYPE app.mood IS 'how it''s going';
         COMMENT ON CONSTRAINT mine ON DOMAIN d IS $$dollar$$;",
    );
}

#[test]
fn domains_get_the_default_names() {
    let desired = parse_text("f.sql", "CREATE DOMAIN d int CHECK (value > 0) CHECK (value < 9)");
    let names: Vec<String> = desired
        .map(|desired| desired.schema.iter().map(|(id, _)| id.to_string()).collect())
        .unwrap_or_default();
    assert_eq!(
        names,
        [
            "domain public.d",
            "domain constraint public.d.d_check",
            "domain constraint public.d.d_check1"
        ]
    );
}

#[test]
fn views() {
    check(
        "CREATE TABLE t (a int, b text);
         CREATE OR REPLACE VIEW v (x, y) WITH (security_barrier) AS SELECT a, b FROM t WITH LOCAL CHECK OPTION;
         CREATE RECURSIVE VIEW r (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 9;
         ALTER VIEW v ALTER COLUMN x SET DEFAULT 3;
         ALTER VIEW v SET (security_invoker = true);
         ALTER VIEW r RENAME TO numbers;
         CREATE MATERIALIZED VIEW m (z) WITH (fillfactor = 70) TABLESPACE fast AS SELECT a FROM t -- tail
            WITH NO DATA;
         ALTER MATERIALIZED VIEW m SET (fillfactor = 80);
         COMMENT ON VIEW v IS 'v'; COMMENT ON COLUMN v.x IS 'x'; ALTER TABLE v OWNER TO me;
         CREATE RULE no AS ON INSERT TO v WHERE new.x > 1 OR new.x < 0 DO INSTEAD (INSERT INTO t VALUES (1); DELETE FROM t);
         CREATE RULE never AS ON DELETE TO t DO INSTEAD NOTHING;
         CREATE RULE also AS ON UPDATE TO t WHERE (old.a > 1) DO ALSO SELECT 1;",
    );
}

#[test]
fn routines() {
    check(
        "CREATE TYPE mood AS ENUM ('a');
         CREATE TABLE t (a numeric(10,2));
         CREATE FUNCTION add(a int, b int = 1 + 1, VARIADIC c mood[] DEFAULT '{}') RETURNS int LANGUAGE sql IMMUTABLE STRICT
            PARALLEL SAFE COST 5 AS 'select $1; -- '' $$';
         CREATE FUNCTION two(time time, INOUT x double precision, OUT y text) AS $x$ begin end $x$ LANGUAGE plpgsql
            RETURNS NULL ON NULL INPUT SECURITY DEFINER SET search_path = '', \"$user\", public SET work_mem TO '1MB' LEAKPROOF;
         CREATE FUNCTION rows(in t.a%TYPE) RETURNS TABLE (a int, b varchar(10)) LANGUAGE 'SQL' ROWS 10 AS 'select 1, 2';
         CREATE FUNCTION std(a int) RETURNS int RETURN a + 1;
         CREATE FUNCTION atomic() RETURNS SETOF int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;
         CREATE FUNCTION c(cstring) RETURNS mood AS 'lib', 'symbol' LANGUAGE c STRICT;
         CREATE OR REPLACE PROCEDURE p(a int, OUT b int) LANGUAGE plpgsql AS $$ begin end $$;
         CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ begin return new; end $$;
         ALTER FUNCTION std(int) STABLE SET timezone TO 'UTC';
         ALTER ROUTINE atomic RENAME TO atomic2;
         ALTER FUNCTION add(int, b int, mood[]) OWNER TO me;
         COMMENT ON FUNCTION two(time time, INOUT double precision, OUT y text) IS 'two';
         CREATE AGGREGATE total(int) (SFUNC = add, STYPE = int, INITCOND = '0', PARALLEL = safe, SORTOP = >);
         CREATE AGGREGATE osa(float8 ORDER BY anyelement) (stype = internal, sfunc = ordered_set_transition,
            finalfunc = percentile_disc_final, finalfunc_extra, finalfunc_modify = read_only);
         CREATE AGGREGATE cnt(*) (sfunc = int8inc, stype = int8, initcond = 0, msfunc = int8inc, minvfunc = int8dec, mstype = int8);
         COMMENT ON AGGREGATE cnt(*) IS 'all'; COMMENT ON AGGREGATE osa(float8 ORDER BY anyelement) IS 'o';",
    );
    assert!(
        parse_text("f.sql", "CREATE AGGREGATE s (BASETYPE = int, SFUNC = f, STYPE = int)")
            .is_err_and(|error| error.hint.is_some())
    );
}

#[test]
fn triggers_policies_statistics() {
    check(
        "CREATE TABLE \"from\" (a int, part text, b int);
         CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ begin return new; end $$;
         CREATE TRIGGER t1 BEFORE UPDATE OF a, part OR INSERT ON \"from\" FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*)
            EXECUTE PROCEDURE trg('a''b', 1, 2.5, Word);
         CREATE CONSTRAINT TRIGGER t2 AFTER DELETE ON \"from\" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trg();
         CREATE TRIGGER t3 AFTER TRUNCATE ON \"from\" EXECUTE FUNCTION other.trg();
         CREATE TRIGGER t4 AFTER UPDATE ON \"from\" REFERENCING NEW TABLE AS n OLD TABLE o EXECUTE FUNCTION trg();
         ALTER TABLE \"from\" DISABLE TRIGGER t1; ALTER TABLE \"from\" ENABLE ALWAYS TRIGGER t2;
         ALTER TRIGGER t3 ON \"from\" RENAME TO t5;
         COMMENT ON TRIGGER t1 ON \"from\" IS 't';
         CREATE POLICY p ON \"from\" AS RESTRICTIVE FOR UPDATE TO joe, CURRENT_USER USING (a > 1) WITH CHECK (b = 2 -- why
            );
         ALTER POLICY p ON \"from\" TO PUBLIC USING (true);
         CREATE POLICY \"All\" ON \"from\";
         CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('create table', 'ALTER TABLE') EXECUTE FUNCTION trg();
         ALTER EVENT TRIGGER e ENABLE REPLICA;
         CREATE STATISTICS ON b, a FROM \"from\";
         CREATE STATISTICS s (mcv, ndistinct) ON part, lower(part), (a + b) FROM \"from\";
         CREATE STATISTICS s1 ON (a * 2) FROM \"from\";
         ALTER STATISTICS s SET STATISTICS 100;
         COMMENT ON STATISTICS from_b_a_stat IS 'named';",
    );
}

#[test]
fn privileges() {
    check(
        "CREATE SCHEMA app; CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT 1 AS x; CREATE SEQUENCE s;
         CREATE TYPE mood AS ENUM (); CREATE FUNCTION f(a int) RETURNS int RETURN 1; CREATE PROCEDURE p() BEGIN ATOMIC END;
         GRANT ALL ON t TO joe WITH GRANT OPTION; REVOKE GRANT OPTION FOR DELETE ON t FROM joe;
         GRANT SELECT (a, b), UPDATE (b), INSERT ON TABLE t TO ann, \"Bob\" GRANTED BY CURRENT_USER;
         GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA public TO all_reader;
         GRANT SELECT ON v, t TO PUBLIC; REVOKE ALL ON FUNCTION f(int) FROM PUBLIC CASCADE;
         GRANT EXECUTE ON ROUTINE f TO joe; GRANT ALL ON PROCEDURE p() TO GROUP joe;
         GRANT USAGE, CREATE ON SCHEMA app, public TO joe; GRANT ALL ON SEQUENCE s TO joe; GRANT USAGE ON TYPE mood TO joe;
         ALTER DEFAULT PRIVILEGES FOR ROLE me IN SCHEMA app GRANT ALL ON TABLES TO joe;
         ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
         ALTER SCHEMA app OWNER TO me; ALTER FUNCTION f(int) OWNER TO SESSION_USER;
         GRANT USAGE ON SCHEMA app TO CURRENT_ROLE; ALTER DEFAULT PRIVILEGES FOR ROLE SESSION_USER GRANT ALL ON TYPES TO joe;
         ALTER TYPE mood OWNER TO \"Me\";
         COMMENT ON SCHEMA app IS ''; COMMENT ON TABLE t IS NULL;",
    );
    for refused in [
        "GRANT admin TO joe",
        "REVOKE admin, b FROM joe",
        "GRANT EXECUTE ON SCHEMA public TO joe",
    ] {
        assert!(parse_text("f.sql", refused).is_err(), "{refused}");
    }
}

#[test]
fn a_schema_with_its_elements() {
    check(
        "CREATE SCHEMA app CREATE TABLE t (a int) CREATE VIEW v AS SELECT a FROM t GRANT SELECT ON t, v TO joe
            GRANT INSERT ON t TO ann",
    );
}

#[test]
fn drops_come_before() {
    let desired = parse_text(
        "f.sql",
        "DROP VIEW IF EXISTS v; DROP TYPE IF EXISTS mood, d CASCADE; DROP FUNCTION IF EXISTS f(int, mood);
         CREATE TYPE mood AS ENUM (); CREATE FUNCTION f() RETURNS mood LANGUAGE sql AS ''; DROP FUNCTION f;
         DROP TRIGGER IF EXISTS x ON t; DROP SCHEMA IF EXISTS app CASCADE;",
    );
    let ids: Vec<String> = match desired {
        Ok(desired) => desired.schema.iter().map(|(id, _)| id.to_string()).collect(),
        Err(error) => vec![error.to_string()],
    };
    assert_eq!(ids, ["enum public.mood"]);
}

#[test]
fn kept_objects() {
    // Objects hold what later statements changed, so that they are created as they ended.
    let text = "CREATE TABLE t (a int); CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS ''; \
                CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION g(); ALTER TABLE t DISABLE TRIGGER x;";
    let desired = parse_text("f.sql", text);
    let objects: Vec<Object> = desired
        .map(|desired| desired.schema.iter().map(|(_, object)| object.clone()).collect())
        .unwrap_or_default();
    let operations: Vec<Operation> = objects.into_iter().map(Operation::create).collect();
    let written = statements(&operations, &Schema::new()).join(";\n");
    assert!(written.contains("DISABLE TRIGGER x"), "{written}");
}

#[test]
fn languages_transforms_and_access_methods() {
    check(
        "CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS 'lib', 'handler';
         CREATE OR REPLACE TRUSTED PROCEDURAL LANGUAGE mine HANDLER handler INLINE pg_catalog.inline VALIDATOR app.validator;
         CREATE LANGUAGE \"Bare\" HANDLER handler NO VALIDATOR;
         ALTER PROCEDURAL LANGUAGE \"Bare\" RENAME TO bare;
         ALTER LANGUAGE bare OWNER TO me;
         REVOKE USAGE ON LANGUAGE mine FROM PUBLIC;
         GRANT ALL ON LANGUAGE mine TO me WITH GRANT OPTION;
         COMMENT ON LANGUAGE mine IS 'mine';
         CREATE TYPE mood AS ENUM ();
         CREATE OR REPLACE TRANSFORM FOR mood LANGUAGE mine (TO SQL WITH FUNCTION to_mood(internal), FROM SQL WITH FUNCTION app.from_mood);
         CREATE TRANSFORM FOR varchar(3) LANGUAGE bare (FROM SQL WITH FUNCTION f(internal));
         COMMENT ON TRANSFORM FOR mood LANGUAGE mine IS 'a mood';
         CREATE ACCESS METHOD heaped TYPE TABLE HANDLER heap_tableam_handler;
         CREATE ACCESS METHOD tree TYPE INDEX HANDLER app.handler;
         COMMENT ON ACCESS METHOD tree IS 'a tree';
         DROP TRANSFORM IF EXISTS FOR varchar LANGUAGE bare CASCADE;
         DROP LANGUAGE bare;",
    );
}

#[test]
fn subscriptions() {
    check(
        "CREATE SUBSCRIPTION s CONNECTION 'host=a password=''x''' PUBLICATION one, \"Two\"
            WITH (connect = false, enabled = false, slot_name = 'S 1', binary, streaming = parallel, two_phase = on,
                  disable_on_error = 1, synchronous_commit = 'local', password_required = false, run_as_owner = true,
                  origin = NONE, failover = true, copy_data = false, create_slot = false);
         CREATE SUBSCRIPTION runs CONNECTION '' PUBLICATION p WITH (enabled = true);
         ALTER SUBSCRIPTION s CONNECTION 'host=b';
         ALTER SUBSCRIPTION s ADD PUBLICATION three WITH (refresh = false);
         ALTER SUBSCRIPTION s DROP PUBLICATION one;
         ALTER SUBSCRIPTION s SET (slot_name = NONE, binary = off, origin = any);
         ALTER SUBSCRIPTION runs DISABLE;
         ALTER SUBSCRIPTION runs OWNER TO me;
         COMMENT ON SUBSCRIPTION s IS 's';",
    );
}

#[test]
fn security_labels() {
    check(
        "CREATE TABLE t (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'select 1';
         SECURITY LABEL FOR selinux ON TABLE t IS 'x''y';
         SECURITY LABEL FOR 'other one' ON TABLE t IS 'z';
         SECURITY LABEL FOR selinux ON COLUMN t.a IS 'column';
         SECURITY LABEL FOR selinux ON FUNCTION f(int) IS 'function';
         SECURITY LABEL FOR selinux ON FUNCTION f(int) IS NULL;
         ALTER TABLE t RENAME TO u;",
    );
}
