//! Which built-in types PostgreSQL can cast into which.
//!
//! Facts: `pg_cast` of PostgreSQL 14 to 18 (which has casts between integers and `bytea` that those before have not), and the rule that every type is cast to and from character strings through its text
//! (PostgreSQL documentation, CREATE CAST).

use crate::types::TypeName;

/// Types of the same family are cast into each other.
const FAMILIES: [&[&str]; 6] = [
    &["smallint", "integer", "bigint", "numeric", "real", "double precision"],
    &["date", "timestamp without time zone", "timestamp with time zone"],
    &["json", "jsonb"],
    &["bit", "bit varying"],
    &["inet", "cidr"],
    &["macaddr", "macaddr8"],
];

/// Casts between families.
const OTHERS: [(&str, &str); 43] = [
    ("integer", "boolean"),
    ("boolean", "integer"),
    ("integer", "bit"),
    ("bigint", "bit"),
    ("bit", "integer"),
    ("bit", "bigint"),
    ("integer", "money"),
    ("bigint", "money"),
    ("numeric", "money"),
    ("money", "numeric"),
    ("jsonb", "boolean"),
    ("jsonb", "smallint"),
    ("jsonb", "integer"),
    ("jsonb", "bigint"),
    ("jsonb", "numeric"),
    ("jsonb", "real"),
    ("jsonb", "double precision"),
    ("timestamp without time zone", "time without time zone"),
    ("timestamp with time zone", "time without time zone"),
    ("timestamp with time zone", "time with time zone"),
    ("time without time zone", "interval"),
    ("interval", "time without time zone"),
    ("time without time zone", "time with time zone"),
    ("time with time zone", "time without time zone"),
    ("smallint", "oid"),
    ("integer", "oid"),
    ("bigint", "oid"),
    ("oid", "integer"),
    ("oid", "bigint"),
    ("box", "circle"),
    ("box", "lseg"),
    ("box", "point"),
    ("box", "polygon"),
    ("circle", "box"),
    ("circle", "point"),
    ("circle", "polygon"),
    ("lseg", "point"),
    ("path", "polygon"),
    ("point", "box"),
    ("polygon", "box"),
    ("polygon", "circle"),
    ("polygon", "path"),
    ("polygon", "point"),
];

/// Types that this module knows all casts of, beside those of the families.
const LONERS: [&str; 19] = [
    "boolean",
    "uuid",
    "bytea",
    "money",
    "interval",
    "time without time zone",
    "time with time zone",
    "xml",
    "tsvector",
    "tsquery",
    "oid",
    "pg_lsn",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
];

/// The types whose casts into each other are all known.
pub fn known_types() -> impl Iterator<Item = &'static str> {
    FAMILIES.into_iter().flatten().copied().chain(LONERS)
}

/// Whether it is known that no cast leads from one type to the other on such a server.
pub fn impossible(from: &TypeName, to: &TypeName, server_version: u32) -> bool {
    let known = |name: &TypeName| known_types().any(|known| known == name.name.as_str());
    if !from.is_builtin() || !to.is_builtin() {
        return false;
    }
    // Between an array and a single value there is no cast, whatever the elements are.
    match (from.array, to.array) {
        (true, false) => return known(to),
        (false, true) => return known(from),
        _ if !known(from) || !known(to) => return false,
        _ => {}
    }
    let (from, to) = (from.name.as_str(), to.name.as_str());
    let related = FAMILIES
        .iter()
        .any(|family| family.contains(&from) && family.contains(&to));
    let bytes = |one: &str, other: &str| {
        server_version >= 18 && one == "bytea" && ["smallint", "integer", "bigint"].contains(&other)
    };
    from != to && !related && !OTHERS.contains(&(from, to)) && !bytes(from, to) && !bytes(to, from)
}

#[cfg(test)]
mod tests {
    use super::impossible;
    use crate::types::TypeName;

    #[test]
    fn only_what_is_known_is_impossible() {
        let on = |version| move |from, to| impossible(&TypeName::parse(from), &TypeName::parse(to), version);
        let impossible = on(15);
        assert!(impossible("bigint", "timestamp"));
        assert!(impossible("uuid", "integer"));
        assert!(impossible("integer[]", "integer"));
        assert!(impossible("text[]", "jsonb"));
        assert!(impossible("jsonb", "text[]"));
        assert!(!impossible("text", "text[]"));
        assert!(!impossible("text[]", "integer[]"));
        assert!(!impossible("text", "integer"));
        assert!(!impossible("integer", "varchar(10)"));
        assert!(!impossible("timestamp", "date"));
        assert!(!impossible("public.mood", "integer"));
        assert!(!impossible("integer[]", "bigint[]"));
        assert!(impossible("bytea", "bigint"));
        assert!(!on(18)("bytea", "bigint"));
    }
}
