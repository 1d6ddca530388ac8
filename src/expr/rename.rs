//! Renames inside texts. Everything but the name keeps its bytes.

use std::ops::Range;

use crate::name::{Ident, QualifiedName};

use super::text::SearchPath;
use super::token::{Kind, Token, lex};

/// Replaces a column's name in an expression of its own relation. A name that is a function, a type, a named argument or
/// the qualifier of another name is left alone.
pub fn rename_column(text: &str, from: &Ident, to: &Ident) -> String {
    let tokens = lex(text);
    let places = (0..tokens.len())
        .filter(|at| names_column(&tokens, *at, from))
        .map(|at| tokens[at].range.clone());
    replace(text, places, &to.to_string())
}

fn names_column(tokens: &[Token<'_>], at: usize, column: &Ident) -> bool {
    let token = &tokens[at];
    if !token.is_name() || token.text != column.as_str() {
        return false;
    }
    let next = tokens.get(at + 1);
    let follows = |mark: &str| next.is_some_and(|t| t.is_mark(mark));
    let taken = follows("(")
        || follows(".")
        || next.is_some_and(|t| t.kind == Kind::Text || t.is_operator("=>") || t.is_operator(":="));
    // The first name of a chain says what the chain is.
    let mut first = at;
    while first >= 2 && tokens[first - 1].is_mark(".") && tokens[first - 2].is_name() {
        first -= 2;
    }
    let before = first.checked_sub(1).and_then(|i| tokens.get(i));
    !taken && !before.is_some_and(|t| t.is_mark("::") || t.is_word("collate") || t.is_word("as"))
}

/// Replaces a relation's name: in `FROM` and as the qualifier of columns, with or without its namespace, and in the strings
/// that name sequences. Unqualified names count only if `unqualified` says that the text means this relation by them.
pub fn rename_relation(text: &str, from: &QualifiedName, to: &QualifiedName, unqualified: bool) -> String {
    let tokens = lex(text);
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].kind == Kind::Text {
            if let Some(renamed) = in_string(&tokens, at, from, to, unqualified) {
                places.push((tokens[at].range.clone(), renamed));
            }
            at += 1;
            continue;
        }
        if !tokens[at].is_name() {
            at += 1;
            continue;
        }
        let start = at;
        while tokens.get(at + 1).is_some_and(|t| t.is_mark(".")) && tokens.get(at + 2).is_some_and(Token::is_name) {
            at += 2;
        }
        let chain: Vec<&Token<'_>> = tokens[start..=at].iter().step_by(2).collect();
        let called = tokens.get(at + 1).is_some_and(|t| t.is_mark("("));
        at += 1;
        let matches = |token: &Token<'_>, name: &Ident| token.text == name.as_str();
        let with_namespace = chain.len() > 1
            && from
                .namespace
                .as_ref()
                .is_some_and(|namespace| matches(chain[0], namespace))
            && matches(chain[1], &from.name);
        // A call of a function by this name, and a column by it, are something else.
        let bare = unqualified && matches(chain[0], &from.name) && (chain.len() > 1 || names_relation(&tokens, start));
        if with_namespace && !(called && chain.len() == 2 && !inserts(&tokens, start)) {
            places.push((chain[0].range.start..chain[1].range.end, to.to_string()));
        } else if bare && (!called || inserts(&tokens, start)) {
            places.push((chain[0].range.clone(), to.name.to_string()));
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, name) in places {
        out.push_str(&text[done..range.start]);
        out.push_str(&name);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// Whether a lone name stands where a relation does.
fn names_relation(tokens: &[Token<'_>], at: usize) -> bool {
    let words = ["from", "join", "into", "update", "table", "only", "using"];
    let listed = tokens
        .get(at.wrapping_sub(1))
        .is_some_and(|t| t.is_mark(",") || t.is_mark("("));
    let before = tokens
        .get(at.wrapping_sub(1))
        .is_some_and(|t| words.iter().any(|word| t.is_word(word)));
    before || (listed && in_from(tokens, at))
}

/// Whether a comma or parenthesis before this place belongs to a `FROM` clause.
fn in_from(tokens: &[Token<'_>], at: usize) -> bool {
    let mut depth = 0usize;
    for token in tokens[..at].iter().rev() {
        if token.is_mark(")") {
            depth += 1;
        } else if token.is_mark("(") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.kind == Kind::Word {
            match &*token.text {
                "from" | "join" => return true,
                "select" | "where" | "on" | "by" | "having" | "values" | "set" => return false,
                _ => {}
            }
        }
    }
    false
}

fn inserts(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at.wrapping_sub(1)).is_some_and(|t| t.is_word("into"))
}

/// The string with the new name, if it names the relation.
fn in_string(
    tokens: &[Token<'_>],
    at: usize,
    from: &QualifiedName,
    to: &QualifiedName,
    unqualified: bool,
) -> Option<String> {
    let called = at >= 2
        && tokens[at - 1].is_mark("(")
        && ["nextval", "currval", "setval"]
            .iter()
            .any(|name| tokens[at - 2].text == *name);
    let cast =
        tokens.get(at + 1).is_some_and(|t| t.is_mark("::")) && tokens.get(at + 2).is_some_and(|t| t.text == "regclass");
    if !(called || cast) {
        return None;
    }
    let inner = lex(&tokens[at].text);
    let parts: Vec<&str> = inner.iter().filter(|t| t.is_name()).map(|t| &*t.text).collect();
    let name = match parts.as_slice() {
        [namespace, name]
            if from.namespace.as_ref().is_some_and(|n| n.as_str() == *namespace) && *name == from.name.as_str() =>
        {
            to.to_string()
        }
        [name] if unqualified && *name == from.name.as_str() => to.name.to_string(),
        _ => return None,
    };
    Some(crate::sql::literal(&name))
}

/// Replaces a label of an enumerated type in the strings that are cast to it: `'ok'::app.mood`, `CAST('ok' AS app.mood)`.
pub(crate) fn rename_label(text: &str, path: &SearchPath, of: &QualifiedName, from: &str, to: &str) -> String {
    let tokens = lex(text);
    let places = labels(&tokens, path, of)
        .filter(|token| token.text == from)
        .map(|token| token.range.clone());
    replace(text, places, &crate::sql::literal(to))
}

/// Replaces a type's name where a value is cast to it: `x::app.mood`, `CAST('ok' AS app.mood)`.
pub(crate) fn rename_type(text: &str, path: &SearchPath, from: &QualifiedName, to: &QualifiedName) -> String {
    let tokens = lex(text);
    let cast_to = |at: &usize| {
        let before = |steps: usize| at.checked_sub(steps).and_then(|place| tokens.get(place));
        before(1).is_some_and(|token| token.is_mark("::"))
            || before(1).is_some_and(|token| token.is_word("as"))
                && before(3).is_some_and(|token| token.is_mark("("))
                && before(4).is_some_and(|token| token.is_word("cast"))
    };
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for at in (0..tokens.len()).filter(cast_to) {
        let Some(called) = type_named(&tokens, at, path, from) else {
            continue;
        };
        let name = match called {
            1 => to.name.to_string(),
            _ => to.to_string(),
        };
        out.push_str(&text[done..tokens[at].range.start]);
        out.push_str(&name);
        done = tokens[at + called - 1].range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// How many tokens name this type at this place.
fn type_named(tokens: &[Token<'_>], at: usize, path: &SearchPath, of: &QualifiedName) -> Option<usize> {
    let rest = tokens.get(at..).unwrap_or_default();
    let of_namespace = of.namespace.as_ref()?;
    match rest {
        [namespace, dot, name, ..] if dot.is_mark(".") => {
            (namespace.text == of_namespace.as_str() && name.text == of.name.as_str()).then_some(3)
        }
        [name, ..] => (name.text == of.name.as_str() && path.namespaces().contains(of_namespace)).then_some(1),
        _ => None,
    }
}

/// Whether a text has this label: as a string cast to its type, or as one that may have any type where it stands.
pub(crate) fn may_have_label(text: &str, path: &SearchPath, of: &QualifiedName, label: &str) -> bool {
    let tokens = lex(text);
    let untyped = tokens
        .iter()
        .enumerate()
        .any(|(at, token)| token.kind == Kind::Text && token.text == label && !is_cast(&tokens, at));
    untyped || labels(&tokens, path, of).any(|token| token.text == label)
}

/// Whether a text is this string and nothing else.
pub(crate) fn is_string(text: &str, value: &str) -> bool {
    matches!(lex(text).as_slice(), [token] if token.kind == Kind::Text && token.text == value)
}

/// Whether the token at this place is cast: `x::type` or `CAST(x AS type)`. The `AS` of an alias is none.
fn is_cast(tokens: &[Token<'_>], at: usize) -> bool {
    let opened = at >= 2 && tokens[at - 1].is_mark("(") && tokens[at - 2].is_word("cast");
    tokens
        .get(at + 1)
        .is_some_and(|next| next.is_mark("::") || opened && next.is_word("as"))
}

/// The strings that are cast to a type.
fn labels<'t, 's>(
    tokens: &'t [Token<'s>],
    path: &'t SearchPath,
    of: &'t QualifiedName,
) -> impl Iterator<Item = &'t Token<'s>> {
    let named = move |at: usize| type_named(tokens, at, path, of).is_some();
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        (token.kind == Kind::Text && is_cast(tokens, at) && named(at + 2)).then_some(token)
    })
}

fn replace(text: &str, places: impl Iterator<Item = Range<usize>>, with: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for range in places {
        out.push_str(&text[done..range.start]);
        out.push_str(with);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns() {
        let (from, to) = (Ident::new("name"), Ident::new("full name"));
        for (before, after) in [
            (
                "length( Name ) > 0 /* name */",
                "length( \"full name\" ) > 0 /* name */",
            ),
            ("name(a) = \"name\"", "name(a) = \"full name\""),
            ("a::name = t.name", "a::name = t.\"full name\""),
            ("'name' || f(name => name)", "'name' || f(name => \"full name\")"),
            ("name.x = 1", "name.x = 1"),
        ] {
            assert_eq!(rename_column(before, &from, &to), after);
        }
    }

    #[test]
    fn labels_of_a_type() {
        let of = QualifiedName::new("app", "mood");
        let path = SearchPath::new([Ident::new("app")]);
        for (before, under, after) in [
            ("a = 'ok'::app.mood", false, "a = 'fi''ne'::app.mood"),
            ("a = 'ok'::mood", true, "a = 'fi''ne'::mood"),
            ("a = 'ok'::mood", false, "a = 'ok'::mood"),
            ("a = 'ok'::\"Mood\" or 'ok'", true, "a = 'ok'::\"Mood\" or 'ok'"),
            (
                "a = any (ARRAY['ok'::app.mood, 'no'::app.mood])",
                false,
                "a = any (ARRAY['fi''ne'::app.mood, 'no'::app.mood])",
            ),
            ("CAST('ok' AS mood)", true, "CAST('fi''ne' AS mood)"),
            ("'ok'::other.mood || ", true, "'ok'::other.mood || "),
        ] {
            let path = if under { path.clone() } else { SearchPath::default() };
            assert_eq!(rename_label(before, &path, &of, "ok", "fi'ne"), after);
            assert_eq!(may_have_label(after, &path, &of, "fi'ne"), before != after);
        }
        assert!(may_have_label("a in ('x', 'ok')", &path, &of, "ok"));
        assert!(may_have_label("select a = 'ok' as fine", &path, &of, "ok"));
        assert!(!may_have_label("select cast('ok' as text)", &path, &of, "ok"));
        assert!(is_string(" 'ok' ", "ok") && !is_string("'ok' || ''", "ok"));
    }

    #[test]
    fn relations() {
        let (from, to) = (QualifiedName::new("app", "users"), QualifiedName::new("app", "people"));
        for (before, after) in [
            (
                "SELECT app.users.id FROM app.users",
                "SELECT app.people.id FROM app.people",
            ),
            (
                "select users.id, users from users, x",
                "select people.id, users from people, x",
            ),
            ("nextval('app.users'::regclass)", "nextval('app.people'::regclass)"),
            ("app.users(1) + users(2)", "app.users(1) + users(2)"),
            (
                "insert into app.users (id) select 1",
                "insert into app.people (id) select 1",
            ),
        ] {
            assert_eq!(rename_relation(before, &from, &to, true), after);
        }
        assert_eq!(
            rename_relation("select 1 from users", &from, &to, false),
            "select 1 from users"
        );
    }
}
