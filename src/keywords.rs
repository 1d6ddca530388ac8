//! The key words that PostgreSQL 14 to 18 refuse somewhere as a name without quotes, in the categories of its key word appendix.

/// "Reserved": refused as any name except a label after AS. Sorted.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "system_user",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

/// "Reserved (can be function or type)": refused as the name of a column or table. Sorted.
const FUNCTION_OR_TYPE: &[&str] = &[
    "authorization",
    "binary",
    "collation",
    "concurrently",
    "cross",
    "current_schema",
    "freeze",
    "full",
    "ilike",
    "inner",
    "is",
    "isnull",
    "join",
    "left",
    "like",
    "natural",
    "notnull",
    "outer",
    "overlaps",
    "right",
    "similar",
    "tablesample",
    "verbose",
];

/// "Non-reserved (cannot be function or type)": refused as the name of a function or type. Sorted.
const COLUMN: &[&str] = &[
    "between",
    "bigint",
    "bit",
    "boolean",
    "char",
    "character",
    "coalesce",
    "dec",
    "decimal",
    "exists",
    "extract",
    "float",
    "greatest",
    "grouping",
    "inout",
    "int",
    "integer",
    "interval",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "least",
    "merge_action",
    "national",
    "nchar",
    "none",
    "normalize",
    "nullif",
    "numeric",
    "out",
    "overlay",
    "position",
    "precision",
    "real",
    "row",
    "setof",
    "smallint",
    "substring",
    "time",
    "timestamp",
    "treat",
    "trim",
    "values",
    "varchar",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// Reserved by PL/pgSQL and not by SQL (`pl_reserved_kwlist.h`). Sorted.
const PLPGSQL: &[&str] = &[
    "begin", "by", "declare", "execute", "foreach", "if", "loop", "strict", "while",
];

/// Whether the word, in capital letters or not, can be neither a column nor a function.
pub fn is_reserved(word: &str) -> bool {
    contains(RESERVED, word)
}

/// Whether the word, in capital letters or not, cannot name a column or a table.
pub fn refused_as_name(word: &str) -> bool {
    is_reserved(word) || contains(FUNCTION_OR_TYPE, word)
}

/// Whether the word, in capital letters or not, is one that `quote_ident` puts into quotes: every key word that is refused somewhere.
pub fn needs_quotes(word: &str) -> bool {
    refused_as_name(word) || contains(COLUMN, word)
}

/// Whether PL/pgSQL refuses the word, in capital letters or not, as the name of a field, though SQL takes it.
pub fn refused_in_plpgsql(word: &str) -> bool {
    contains(PLPGSQL, word)
}

fn contains(list: &[&str], word: &str) -> bool {
    if word.bytes().any(|letter| letter.is_ascii_uppercase()) {
        return contains(list, &word.to_ascii_lowercase());
    }
    list.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        for list in [RESERVED, FUNCTION_OR_TYPE, COLUMN, PLPGSQL] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn capital_letters_make_no_difference() {
        assert!(is_reserved("SELECT") && refused_as_name("Left") && needs_quotes("values"));
        assert!(!is_reserved("left") && !refused_as_name("values") && !needs_quotes("name"));
    }
}
