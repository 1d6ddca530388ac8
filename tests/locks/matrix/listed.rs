//! Rows of the independent table that are not compared, and differences that are known, with the reasons.

/// Ids (a `*` at the end stands for every end), and why no operation of ours says the statement.
pub(super) const NOT_COMPARED: &[(&str, &str)] = &[
    (
        "select_for_update select_rows update_rows insert_row delete_* pt_insert pt_select_* copy_to setval",
        "what applications do",
    ),
    ("truncate_* pt_truncate*", "rows are never emptied by a plan"),
    (
        "vacuum* analyze* pt_analyze pt_vacuum cluster_all_on_marked pt_cluster reindex_* pt_reindex_*",
        "maintenance, which no plan does",
    ),
    (
        "refresh_matview*",
        "a materialized view whose query changes is made anew; it is never refreshed",
    ),
    (
        "alter_system create_role reassign_owned drop_owned_privs alter_table_all_in_tablespace",
        "of the cluster or of many objects at once, and not managed",
    ),
    (
        "create_table_as create_table_if_not_exists_present alter_table_if_exists_missing drop_table_if_exists_missing
         drop_index_if_exists_missing drop_trigger_if_exists_missing",
        "a definition is read as an object; what is there already, or not there, is no operation",
    ),
    (
        "add_column_if_not_exists_present enum_add_value_if_not_exists set_without_oids",
        "it changes nothing, so it is read as nothing",
    ),
    (
        "identity_restart alter_sequence_restart",
        "where a sequence stands is data; a plan lets it go on with setval",
    ),
    (
        "alter_index_set_statistics",
        "statistics targets of expressions in indexes are not managed",
    ),
    (
        "alter_extension_update",
        "an extension is updated to a version by name only",
    ),
    (
        "alter_index_rename_on_table",
        "an object is renamed by the statement for its own kind",
    ),
    (
        "alter_view_rename_column rename_column_view",
        "columns of a view get their names from its query",
    ),
    (
        "alter_constraint_no_inherit_18 drop_not_null_constraint_by_name_18",
        "a not-null constraint with the name that the server gives it is a property of its column",
    ),
    (
        "alter_fk_enforced_18 alter_fk_not_enforced_18",
        "a constraint whose enforcement changes is dropped and made anew",
    ),
    (
        "pt_validate_check_children_validated",
        "that a partition's part of a check is valid already is not in the model",
    ),
    (
        "pt_detach_finalize",
        "a partition is never detached concurrently by a plan",
    ),
    (
        "pt_set_default_only pt_set_not_null_only_children_done",
        "ONLY is never planned for them",
    ),
];

/// Ids, a part of the difference, and why it stays.
pub(super) const DIFFERENT: &[(&str, &str, &str)] = &[
    (
        "set_tablespace alter_index_set_tablespace",
        "app.t not measured",
        "the table counts the copy of a file as no rewrite; it takes as long as one",
    ),
    (
        "cluster",
        "",
        "read as its lasting effect, the mark on the index; rows are never ordered by a plan",
    ),
    (
        "add_column_references_nodefault add_column_references_self multi_add_column_and_fk",
        "scans",
        "planned as two steps, of which the second scans both tables",
    ),
    (
        "alter_table_rename_on_index",
        "app.t_name_idx",
        "written as ALTER INDEX, which takes the weaker lock",
    ),
    (
        "rename_constraint_pk",
        "app.t:",
        "written as ALTER INDEX, which takes the weaker lock",
    ),
    (
        "set_not_null_and_drop_check_same_stmt",
        "scans",
        "planned as two steps, so that the check counts as a proof; lint judges the statement as one",
    ),
    (
        "type_timestamp_to_timestamptz_* type_timestamptz_to_timestamp_utc type_timestamp_prec_widen_to_tz_utc",
        "rewrites",
        "nothing is rewritten where the time zone of the session is UTC, and that is not known before it runs",
    ),
    (
        "drop_index_concurrently",
        "app.t_name_idx",
        "on 14, in the last moment, when no session can use the index any more",
    ),
    (
        "drop_extension_used_cascade",
        "app.ty",
        "what an extension brings along is not in the model, and CASCADE is never planned",
    ),
];
