//! Which names a text mentions, so that objects can be put in an order in which every text finds what it needs.
//!
//! It works on tokens and on any text: expressions, queries, bodies of functions. Names may be reported that are something
//! else (an alias, a field); a name that is used is not missed.

use std::collections::BTreeSet;

use crate::keywords::{is_reserved, needs_quotes};
use crate::name::{Ident, QualifiedName};

use super::token::{Kind, Token, lex};

/// The names that a text mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Relations that are read or written: after `FROM`, `JOIN`, `INTO`, `UPDATE`, `TABLE`, and in `%ROWTYPE`.
    pub relations: BTreeSet<QualifiedName>,
    /// Names that a parenthesis follows, and those in strings: `'f(integer)'::regprocedure`.
    pub functions: BTreeSet<QualifiedName>,
    /// Names after `::` and in `CAST`, and those in front of a string.
    pub types: BTreeSet<QualifiedName>,
    /// Relations named in strings: `nextval('s')`, `'s'::regclass`.
    pub sequences: BTreeSet<QualifiedName>,
    /// Every identifier, bare.
    pub identifiers: BTreeSet<Ident>,
}

/// What is open at one level of parentheses.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Inside a `FROM` clause, where a comma starts the next relation.
    in_from: bool,
    /// The next name is a relation.
    relation_next: bool,
    /// Inside `EXTRACT(.. FROM ..)` and the like, where `FROM` means something else.
    own_from: bool,
}

/// Whether an expression over one relation reads its column of this name. A function, a type or a namespace of the same name is none.
pub fn reads_column(text: &str, column: &Ident) -> bool {
    let tokens = lex(text);
    let is_column = |(at, token): (usize, &Token<'_>)| {
        let next = tokens.get(at + 1);
        let cast = at.checked_sub(1).is_some_and(|before| tokens[before].is_mark("::"));
        let names_another = next.is_some_and(|t| t.is_mark("(") || t.is_mark(".") || t.kind == Kind::Text);
        token.is_name() && ident(token) == *column && !cast && !names_another
    };
    tokens.iter().enumerate().any(is_column)
}

