//! What the measured statements ran on: the fixture, and what each of them needs beside it. The table names each statement only; what
//! was there before is told by its id and by its answers.

use super::{is, partitioned, types};

/// What is always there.
pub(super) const FIXTURE: &str = "
CREATE SCHEMA app;
CREATE SCHEMA s2;
SET search_path = app;
CREATE TABLE parent (id bigint PRIMARY KEY, x int);
CREATE TABLE t (id bigint PRIMARY KEY, parent_id bigint CONSTRAINT t_parent_fk REFERENCES parent (id),
    name text NOT NULL, n int, amount numeric, flag boolean DEFAULT false, note text);
CREATE INDEX t_name_idx ON t (name);
CREATE TABLE child (id bigint PRIMARY KEY, t_id bigint CONSTRAINT child_t_fk REFERENCES t (id));
CREATE INDEX child_t_id_idx ON child (t_id);
CREATE VIEW v_t AS SELECT id, name FROM t;
CREATE TABLE other (id bigint PRIMARY KEY, x int);
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TYPE mood2 AS ENUM ('ok', 'sad');
CREATE DOMAIN d0 AS int;
CREATE DOMAIN dpos AS int CHECK (VALUE > 0);
CREATE DOMAIN dd AS int DEFAULT 3;
CREATE DOMAIN dnn AS int NOT NULL;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE FUNCTION etf() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';
";

