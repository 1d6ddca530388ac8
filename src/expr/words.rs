//! Words that have a meaning of their own in expressions and queries.

use crate::keywords::needs_quotes;

/// Whether an unquoted word may be a key word of an expression or query. Such a word is never the same as the quoted name.
pub(super) fn is_key_word(word: &str) -> bool {
    needs_quotes(word) || SOFT.binary_search(&word).is_ok()
}

/// Words that PostgreSQL does not reserve, but that the grammar of expressions and queries uses; sorted.
const SOFT: &[&str] = &[
    "absent",
    "at",
    "by",
    "content",
    "cube",
    "current",
    "cycle",
    "day",
    "delete",
    "depth",
    "document",
    "double",
    "escape",
    "exclude",
    "filter",
    "first",
    "following",
    "format",
    "groups",
    "hour",
    "indent",
    "insert",
    "key",
    "keys",
    "last",
    "local",
    "locked",
    "materialized",
    "minute",
    "month",
    "next",
    "nfc",
    "nfd",
    "nfkc",
    "nfkd",
    "no",
    "normalized",
    "nowait",
    "nulls",
    "object",
    "operator",
    "ordinality",
    "others",
    "over",
    "partition",
    "passing",
    "preceding",
    "prepare",
    "range",
    "recursive",
    "ref",
    "rollup",
    "rows",
    "scalar",
    "search",
    "second",
    "set",
    "sets",
    "share",
    "skip",
    "standalone",
    "strip",
    "ties",
    "uescape",
    "unbounded",
    "uncond",
    "unknown",
    "update",
    "value",
    "varying",
    "version",
    "whitespace",
    "within",
    "without",
    "year",
    "yes",
    "zone",
];

#[cfg(test)]
mod tests {
    #[test]
    fn soft_words_are_sorted() {
        assert!(super::SOFT.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