/// The names that a text mentions.
pub fn mentions(text: &str) -> Mentions {
    let tokens = lex(text);
    let mut found = Mentions::default();
    let mut ctes = BTreeSet::new();
    let mut levels = vec![Level::default()];
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let is_call =
            tokens.get(at + 1).is_some_and(|t| t.is_mark("(")) && !is_reserved(&token.text) && !token.is_word("join");
        let mut level = levels.last_mut();
        match token.kind {
            Kind::Mark if token.text == "(" => {
                let own_from = at > 0
                    && ["extract", "substring", "trim", "overlay", "position"]
                        .iter()
                        .any(|word| tokens[at - 1].is_word(word));
                // A parenthesis where a relation is due holds joined relations, or a query.
                let inside = level.map(|l| std::mem::take(&mut l.relation_next)).unwrap_or_default();
                levels.push(Level {
                    in_from: inside,
                    relation_next: inside,
                    own_from,
                });
            }
            Kind::Mark if token.text == ")" => {
                if levels.len() > 1 {
                    levels.pop();
                }
            }
            Kind::Mark if token.text == "," => {
                if let Some(level) = level
                    && level.in_from
                {
                    level.relation_next = true;
                }
            }
            Kind::Mark if token.text == ";" => levels = vec![Level::default()],
            Kind::Text => named_in_string(&tokens, at, &mut found),
            Kind::Word if !is_call && clause(&tokens, at, level.as_deref_mut()) => {
                // A column may have the name of such a word.
                found
                    .identifiers
                    .extend((!is_reserved(&token.text)).then(|| ident(token)));
            }
            Kind::Word | Kind::Quoted => {
                at = name(&tokens, at, level, &mut found, &mut ctes);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
        .relations
        .retain(|name| name.namespace.is_some() || !ctes.contains(&name.name));
    found
}

/// Key words that start or end the clauses that hold relations. Whether it was one.
fn clause(tokens: &[Token<'_>], at: usize, level: Option<&mut Level>) -> bool {
    let Some(level) = level else { return false };
    let before = |word: &str| at > 0 && tokens[at - 1].is_word(word);
    match &*tokens[at].text {
        "from" if !level.own_from && !before("distinct") => (level.in_from, level.relation_next) = (true, true),
        "join" => (level.in_from, level.relation_next) = (true, true),
        "using" if before("only") || level.in_from => {
            level.relation_next = !tokens.get(at + 1).is_some_and(|t| t.is_mark("("))
        }
        "into" | "update" | "table" => level.relation_next = true,
        "only" | "lateral" | "if" | "exists" | "not" => {}
        "where" | "group" | "having" | "window" | "order" | "limit" | "offset" | "union" | "intersect" | "except"
        | "on" | "set" | "select" | "returning" | "loop" | "then" | "begin" | "end" | "for" | "values" | "fetch"
        | "with" => {
            (level.in_from, level.relation_next) = (tokens[at].text == "on" && level.in_from, false);
        }
        word => return needs_quotes(word) && word != "left" && word != "right",
    }
    true
}

/// A name with its parts; what stands around it says what it names. Returns the place behind it.
fn name(
    tokens: &[Token<'_>],
    start: usize,
    level: Option<&mut Level>,
    found: &mut Mentions,
    ctes: &mut BTreeSet<Ident>,
) -> usize {
    let mut parts = vec![ident(&tokens[start])];
    let mut at = start + 1;
    while tokens.get(at).is_some_and(|t| t.is_mark(".")) && tokens.get(at + 1).is_some_and(Token::is_name) {
        parts.push(ident(&tokens[at + 1]));
        at += 2;
    }
    found.identifiers.extend(parts.iter().cloned());
    let next = tokens.get(at);
    let previous = start.checked_sub(1).and_then(|i| tokens.get(i));
    let relation_next = level.is_some_and(|l| std::mem::take(&mut l.relation_next));
    let after = |word: &str| previous.is_some_and(|t| t.is_word(word));
    if previous.is_some_and(|t| t.is_mark("::"))
        || after("as") && next.is_some_and(|t| t.is_mark(")") || t.is_mark("["))
        || next.is_some_and(|t| t.kind == Kind::Text)
    {
        found.types.insert(qualified(&parts));
    } else if next.is_some_and(|t| t.is_operator("%"))
        && tokens
            .get(at + 1)
            .is_some_and(|t| t.is_word("rowtype") || t.is_word("type"))
    {
        let relation = if tokens[at + 1].is_word("type") && parts.len() > 1 {
            &parts[..parts.len() - 1]
        } else {
            &parts
        };
        found.relations.insert(qualified(relation));
    } else if next.is_some_and(|t| t.is_mark("(")) {
        // `INSERT INTO t (a)` names a relation, `WITH x (a) AS` a common table expression.
        if relation_next && (after("into") || after("table")) {
            found.relations.insert(qualified(&parts));
        } else {
            found.functions.insert(qualified(&parts));
        }
    } else if relation_next {
        found.relations.insert(qualified(&parts));
    }
    let defines = after("with") || after("recursive") || previous.is_some_and(|t| t.is_mark(","));
    if parts.len() == 1 && defines && next.is_some_and(|t| t.is_word("as") || t.is_mark("(")) && opens_query(tokens, at)
    {
        ctes.extend(parts);
    }
    at
}

/// Whether `[(columns)] AS [NOT] [MATERIALIZED] (` comes next.
fn opens_query(tokens: &[Token<'_>], mut at: usize) -> bool {
    if tokens.get(at).is_some_and(|t| t.is_mark("(")) {
        while tokens.get(at).is_some_and(|t| !t.is_mark(")")) {
            at += 1;
        }
        at += 1;
    }
    if !tokens.get(at).is_some_and(|t| t.is_word("as")) {
        return false;
    }
    at += 1;
    while tokens
        .get(at)
        .is_some_and(|t| t.is_word("not") || t.is_word("materialized"))
    {
        at += 1;
    }
    tokens.get(at).is_some_and(|t| t.is_mark("("))
}

/// A string that names something: in `nextval('s')`, or before `::regclass`, `::regprocedure`, `::regtype`.
fn named_in_string(tokens: &[Token<'_>], at: usize, found: &mut Mentions) {
    let called = at >= 2
        && tokens[at - 1].is_mark("(")
        && ["nextval", "currval", "setval", "pg_get_serial_sequence", "to_regclass"]
            .iter()
            .any(|name| tokens[at - 2].text == *name);
    let cast = tokens[at + 1..]
        .iter()
        .find(|t| !(t.is_mark(")") || t.is_word("text") || t.is_mark("::") || t.is_word("as")));
    let typed = at.checked_sub(1).map(|before| &tokens[before]);
    let cast = typed.filter(|token| token.text.starts_with("reg")).or(cast);
    let names = match cast.map(|token| &*token.text) {
        _ if called => &mut found.sequences,
        Some("regclass") => &mut found.sequences,
        Some("regproc" | "regprocedure") => &mut found.functions,
        Some("regtype") => &mut found.types,
        _ => return,
    };
    let inner = lex(&tokens[at].text);
    let name = inner.iter().take_while(|token| !token.is_mark("("));
    let parts: Vec<Ident> = name.filter(|token| token.is_name()).map(ident).collect();
    if !parts.is_empty() {
        names.insert(qualified(&parts));
    }
}

fn ident(token: &Token<'_>) -> Ident {
    Ident::new(&token.text)
}

/// The last two parts: a database name in front says nothing.
fn qualified(parts: &[Ident]) -> QualifiedName {
    match parts {
        [.., namespace, name] => QualifiedName {
            namespace: Some(namespace.clone()),
            name: name.clone(),
        },
        [name] => QualifiedName {
            namespace: None,
            name: name.clone(),
        },
        [] => QualifiedName::bare(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(set: &BTreeSet<QualifiedName>) -> String {
        set.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_of_one_relation() {
        let column = Ident::new("rank");
        for text in [
            "rank",
            "t.rank",
            "update > rank",
            "a AND (\"rank\")",
            "x = ANY (rank)",
            "rank[1]",
            "rank || 'a'",
            "rank::text",
        ] {
            assert!(reads_column(text, &column), "{text}");
        }
        for text in [
            "rank(score)",
            "app.rank(score)",
            "score::rank",
            "rank '1'",
            "rank.of(score)",
            "'rank'",
            "\"Rank\"",
        ] {
            assert!(!reads_column(text, &column), "{text}");
        }
    }

    #[test]
    fn relations() {
        for (text, expected) in [
            ("select a from t", "t"),
            (
                "select a.x from app.t a, u left join (v join w on true) on a.x = b",
                "u v w app.t",
            ),
            ("with x as (select * from y) select * from x, z", "y z"),
            (
                "with recursive x(a) as (select 1 from y), q as materialized (select 2) select * from x join q using (a)",
                "y",
            ),
            (
                "select extract(year from d), trim(both from e) from t where a is distinct from b",
                "t",
            ),
            (
                "select * from (select * from t) s where exists (select 1 from only u)",
                "t u",
            ),
            (
                "insert into t (a) select b from u; update v set a = 1 from w; delete from x using y where true",
                "t u v w x y",
            ),
            ("select * from f(1) g, t", "t"),
            ("declare r t%rowtype; s u.c%type; begin end", "t u"),
            ("select a from t order by b, c", "t"),
        ] {
            assert_eq!(names(&mentions(text).relations), expected, "{text}");
        }
    }

    #[test]
    fn functions_types_and_sequences() {
        let found =
            mentions("app.f(a, 'x'::app.mood) + g(cast(b as app.other)) + nextval('app.s'::regclass) + nextval('q')");
        assert_eq!(names(&found.functions), "g nextval app.f");
        assert_eq!(names(&found.types), "regclass app.mood app.other");
        assert_eq!(names(&found.sequences), "q app.s");
        assert!(found.identifiers.contains(&Ident::new("b")));
        let found = mentions("'app.f(integer)'::regprocedure, 'g'::regproc, 'app.mood'::regtype, 'h'::text");
        assert_eq!(names(&found.functions), "g app.f");
        assert!(names(&found.types).contains("app.mood"));
    }
}
