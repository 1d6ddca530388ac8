//! What the measured statements ran on: the fixture, and what each of them needs beside it. The table names each statement only; what
//! was there before is told by its id and by its answers.

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

/// A partitioned table with two partitions, a key and an index.
const PARTITIONED: &str = "
CREATE TABLE pt (id bigint NOT NULL, k int NOT NULL, name varchar(50), n int, parent_id bigint, note text,
    CONSTRAINT pt_pkey PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE pt_p1 PARTITION OF pt FOR VALUES FROM (1) TO (25001);
CREATE TABLE pt_p2 PARTITION OF pt FOR VALUES FROM (25001) TO (50001);
CREATE INDEX pt_name_idx ON pt (name);
";

/// The same without a key.
const KEYLESS: &str = "
CREATE TABLE pt (id bigint NOT NULL, k int NOT NULL, name varchar(50), n int, parent_id bigint, note text) PARTITION BY RANGE (id);
CREATE TABLE pt_p1 PARTITION OF pt FOR VALUES FROM (1) TO (25001);
CREATE TABLE pt_p2 PARTITION OF pt FOR VALUES FROM (25001) TO (50001);
CREATE INDEX pt_name_idx ON pt (name);
";

const DEFAULT: &str = "CREATE TABLE pt_def PARTITION OF pt DEFAULT;";

/// A table that can be attached, with the indexes of the parent.
const NEW: &str = "
CREATE TABLE pt_new (id bigint NOT NULL, k int NOT NULL, name varchar(50), n int, parent_id bigint, note text,
    CONSTRAINT pt_new_pkey PRIMARY KEY (id));
CREATE INDEX pt_new_name_idx ON pt_new (name);
";

const REFERENCING: &str = "CREATE TABLE ptc (id bigint PRIMARY KEY, pid bigint);";

const PROOF: &str = "ALTER TABLE pt_new ADD CONSTRAINT proof CHECK (id >= 50001 AND id < 100001);";

/// A table with a column of a type and an index on it.
const INDEXED: &str = "CREATE TABLE ty (id bigint PRIMARY KEY, c {}); CREATE INDEX ty_c_idx ON ty (c);";

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

/// The same for statements on partitioned tables; all have [`PARTITIONED`] but those of [`KEYLESS_ROWS`] and [`OTHER_PARTITIONED`].
const PARTITIONS: &[(&str, &[&str])] = &[
    ("pt_create_partition_of_with_default pt_detach_with_default pt_drop_partition_with_default pt_detach_default", &[DEFAULT]),
    (
        "pt_create_partition_of_with_default_excluded",
        &[DEFAULT, "ALTER TABLE pt_def ADD CONSTRAINT proof CHECK (NOT (id >= 50001 AND id < 100001));"],
    ),
    ("pt_attach pt_attach_as_default", &[NEW]),
    ("pt_attach_with_check", &[NEW, PROOF]),
    (
        "pt_attach_with_check_not_valid",
        &[NEW, "ALTER TABLE pt_new ADD CONSTRAINT proof CHECK (id >= 50001 AND id < 100001) NOT VALID;"],
    ),
    ("pt_attach_with_narrower_check", &[NEW, PROOF]),
    (
        "pt_attach_with_between_check",
        &[NEW, "ALTER TABLE pt_new ADD CONSTRAINT proof CHECK (id BETWEEN 50001 AND 100000);"],
    ),
    ("pt_attach_default_present", &[NEW, PROOF, DEFAULT]),
    (
        "pt_attach_default_present_excluding_check",
        &[NEW, PROOF, DEFAULT, "ALTER TABLE pt_def ADD CONSTRAINT proof CHECK (id < 50001 OR id >= 100001);"],
    ),
    (
        "pt_attach_default_present_excluding_check_not_form",
        &[NEW, PROOF, DEFAULT, "ALTER TABLE pt_def ADD CONSTRAINT proof CHECK (NOT (id >= 50001 AND id < 100001));"],
    ),
    (
        "pt_attach_default_present_excluding_or_form",
        &[NEW, PROOF, DEFAULT, "ALTER TABLE pt_def ADD CONSTRAINT proof CHECK (id < 50001 OR id >= 100001);"],
    ),
    (
        "pt_attach_missing_index",
        &["CREATE TABLE pt_new (id bigint NOT NULL, k int NOT NULL, name varchar(50), n int, parent_id bigint, note text);", PROOF],
    ),
    (
        "pt_attach_unique_index_but_no_pk",
        &[
            "CREATE TABLE pt_new (id bigint NOT NULL, k int NOT NULL, name varchar(50), n int, parent_id bigint, note text);
             CREATE UNIQUE INDEX pt_new_id_u ON pt_new (id); CREATE INDEX pt_new_name_idx ON pt_new (name);",
            PROOF,
        ],
    ),
    ("pt_attach_parent_has_fk", &[NEW, PROOF, "ALTER TABLE pt ADD CONSTRAINT pt_parent_fk FOREIGN KEY (parent_id) REFERENCES parent (id);"]),
    (
        "pt_attach_parent_has_fk_child_has_fk",
        &[
            NEW,
            PROOF,
            "ALTER TABLE pt ADD CONSTRAINT pt_parent_fk FOREIGN KEY (parent_id) REFERENCES parent (id);
             ALTER TABLE pt_new ADD CONSTRAINT pt_new_fk FOREIGN KEY (parent_id) REFERENCES parent (id);",
        ],
    ),
    (
        "pt_attach_parent_has_fk_child_has_fk_notvalid",
        &[
            NEW,
            PROOF,
            "ALTER TABLE pt ADD CONSTRAINT pt_parent_fk FOREIGN KEY (parent_id) REFERENCES parent (id);
             ALTER TABLE pt_new ADD CONSTRAINT pt_new_fk FOREIGN KEY (parent_id) REFERENCES parent (id) NOT VALID;",
        ],
    ),
    (
        "pt_attach_referenced_by_fk",
        &[NEW, PROOF, REFERENCING, "ALTER TABLE ptc ADD CONSTRAINT ptc_pid_fkey FOREIGN KEY (pid) REFERENCES pt (id);"],
    ),
    (
        "pt_attach_trigger_on_parent",
        &[NEW, PROOF, "CREATE TRIGGER tr AFTER INSERT ON pt FOR EACH ROW EXECUTE FUNCTION tf();"],
    ),
    (
        "pt_detach_with_fk pt_drop_fk pt_detach_concurrently_with_fk",
        &["ALTER TABLE pt ADD CONSTRAINT pt_parent_fk FOREIGN KEY (parent_id) REFERENCES parent (id);"],
    ),
    (
        "pt_detach_referenced_by_fk pt_drop_fk_referencing_partitioned",
        &[REFERENCING, "ALTER TABLE ptc ADD CONSTRAINT ptc_pid_fkey FOREIGN KEY (pid) REFERENCES pt (id);"],
    ),
    ("pt_add_fk_referencing_partitioned pt_add_fk_referencing_partitioned_not_valid", &[REFERENCING]),
    (
        "pt_validate_fk_referencing_partitioned",
        &[REFERENCING, "ALTER TABLE ptc ADD CONSTRAINT fk2 FOREIGN KEY (pid) REFERENCES pt (id) NOT VALID;"],
    ),
    (
        "pt_set_not_null_children_done",
        &["ALTER TABLE pt_p1 ALTER COLUMN n SET NOT NULL; ALTER TABLE pt_p2 ALTER COLUMN n SET NOT NULL;"],
    ),
    ("pt_set_not_null_with_valid_check", &["ALTER TABLE pt ADD CONSTRAINT n_nn CHECK (n IS NOT NULL);"]),
    ("pt_validate_not_null_18", &["ALTER TABLE pt ADD CONSTRAINT nn NOT NULL n NOT VALID;"]),
    ("pt_validate_check", &["ALTER TABLE pt ADD CONSTRAINT c1 CHECK (n >= 0) NOT VALID;"]),
    ("pt_drop_check", &["ALTER TABLE pt ADD CONSTRAINT c1 CHECK (n >= 0);"]),
    ("pt_validate_fk_18", &["ALTER TABLE pt ADD CONSTRAINT fk2 FOREIGN KEY (parent_id) REFERENCES parent (id) NOT VALID;"]),
    (
        "pt_add_fk_children_have_it",
        &["ALTER TABLE pt_p1 ADD CONSTRAINT fk2 FOREIGN KEY (parent_id) REFERENCES parent (id);
           ALTER TABLE pt_p2 ADD CONSTRAINT fk2 FOREIGN KEY (parent_id) REFERENCES parent (id);"],
    ),
    ("pt_attach_index", &["CREATE INDEX i1 ON ONLY pt (n); CREATE INDEX i1_p1 ON pt_p1 (n);"]),
    (
        "pt_attach_index_last",
        &["CREATE INDEX i1 ON ONLY pt (n); CREATE INDEX i1_p1 ON pt_p1 (n); CREATE INDEX i1_p2 ON pt_p2 (n);
           ALTER INDEX i1 ATTACH PARTITION i1_p1;"],
    ),
    ("pt_create_index_children_have_it", &["CREATE INDEX i1_p1 ON pt_p1 (n); CREATE INDEX i1_p2 ON pt_p2 (n);"]),
    (
        "pt_drop_trigger pt_disable_trigger pt_rename_trigger",
        &["CREATE TRIGGER tr AFTER INSERT ON pt FOR EACH ROW EXECUTE FUNCTION tf();"],
    ),
];

const KEYLESS_ROWS: &str = "pt_add_pk pt_add_pk_nullable";

/// Partitioned tables of other shapes.
const OTHER_PARTITIONED: &[(&str, &str)] = &[
    (
        "pt_attach_nullable_key_check_no_notnull",
        "CREATE TABLE pn (id bigint, v int) PARTITION BY RANGE (id);
         CREATE TABLE pn_new (id bigint, v int, CONSTRAINT proof CHECK (id >= 50001 AND id < 100001));",
    ),
    (
        "pt_attach_nullable_key_check_with_notnull",
        "CREATE TABLE pn (id bigint, v int) PARTITION BY RANGE (id);
         CREATE TABLE pn_new (id bigint, v int, CONSTRAINT proof CHECK (id IS NOT NULL AND id >= 50001 AND id < 100001));",
    ),
    (
        "pt_attach_nullable_key_check_and_column_notnull",
        "CREATE TABLE pn (id bigint, v int) PARTITION BY RANGE (id);
         CREATE TABLE pn_new (id bigint NOT NULL, v int, CONSTRAINT proof CHECK (id >= 50001 AND id < 100001));",
    ),
    (
        "pt_attach_hash",
        "CREATE TABLE ph (id bigint NOT NULL, v int) PARTITION BY HASH (id);
         CREATE TABLE ph_0 PARTITION OF ph FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE ph_new (id bigint NOT NULL, v int);",
    ),
    (
        "pt_attach_list",
        "CREATE TABLE pl (c text NOT NULL, v int) PARTITION BY LIST (c);
         CREATE TABLE pl_a PARTITION OF pl FOR VALUES IN ('a'); CREATE TABLE pl_new (c text NOT NULL, v int);",
    ),
    (
        "pt_attach_list_with_check",
        "CREATE TABLE pl (c text NOT NULL, v int) PARTITION BY LIST (c); CREATE TABLE pl_a PARTITION OF pl FOR VALUES IN ('a');
         CREATE TABLE pl_new (c text NOT NULL, v int, CONSTRAINT proof CHECK (c = 'b'));",
    ),
    (
        "pt_attach_list_with_check_in",
        "CREATE TABLE pl (c text NOT NULL, v int) PARTITION BY LIST (c); CREATE TABLE pl_a PARTITION OF pl FOR VALUES IN ('a');
         CREATE TABLE pl_new (c text NOT NULL, v int, CONSTRAINT proof CHECK (c IN ('b', 'c')));",
    ),
    (
        "pt_attach_multicol_with_check",
        "CREATE TABLE pm (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a, b);
         CREATE TABLE pm_new (a int NOT NULL, b int NOT NULL, CONSTRAINT proof CHECK (a = 1 AND b >= 0 AND b < 100000));",
    ),
];

/// Ids of changes of the type of `ty.c`: the type before, and what stands on the column instead of a plain index.
const TYPES: &[(&str, &str, Option<&str>)] = &[
    (
        "type_varchar_widen type_varchar_narrow type_varchar_same type_varchar_to_varchar_unlimited",
        "varchar(50)",
        None,
    ),
    (
        "type_varchar_to_text type_varchar_to_text_using_cast type_varchar_widen_using_self type_varchar_to_char",
        "varchar(50)",
        None,
    ),
    ("type_varchar_unlimited_to_limited", "varchar", None),
    (
        "type_text_to_varchar_unlimited type_text_to_varchar_n type_text_to_text type_text_using_lower",
        "text",
        None,
    ),
    (
        "type_text_to_int_using type_text_to_enum type_text_to_uuid_using type_text_to_bytea_using",
        "text",
        None,
    ),
    ("type_collate_change", "text", None),
    (
        "type_collate_change_noindex type_text_to_jsonb_using type_text_to_xml_using",
        "text",
        Some(""),
    ),
    (
        "type_char_to_varchar type_char_to_text type_char_widen",
        "char(10)",
        None,
    ),
    ("type_text_to_citext", "text", None),
    ("type_varchar_to_citext", "varchar(50)", None),
    ("type_citext_to_text", "public.citext", None),
    ("type_smallint_to_int", "smallint", None),
    (
        "type_int_to_bigint type_int_to_numeric type_int_to_text type_int_to_oid type_int_to_bool_using",
        "int",
        None,
    ),
    (
        "type_base_to_domain_unconstrained type_base_to_domain_check type_base_to_domain_not_null",
        "int",
        None,
    ),
    (
        "type_int_using_same type_int_using_expr type_int_to_serial_like_default",
        "int",
        None,
    ),
    ("type_bigint_to_int", "bigint", None),
    ("type_float4_to_float8", "real", None),
    (
        "type_numeric_precision_widen type_numeric_precision_narrow type_numeric_scale_change",
        "numeric(10,2)",
        None,
    ),
    ("type_numeric_to_unconstrained", "numeric(10,2)", None),
    (
        "type_numeric_unconstrained_to_constrained type_numeric_to_bigint",
        "numeric",
        None,
    ),
    (
        "type_timestamp_to_timestamptz_utc type_timestamp_to_timestamptz_nonutc",
        "timestamp",
        None,
    ),
    (
        "type_timestamp_to_timestamptz_fixed_zero_offset type_timestamp_to_timestamptz_london",
        "timestamp",
        None,
    ),
    (
        "type_timestamp_to_timestamptz_using_at_tz type_timestamp_default_to_6 type_timestamp_to_date",
        "timestamp",
        None,
    ),
    ("type_timestamp_to_timestamptz_utc_noindex", "timestamp", Some("")),
    ("type_timestamp_prec_widen_to_tz_utc", "timestamp(3)", Some("")),
    (
        "type_timestamptz_to_timestamp_utc type_timestamptz_to_timestamp_nonutc",
        "timestamptz",
        None,
    ),
    (
        "type_timestamp_prec_widen type_timestamp_prec_to_default",
        "timestamp(3)",
        None,
    ),
    ("type_timestamp_prec_narrow", "timestamp", None),
    ("type_timestamptz_prec_widen", "timestamptz(3)", None),
    ("type_time_prec_widen", "time(3)", None),
    ("type_interval_prec_widen", "interval(3)", None),
    ("type_date_to_timestamp type_date_to_timestamptz", "date", None),
    ("type_bit_widen", "varbit(8)", None),
    ("type_bit_to_varbit", "bit(8)", None),
    ("type_enum_to_text type_enum_to_enum", "mood", None),
    ("type_domain_to_base", "dpos", None),
    ("type_domain_text_to_varchar", "dtext", None),
    ("type_array_int_to_bigint", "int[]", None),
    (
        "type_array_varchar_widen type_array_varchar_to_text",
        "varchar(10)[]",
        None,
    ),
    ("type_array_text_to_varchar_unlimited", "text[]", None),
    ("type_cidr_to_inet", "cidr", None),
    ("type_inet_to_cidr", "inet", None),
    ("type_json_to_jsonb", "json", Some("")),
    ("type_jsonb_to_json", "jsonb", Some("")),
    ("type_xml_to_text type_xml_to_varchar", "xml", Some("")),
    ("type_uuid_to_text", "uuid", None),
    ("type_money_to_numeric", "money", None),
    ("type_name_to_text", "name", None),
    (
        "type_varchar_widen_with_check type_varchar_to_text_with_check",
        "varchar(50) CONSTRAINT cc CHECK (length(c) < 200)",
        None,
    ),
    (
        "type_varchar_widen_with_check_notvalid",
        "varchar(50)",
        Some("CREATE INDEX ty_c_idx ON ty (c); ALTER TABLE ty ADD CONSTRAINT cc CHECK (length(c) < 200) NOT VALID;"),
    ),
    (
        "type_varchar_widen_with_expr_index type_varchar_to_text_with_expr_index",
        "varchar(50)",
        Some("CREATE INDEX ty_c_idx ON ty (c); CREATE INDEX ty_e_idx ON ty (lower(c));"),
    ),
    (
        "type_varchar_widen_with_partial_index type_varchar_to_text_with_partial_index",
        "varchar(50)",
        Some("CREATE INDEX ty_c_idx ON ty (c); CREATE INDEX ty_p_idx ON ty (id) WHERE c <> '';"),
    ),
    (
        "type_varchar_widen_with_unique",
        "varchar(50) CONSTRAINT ty_c_key UNIQUE",
        None,
    ),
    (
        "type_varchar_to_text_pattern_ops",
        "varchar(50)",
        Some("CREATE INDEX ty_pat_idx ON ty (c varchar_pattern_ops);"),
    ),
    (
        "type_varchar_to_text_hash_index",
        "varchar(50)",
        Some("CREATE INDEX ty_h_idx ON ty USING hash (c);"),
    ),
    (
        "type_varchar_to_text_brin_index",
        "varchar(50)",
        Some("CREATE INDEX ty_b_idx ON ty USING brin (c);"),
    ),
    (
        "type_varchar_to_text_with_trigram",
        "varchar(50)",
        Some("CREATE INDEX ty_g_idx ON ty USING gin (c gin_trgm_ops);"),
    ),
    (
        "type_varchar_widen_statistics_dep",
        "varchar(50)",
        Some("CREATE INDEX ty_c_idx ON ty (c); CREATE STATISTICS st ON id, c FROM ty;"),
    ),
    ("type_varchar_widen_default_dep", "varchar(50) DEFAULT 'x'", None),
];

fn is(ids: &str, id: &str) -> bool {
    ids.split_whitespace().any(|word| word == id)
}

/// The definitions that a measured statement ran on.
pub(super) fn before(id: &str) -> String {
    let mut text = FIXTURE.to_owned();
    if let Some((_, beside)) = BESIDE.iter().find(|(ids, _)| is(ids, id)) {
        text.push_str(beside);
    } else if let Some((_, kind, on_it)) = TYPES.iter().find(|(ids, ..)| is(ids, id)) {
        text.push_str("CREATE DOMAIN dtext AS text; CREATE EXTENSION citext SCHEMA public; CREATE EXTENSION pg_trgm SCHEMA public; SET search_path = app, public;");
        match on_it {
            Some(on_it) => text.push_str(&format!("CREATE TABLE ty (id bigint PRIMARY KEY, c {kind}); {on_it}")),
            None => text.push_str(&INDEXED.replace("{}", kind)),
        }
    } else if let Some((_, tables)) = OTHER_PARTITIONED.iter().find(|(ids, _)| is(ids, id)) {
        text.push_str(tables);
    } else if id.starts_with("pt_") {
        text.push_str(if is(KEYLESS_ROWS, id) { KEYLESS } else { PARTITIONED });
        let beside = PARTITIONS.iter().find(|(ids, _)| is(ids, id));
        beside
            .into_iter()
            .flat_map(|(_, parts)| *parts)
            .for_each(|part| text.push_str(part));
    }
    text
}