/// Ids of rows, and what stands beside the fixture before their statement.
const BESIDE: &[(&str, &str)] = &[
    ("create_table_of_type", "CREATE TYPE ct AS (a int, b text);"),
    ("drop_table_with_view_cascade", "CREATE VIEW v_o AS SELECT id FROM other;"),
    ("set_logged", "CREATE UNLOGGED TABLE u (id bigint PRIMARY KEY, x int); CREATE INDEX u_x_idx ON u (x);"),
    ("reset_fillfactor", "ALTER TABLE t SET (fillfactor = 70);"),
    ("inherit", "CREATE TABLE ip (id bigint, x int); CREATE TABLE ic (id bigint, x int);"),
    (
        "no_inherit inherit_parent_add_column inherit_drop_child",
        "CREATE TABLE ip (id bigint, x int); CREATE TABLE ic () INHERITS (ip);",
    ),
    ("of_type", "CREATE TYPE ct AS (a int, b text); CREATE TABLE tt (a int, b text);"),
    (
        "not_of composite_add_attribute_typed_table",
        "CREATE TYPE ct AS (a int, b text); CREATE TABLE tt OF ct;",
    ),
    (
        "composite_add_attribute_used composite_drop_attribute_used composite_rename_attribute_used",
        "CREATE TYPE ct AS (a int, b text); CREATE TABLE tc (id bigint PRIMARY KEY, c ct);",
    ),
    ("drop_rule disable_rule", "CREATE RULE r1 AS ON DELETE TO other DO INSTEAD NOTHING;"),
    (
        "add_column_default_plpgsql_volatile_unmarked",
        "CREATE FUNCTION f7() RETURNS int LANGUAGE plpgsql AS 'begin return 7; end';",
    ),
    (
        "add_column_default_plpgsql_immutable",
        "CREATE FUNCTION f7() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'begin return 7; end';",
    ),
    ("add_column_default_nextval", "CREATE SEQUENCE sq;"),
    ("add_column_primary_key", "CREATE TABLE nopk (id bigint, y bigint NOT NULL);"),
    ("drop_column_indexed", "CREATE INDEX t_amount_idx ON t (amount);"),
    ("drop_column_serial_owned_seq", "CREATE TABLE ts (id bigint PRIMARY KEY, s serial);"),
    ("drop_column_in_publication", "CREATE PUBLICATION pub FOR TABLE t;"),
    ("drop_column_in_statistics", "CREATE STATISTICS st ON n, note FROM t;"),
    (
        "set_not_null_with_valid_check set_not_null_and_drop_check_same_stmt set_not_null_two_columns_one_checked
         add_not_null_constraint_with_valid_check_18",
        "ALTER TABLE t ADD CONSTRAINT n_nn CHECK (n IS NOT NULL);",
    ),
    ("set_not_null_with_notvalid_check", "ALTER TABLE t ADD CONSTRAINT n_nn CHECK (n IS NOT NULL) NOT VALID;"),
    ("set_not_null_with_check_and", "ALTER TABLE t ADD CONSTRAINT n_nn CHECK (n IS NOT NULL AND n >= 0);"),
    ("set_not_null_with_check_range_only", "ALTER TABLE t ADD CONSTRAINT n_nn CHECK (n >= 0);"),
    ("set_not_null_with_check_or", "ALTER TABLE t ADD CONSTRAINT n_nn CHECK (n IS NOT NULL OR note IS NOT NULL);"),
    ("set_not_null_with_check_not_isnull", "ALTER TABLE t ADD CONSTRAINT n_nn CHECK (NOT (n IS NULL));"),
    ("set_not_null_with_check_num_nonnulls", "ALTER TABLE t ADD CONSTRAINT n_nn CHECK (num_nonnulls(n) = 1);"),
    ("set_not_null_with_check_coalesce", "ALTER TABLE t ADD CONSTRAINT n_nn CHECK (n IS DISTINCT FROM NULL);"),
    ("set_not_null_with_notvalid_notnull_18 validate_not_null_18", "ALTER TABLE t ADD CONSTRAINT n_nn NOT NULL n NOT VALID;"),
    (
        "validate_not_null_with_valid_check_18",
        "ALTER TABLE t ADD CONSTRAINT c0 CHECK (n IS NOT NULL); ALTER TABLE t ADD CONSTRAINT n_nn NOT NULL n NOT VALID;",
    ),
    (
        "drop_identity set_generated identity_restart type_int_to_bigint_identity",
        "CREATE TABLE ti (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x int);",
    ),
    ("type_int_to_bigint_serial", "CREATE TABLE ti (id serial PRIMARY KEY, x int);"),
    (
        "drop_expression set_expression alter_generated_stored_type",
        "CREATE TABLE tg (id bigint PRIMARY KEY, a int, c int GENERATED ALWAYS AS (a + 1) STORED); CREATE INDEX tg_c_idx ON tg (c);",
    ),
    (
        "set_expression_virtual set_not_null_virtual",
        "CREATE TABLE tg (id bigint PRIMARY KEY, a int, c int GENERATED ALWAYS AS (a + 1) VIRTUAL);",
    ),
    (
        "type_widen_fk_both type_varchar_widen_fk_column type_varchar_to_text_fk_column type_varchar_to_text_with_fk_unique",
        "CREATE TABLE ty (id bigint PRIMARY KEY, c varchar(50) CONSTRAINT ty_c_key UNIQUE);
         CREATE TABLE ty_ch (id bigint PRIMARY KEY, c varchar(50) CONSTRAINT ty_ch_c_fkey REFERENCES ty (c));",
    ),
    (
        "type_int_to_bigint_fk_column type_int_to_bigint_pk_referenced",
        "CREATE TABLE fp (id int PRIMARY KEY); CREATE TABLE fc (id bigint PRIMARY KEY, pid int CONSTRAINT fc_pid_fkey REFERENCES fp (id));",
    ),
    ("validate_check multi_validate_and_set_default", "ALTER TABLE t ADD CONSTRAINT c1 CHECK (n >= 0) NOT VALID;"),
    ("drop_check rename_constraint_check validate_check_already_valid", "ALTER TABLE t ADD CONSTRAINT c1 CHECK (n >= 0);"),
    (
        "validate_fk drop_fk_not_valid",
        "ALTER TABLE t ADD CONSTRAINT fk2 FOREIGN KEY (parent_id) REFERENCES parent (id) NOT VALID;",
    ),
    (
        "drop_fk_not_enforced",
        "ALTER TABLE t ADD CONSTRAINT fk2 FOREIGN KEY (parent_id) REFERENCES parent (id) NOT ENFORCED;",
    ),
    ("drop_fk_self", "ALTER TABLE t ADD CONSTRAINT fks FOREIGN KEY (n) REFERENCES t (id) NOT VALID;"),
    (
        "add_unique_using_index add_unique_using_index_renames",
        "CREATE UNIQUE INDEX t_name_u ON t (name);",
    ),
    ("drop_unique", "ALTER TABLE t ADD CONSTRAINT u1 UNIQUE (name);"),
    ("add_pk add_pk_nullable", "CREATE TABLE nopk (id bigint, y bigint NOT NULL);"),
    (
        "add_pk_nullable_valid_check",
        "CREATE TABLE nopk (id bigint CONSTRAINT proof CHECK (id IS NOT NULL), y bigint NOT NULL);",
    ),
    ("add_pk_using_index", "CREATE TABLE nopk (id bigint, y bigint NOT NULL); CREATE UNIQUE INDEX ux ON nopk (y);"),
    (
        "add_pk_using_index_nullable",
        "CREATE TABLE nopk (id bigint, y bigint NOT NULL); CREATE UNIQUE INDEX ux ON nopk (id);",
    ),
    (
        "add_pk_using_index_nullable_valid_check",
        "CREATE TABLE nopk (id bigint CONSTRAINT proof CHECK (id IS NOT NULL), y bigint NOT NULL); CREATE UNIQUE INDEX ux ON nopk (id);",
    ),
    ("swap_pk_same_stmt", "ALTER TABLE other ALTER COLUMN x SET NOT NULL; CREATE UNIQUE INDEX ux ON other (x);"),
    ("add_exclusion_gist add_pk_without_overlaps_18", "CREATE TABLE er (id int4range, r int4range);"),
    ("drop_exclusion", "ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING btree (name WITH =);"),
    ("add_unique_deferrable_using_index", "CREATE UNIQUE INDEX up ON t (name);"),
    ("alter_index_set_statistics", "CREATE INDEX ie ON t (lower(name));"),
    (
        "create_index_on_matview refresh_matview refresh_matview_concurrently refresh_matview_no_data alter_matview_rename
         alter_matview_set_fillfactor drop_matview",
        "CREATE MATERIALIZED VIEW mv AS SELECT id, name FROM t; CREATE UNIQUE INDEX mv_id ON mv (id);",
    ),
    ("drop_index_two", ""),
    ("drop_trigger rename_trigger disable_trigger comment_trigger", "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();"),
    (
        "disable_trigger_all disable_trigger_user drop_function_used_by_trigger_cascade",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();",
    ),
    (
        "enable_trigger enable_always_trigger",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf(); ALTER TABLE t DISABLE TRIGGER tr;",
    ),
    ("replace_function alter_function drop_function", "CREATE FUNCTION f1() RETURNS int LANGUAGE sql AS 'select 1';"),
    (
        "drop_function_used_by_default_cascade",
        "CREATE FUNCTION f7() RETURNS int LANGUAGE plpgsql AS 'begin return 7; end'; ALTER TABLE t ALTER COLUMN n SET DEFAULT f7();",
    ),
    ("drop_view_cascade", "CREATE VIEW v_v AS SELECT id FROM v_t;"),
    ("alter_policy rename_policy drop_policy", "CREATE POLICY p ON t USING (n > 0);"),
    ("disable_rls", "ALTER TABLE t ENABLE ROW LEVEL SECURITY;"),
    ("no_force_rls", "ALTER TABLE t FORCE ROW LEVEL SECURITY;"),
    (
        "alter_sequence_increment alter_sequence_cache alter_sequence_as_bigint alter_sequence_maxvalue alter_sequence_restart
         alter_sequence_owned_by alter_sequence_rename alter_sequence_owner alter_sequence_set_schema
         alter_sequence_set_unlogged drop_sequence_used_cascade grant_sequence",
        "CREATE SEQUENCE sq AS int; ALTER TABLE t ALTER COLUMN n SET DEFAULT nextval('app.sq'::regclass);",
    ),
    ("alter_sequence_owned_by_none", "CREATE SEQUENCE sq OWNED BY t.n;"),
    ("drop_sequence", "CREATE SEQUENCE s3;"),
    (
        "enum_add_value enum_add_value_before enum_rename_value type_rename type_owner type_set_schema comment_type grant_on_type
         drop_type_used_cascade",
        "CREATE TABLE te (id bigint PRIMARY KEY, m mood); CREATE INDEX te_m ON te (m);",
    ),
    (
        "domain_add_check domain_add_check_not_valid domain_set_not_null domain_set_default domain_rename",
        "CREATE DOMAIN dm AS int; CREATE TABLE td (id bigint PRIMARY KEY, d dm); CREATE TABLE td2 (id bigint PRIMARY KEY, d dm);",
    ),
    (
        "drop_domain_used_cascade",
        "CREATE DOMAIN dm AS int; CREATE TABLE td (id bigint PRIMARY KEY, d dm); CREATE TABLE td2 (id bigint PRIMARY KEY, d dm);",
    ),
    (
        "domain_validate",
        "CREATE DOMAIN dm AS int; CREATE TABLE td (id bigint PRIMARY KEY, d dm); CREATE TABLE td2 (id bigint PRIMARY KEY, d dm);
         ALTER DOMAIN dm ADD CONSTRAINT dc CHECK (VALUE > 0) NOT VALID;",
    ),
    (
        "domain_drop_constraint domain_rename_constraint",
        "CREATE DOMAIN dm AS int CONSTRAINT dc CHECK (VALUE > 0); CREATE TABLE td (id bigint PRIMARY KEY, d dm);",
    ),
    ("domain_drop_not_null", "CREATE DOMAIN dm AS int NOT NULL; CREATE TABLE td (id bigint PRIMARY KEY, d dm);"),
    ("drop_schema_empty", "CREATE SCHEMA s9;"),
    ("alter_extension_update", "CREATE EXTENSION pg_trgm SCHEMA public;"),
    ("drop_extension", "CREATE EXTENSION citext SCHEMA public;"),
    (
        "drop_extension_used_cascade",
        "CREATE EXTENSION citext SCHEMA public; CREATE TABLE ty (id bigint PRIMARY KEY, c public.citext); CREATE INDEX ty_c_idx ON ty (c);",
    ),
    ("alter_statistics rename_statistics drop_statistics", "CREATE STATISTICS st ON n, name FROM t;"),
    ("alter_publication_add alter_publication_set_table", "CREATE PUBLICATION pub FOR TABLE other;"),
    ("alter_publication_drop drop_publication alter_publication_set_param", "CREATE PUBLICATION pub FOR TABLE t, other;"),
    ("create_foreign_table", "CREATE FOREIGN DATA WRAPPER fw; CREATE SERVER fs FOREIGN DATA WRAPPER fw;"),
    ("revoke_column", "GRANT SELECT (note) ON t TO app_role;"),
    ("set_without_cluster", "ALTER TABLE t CLUSTER ON t_name_idx;"),
    ("type_two_columns_one_rewrite", "CREATE TABLE ty (id bigint PRIMARY KEY, c int);"),
];

/// The definitions that a measured statement ran on.
pub(super) fn before(id: &str) -> String {
    let beside = BESIDE
        .iter()
        .find(|(ids, _)| is(ids, id))
        .map(|(_, sql)| (*sql).to_owned());
    let beside = beside.or_else(|| types::before(id)).or_else(|| partitioned::before(id));
    format!("{FIXTURE}{}", beside.unwrap_or_default())
}
