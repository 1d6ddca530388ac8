//! Cutting the texts that only whole statements of the server hold: bounds, conditions, keys.

use crate::expr::token::{Token, lex};

/// The text without parentheses around the whole of it.
pub(crate) fn without_parentheses(text: &str) -> &str {
    let mut text = text.trim();
    while text.starts_with('(') {
        let tokens = lex(text);
        match closing(&tokens, 0) {
            Some(end) if end + 1 == tokens.len() => text = text[1..tokens[end].range.start].trim(),
            _ => break,
        }
    }
    text
}

/// The position of the bracket that closes the one at `open`.
pub(crate) fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is_mark("(") || token.is_mark("[") {
            depth += 1;
        } else if token.is_mark(")") || token.is_mark("]") {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The pieces between the separators that stand in no brackets.
pub(crate) fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let tokens = lex(text);
    let mut pieces = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for token in &tokens {
        if token.is_mark("(") || token.is_mark("[") {
            depth += 1;
        } else if token.is_mark(")") || token.is_mark("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_mark(separator) {
            pieces.push(text[start..token.range.start].trim());
            start = token.range.end;
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        pieces.push(last);
    }
    pieces
}

/// What stands in the parentheses that open behind the first of these words outside other brackets, and the rest behind them.
pub(crate) fn behind<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let tokens = lex(text);
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_mark("(") || token.is_mark("[") {
            depth += 1;
        } else if token.is_mark(")") || token.is_mark("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_word(word) {
            let open = at + 1 + tokens[at + 1..].iter().position(|token| token.is_mark("("))?;
            let close = closing(&tokens, open)?;
            return Some((
                &text[tokens[open].range.end..tokens[close].range.start],
                &text[tokens[close].range.end..],
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_the_whole_go() {
        for (text, bare) in [
            ("(a > 0)", "a > 0"),
            ("((a + b))", "a + b"),
            ("(a) + (b)", "(a) + (b)"),
            ("f(a)", "f(a)"),
            ("(x = ')')", "x = ')'"),
            ("(\"a)\" > 1)", "\"a)\" > 1"),
            ("(broken", "(broken"),
        ] {
            assert_eq!(without_parentheses(text), bare);
        }
    }

    #[test]
    fn lists_are_cut_outside_brackets() {
        assert_eq!(
            split("'a,b', f(1, 2), ARRAY[1, 2], NULL", ","),
            ["'a,b'", "f(1, 2)", "ARRAY[1, 2]", "NULL"]
        );
        assert!(split("", ",").is_empty());
    }

    #[test]
    fn parentheses_behind_a_word() {
        assert_eq!(
            behind("FOR VALUES FROM (1, ')') TO (MAXVALUE)", "from"),
            Some(("1, ')'", " TO (MAXVALUE)"))
        );
        assert_eq!(behind("DEFAULT", "in"), None);
    }
}
