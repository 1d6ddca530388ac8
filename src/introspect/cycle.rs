//! `CYCLE .. SET mark TO value DEFAULT value`, which the server prints in a form that it does not read itself: the grammar takes
//! `'Y'` and `point '(1,1)'` there, and what is printed is `'Y'::text` and `'(1,1)'::point`.

use std::ops::Range;

use crate::expr::token::{Kind, Token, lex};

/// A query as the server reads it.
pub(crate) fn readable(query: &str) -> String {
    let mut out = query.to_owned();
    let tokens = lex(query);
    let places: Vec<(Range<usize>, String)> = (0..tokens.len())
        .filter(|&at| tokens.get(at).is_some_and(|token| token.is_word("cycle")))
        .flat_map(|at| values(query, &tokens, at))
        .collect();
    for (range, value) in places.into_iter().rev() {
        out.replace_range(range, &value);
    }
    out
}

/// The two values of the CYCLE clause that begins at a token, with the type before the string.
fn values(query: &str, tokens: &[Token<'_>], cycle: usize) -> Vec<(Range<usize>, String)> {
    let find = |from: usize, word: &str| {
        let rest = tokens.get(from..)?;
        let ends = |token: &Token<'_>| ["(", ")", ";"].iter().any(|mark| token.is_mark(mark));
        let length = rest.iter().position(|token| token.is_word(word) || ends(token))?;
        rest.get(length)
            .filter(|token| token.is_word(word))
            .map(|_| from + length)
    };
    let clause = || {
        let to = find(find(cycle, "set")?, "to")?;
        let default = find(to, "default")?;
        Some([(to + 1, default), (default + 1, find(default, "using")?)])
    };
    let value = |(from, end): (usize, usize)| {
        let (string, colons, last) = (tokens.get(from)?, tokens.get(from + 1)?, tokens.get(end - 1)?);
        if string.kind != Kind::Text || !colons.is_mark("::") || end < from + 3 {
            return None;
        }
        let literal = query.get(string.range.clone())?;
        let type_name = query.get(colons.range.end..last.range.end)?;
        let range = string.range.start..last.range.end;
        // A string that stands alone is a text.
        let value = match type_name {
            "text" => literal.to_owned(),
            _ => format!("{type_name} {literal}"),
        };
        Some((range, value))
    };
    clause().into_iter().flatten().filter_map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn the_type_comes_first() {
        let printed = "CYCLE id, \"to\" SET again TO 'Y'::text DEFAULT 'N'::text USING way) SELECT 'a'::text";
        assert_eq!(
            readable(printed),
            "CYCLE id, \"to\" SET again TO 'Y' DEFAULT 'N' USING way) SELECT 'a'::text"
        );
        let printed = "CYCLE id SET again TO '(1,1)'::point DEFAULT E'\\\\'::public.mark USING way";
        assert_eq!(
            readable(printed),
            "CYCLE id SET again TO point '(1,1)' DEFAULT public.mark E'\\\\' USING way"
        );
    }

    #[test]
    fn others_stay() {
        for text in [
            "CYCLE id SET again USING way",
            "CYCLE id SET again TO 1 DEFAULT 0 USING way",
            "SELECT cycle FROM t",
            "CYCLE id SET again TO 'a'::text",
            "CYCLE",
            "",
        ] {
            assert_eq!(readable(text), text);
        }
    }
}
