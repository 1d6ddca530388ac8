//! The elements of a `CREATE TABLE` statement as ranges of its text.

use std::ops::Range;

use crate::name::Ident;
use crate::parse::lex::{Lexeme, lex};
use crate::parse::unescape::unescape;

/// One element: a column, a constraint or a `LIKE`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// From its first token to the end of its last, in bytes of the statement.
    pub(super) range: Range<usize>,
    /// The column, if it is one.
    pub(super) column: Option<Ident>,
    /// The name that it gives a constraint, if it does so as an element of its own.
    pub(super) constraint: Option<Ident>,
}

/// The elements between the first parenthesis of a `CREATE TABLE` and its counterpart; none where the text is another
/// statement, or a partition or typed table, whose elements say less than a column does.
pub(super) fn elements(statement: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut words: Vec<Token<'_>> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    let mut head: Vec<String> = Vec::new();
    while at < statement.len() {
        let Ok((lexeme, end)) = lex(statement, at) else {
            return vec![];
        };
        let text = statement.get(at..end).unwrap_or("");
        let range = at..end;
        at = end.max(at + 1);
        if matches!(lexeme, Lexeme::Space | Lexeme::Comment) {
            continue;
        }
        if depth == 0 {
            if text == "(" {
                if !is_table(&head) {
                    return vec![];
                }
                depth = 1;
            } else {
                head.push(text.to_ascii_lowercase());
            }
            continue;
        }
        match text {
            ")" if depth == 1 => {
                found.extend(element(&words));
                return found;
            }
            "," if depth == 1 => {
                found.extend(element(&words));
                words.clear();
                continue;
            }
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
        words.push((lexeme, text, range));
    }
    vec![]
}

type Token<'a> = (Lexeme, &'a str, Range<usize>);

fn is_table(head: &[String]) -> bool {
    let table = head.iter().position(|word| word == "table");
    head.first().is_some_and(|word| word == "create")
        && table.is_some_and(|at| at <= 3)
        && !head.iter().any(|word| word == "of")
}

fn element(tokens: &[Token<'_>]) -> Option<Element> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    let opens = ["constraint", "primary", "unique", "check", "foreign", "exclude", "like"];
    let is_rule = first.0 == Lexeme::Word && opens.iter().any(|word| first.1.eq_ignore_ascii_case(word));
    let named = first.1.eq_ignore_ascii_case("constraint") && is_rule;
    Some(Element {
        range: first.2.start..last.2.end,
        column: if is_rule { None } else { name(first) },
        constraint: if named { name(tokens.get(1)?) } else { None },
    })
}

fn name((lexeme, text, _): &Token<'_>) -> Option<Ident> {
    match lexeme {
        Lexeme::Word => Some(Ident::folded(text)),
        Lexeme::QuotedName => unescape(*lexeme, text).ok().map(Ident::new),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_between_comments_and_nested_parentheses() {
        let text = "CREATE TABLE IF NOT EXISTS s.t (\n  \"A, b\" numeric(10, 2) DEFAULT (1), -- first, of two\n  c text[] CHECK (c[1] <> ','),\n  CONSTRAINT one CHECK (true)\n) WITH (fillfactor = 70)";
        let found = elements(text);
        let cut: Vec<&str> = found.iter().map(|element| &text[element.range.clone()]).collect();
        assert_eq!(
            cut,
            [
                "\"A, b\" numeric(10, 2) DEFAULT (1)",
                "c text[] CHECK (c[1] <> ',')",
                "CONSTRAINT one CHECK (true)"
            ]
        );
        assert_eq!(found[0].column, Some(Ident::new("A, b")));
        assert_eq!(found[2].constraint, Some(Ident::new("one")));
        assert!(elements("CREATE TABLE p PARTITION OF t (a DEFAULT 1) FOR VALUES IN (1)").is_empty());
        assert!(elements("CREATE INDEX i ON table_x (a)").is_empty());
    }
}
