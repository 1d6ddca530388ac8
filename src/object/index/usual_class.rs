//! The operator classes that an index uses anyway when none is named: writing one of them says nothing.

use super::IndexKey;
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

/// The default classes of the built-in types, by method, the same on PostgreSQL 14 to 18.
#[rustfmt::skip]
const USUAL: &[(&str, &[&str])] = &[
    ("brin", &[
        "bit_minmax_ops", "box_inclusion_ops", "bpchar_minmax_ops", "bytea_minmax_ops", "char_minmax_ops",
        "date_minmax_ops", "float4_minmax_ops", "float8_minmax_ops", "inet_inclusion_ops", "int2_minmax_ops",
        "int4_minmax_ops", "int8_minmax_ops", "interval_minmax_ops", "macaddr8_minmax_ops", "macaddr_minmax_ops",
        "name_minmax_ops", "numeric_minmax_ops", "oid_minmax_ops", "pg_lsn_minmax_ops", "range_inclusion_ops",
        "text_minmax_ops", "tid_minmax_ops", "time_minmax_ops", "timestamp_minmax_ops", "timestamptz_minmax_ops",
        "timetz_minmax_ops", "uuid_minmax_ops", "varbit_minmax_ops",
    ]),
    ("btree", &[
        "array_ops", "bit_ops", "bool_ops", "bpchar_ops", "bytea_ops", "char_ops", "date_ops", "enum_ops",
        "float4_ops", "float8_ops", "inet_ops", "int2_ops", "int4_ops", "int8_ops", "interval_ops", "jsonb_ops",
        "macaddr8_ops", "macaddr_ops", "money_ops", "multirange_ops", "name_ops", "numeric_ops", "oid_ops",
        "oidvector_ops", "pg_lsn_ops", "range_ops", "record_ops", "text_ops", "tid_ops", "time_ops",
        "timestamp_ops", "timestamptz_ops", "timetz_ops", "tsquery_ops", "tsvector_ops", "uuid_ops", "varbit_ops",
        "xid8_ops",
    ]),
    ("gin", &[
        "array_ops", "jsonb_ops", "tsvector_ops",
    ]),
    ("gist", &[
        "box_ops", "circle_ops", "multirange_ops", "point_ops", "poly_ops", "range_ops", "tsquery_ops",
        "tsvector_ops",
    ]),
    ("hash", &[
        "aclitem_ops", "array_ops", "bool_ops", "bpchar_ops", "bytea_ops", "char_ops", "cid_ops", "date_ops",
        "enum_ops", "float4_ops", "float8_ops", "inet_ops", "int2_ops", "int4_ops", "int8_ops", "interval_ops",
        "jsonb_ops", "macaddr8_ops", "macaddr_ops", "multirange_ops", "name_ops", "numeric_ops", "oid_ops",
        "oidvector_ops", "pg_lsn_ops", "range_ops", "record_ops", "text_ops", "tid_ops", "time_ops",
        "timestamp_ops", "timestamptz_ops", "timetz_ops", "uuid_ops", "xid8_ops", "xid_ops",
    ]),
    ("spgist", &[
        "box_ops", "inet_ops", "poly_ops", "quad_point_ops", "range_ops", "text_ops",
    ]),
];

/// Whether a class is the usual one of a type for this method.
pub(crate) fn is_usual(method: &str, class: &QualifiedName) -> bool {
    let builtin = class
        .namespace
        .as_ref()
        .is_none_or(|namespace| namespace.as_str() == "pg_catalog");
    builtin
        && USUAL
            .iter()
            .any(|(name, classes)| *name == method && classes.contains(&class.name.as_str()))
}

/// Whether a usual class is that of another type, which PostgreSQL takes for this one as well.
pub(crate) fn is_of_another(class: &QualifiedName, type_name: &TypeName) -> bool {
    matches!(
        (class.name.as_str(), type_name.name.as_str()),
        ("oid_ops", "integer") | ("bpchar_ops", "text" | "character varying") | ("varbit_ops", "bit")
    )
}

/// Forgets a class that is the usual one. With parameters a class is always named.
pub(super) fn forget(method: &Ident, key: &mut IndexKey) {
    let usual = key
        .operator_class
        .as_ref()
        .is_some_and(|class| is_usual(method.as_str(), class));
    if usual && key.operator_class_options.is_empty() {
        key.operator_class = None;
    }
}
