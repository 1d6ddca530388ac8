//! Queries that return fewer columns.

use super::text::Query;
use super::token::{Token, lex};

/// The query without its last targets: one, two and so on, down to the first one. Empty for what is no plain `SELECT`, and where a
/// `*` may stand for any number of columns.
pub(crate) fn with_fewer_targets(query: &Query) -> Vec<Query> {
    let tokens = lex(&query.text);
    let starts = tokens.first().is_some_and(|token| token.is_word("select"));
    if !starts || tokens.iter().any(|token| token.text == "*") {
        return Vec::new();
    }
    let Some((end, commas)) = targets(&tokens) else {
        return Vec::new();
    };
    let rest = &query.text[tokens[end].range.start..];
    commas
        .into_iter()
        .rev()
        .map(|comma| Query {
            text: format!("{} {rest}", &query.text[..tokens[comma].range.start]),
            ..query.clone()
        })
        .collect()
}

/// The places of `FROM` and of the commas between targets.
fn targets(tokens: &[Token<'_>]) -> Option<(usize, Vec<usize>)> {
    let mut depth = 0usize;
    let mut commas = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_mark("(") || token.is_mark("[") {
            depth += 1;
        } else if token.is_mark(")") || token.is_mark("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_mark(",") {
            commas.push(at);
        } else if depth == 0 && token.is_word("from") && !after_distinct(tokens, at) {
            return Some((at, commas));
        }
    }
    None
}

/// `IS DISTINCT FROM` begins no clause.
fn after_distinct(tokens: &[Token<'_>], at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| tokens[before].is_word("distinct"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::SearchPath;

    #[test]
    fn the_last_targets_are_left_out() {
        let texts = |text: &str| -> Vec<String> {
            let query = Query::under(text, &SearchPath::default());
            with_fewer_targets(&query).into_iter().map(|query| query.text).collect()
        };
        assert_eq!(
            texts("SELECT a, f(b, c) AS d, e IS DISTINCT FROM g AS h FROM t WHERE x IN (1, 2)"),
            [
                "SELECT a, f(b, c) AS d FROM t WHERE x IN (1, 2)",
                "SELECT a FROM t WHERE x IN (1, 2)"
            ]
        );
        assert!(texts("SELECT *, a FROM t").is_empty());
        assert!(texts("WITH q AS (SELECT 1) SELECT a, b FROM q").is_empty());
    }
}
