//! What statements on partitioned tables ran on.

use super::is;

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

/// Nothing where the statement is not about partitions.
pub(super) fn before(id: &str) -> Option<String> {
    if let Some((_, tables)) = OTHER_PARTITIONED.iter().find(|(ids, _)| is(ids, id)) {
        return Some((*tables).to_owned());
    }
    if !id.starts_with("pt_") {
        return None;
    }
    let table = if is(KEYLESS_ROWS, id) { KEYLESS } else { PARTITIONED };
    let beside = PARTITIONS.iter().find(|(ids, _)| is(ids, id));
    let beside: String = beside.into_iter().flat_map(|(_, parts)| *parts).copied().collect();
    Some(format!("{table}{beside}"))
}
