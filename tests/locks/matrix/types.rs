//! What changes of a type ran on: one column of the type before, with an index unless something else is asked for.

use super::is;

const INDEXED: &str = "CREATE INDEX ty_c_idx ON ty (c);";

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

/// Nothing where the statement is not about the type of `ty.c`.
pub(super) fn before(id: &str) -> Option<String> {
    let (_, kind, beside) = TYPES.iter().find(|(ids, ..)| is(ids, id))?;
    let beside = beside.unwrap_or(INDEXED);
    Some(format!(
        "CREATE DOMAIN dtext AS text; CREATE EXTENSION citext SCHEMA public; CREATE EXTENSION pg_trgm SCHEMA public;
         SET search_path = app, public; CREATE TABLE ty (id bigint PRIMARY KEY, c {kind}); {beside}"
    ))
}
