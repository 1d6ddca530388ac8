//! Keys that a query relies on: by grouping by a primary key, and by `ON CONFLICT ON CONSTRAINT`.

use super::token::{Token, lex};
use crate::name::Ident;

/// Whether a `SELECT` of the text may rely on a primary key: it groups by all columns of the key and names others of the table outside
/// of that. PostgreSQL ties a view, a rule or an SQL body to such a key. Words count, so it may say yes where the columns are those of
/// another table; inside aggregates they count as well.
pub(crate) fn groups_by_key(text: &str, key: &[Ident], others: &[&Ident]) -> bool {
    let tokens = lex(text);
    let group = (0..tokens.len()).filter(|at| tokens[*at].is_word("group"));
    let mut group = group.filter(|at| tokens.get(at + 1).is_some_and(|token| token.is_word("by")));
    group.any(|at| relies_on(&tokens, at, key, others))
}

/// Whether a text says `ON CONSTRAINT` with this name.
pub(crate) fn names_constraint(text: &str, name: &Ident) -> bool {
    lex(text).windows(3).any(|said| {
        let [on, constraint, named] = said else { return false };
        on.is_word("on") && constraint.is_word("constraint") && named.is_name() && named.text == name.as_str()
    })
}

/// Whether the `GROUP BY` at one place is of such a `SELECT`.
fn relies_on(tokens: &[Token<'_>], at: usize, key: &[Ident], others: &[&Ident]) -> bool {
    let ends = |token: &Token| {
        let words = [
            "having",
            "window",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            "union",
            "intersect",
            "except",
        ];
        words.iter().any(|word| token.is_word(word))
    };
    let levels = levels(tokens);
    let inside = |other: &usize| levels[*other] >= levels[at];
    let same = |other: &usize| levels[*other] == levels[at];
    let mut before = (0..at).rev().take_while(inside).filter(same);
    let Some(start) = before.find(|at| tokens[*at].is_word("select")) else {
        return false;
    };
    let from = (start..at).filter(same).find(|at| tokens[*at].is_word("from"));
    let behind = Vec::from_iter((at..tokens.len()).take_while(inside));
    let listed = behind
        .iter()
        .take_while(|at| !(same(at) && ends(&tokens[**at])))
        .count();
    let (list, rest) = behind.split_at(listed);
    let is_named = |at: usize, column: &Ident| tokens[at].is_name() && tokens[at].text == column.as_str();
    let grouped = |column: &Ident| list.iter().any(|at| is_named(*at, column));
    let targets = start..from.unwrap_or(at);
    let all = targets.clone().any(|at| tokens[at].is_operator("*"));
    let named = |column: &Ident| {
        targets
            .clone()
            .chain(rest.iter().copied())
            .any(|at| is_named(at, column))
    };
    key.iter().all(grouped) && (all || others.iter().any(|column| !grouped(column) && named(column)))
}

/// How many parentheses are open at each token.
fn levels(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut level = 0usize;
    let levels = tokens.iter().map(|token| {
        if token.is_mark(")") {
            level = level.saturating_sub(1);
        }
        let own = level;
        if token.is_mark("(") {
            level += 1;
        }
        own
    });
    levels.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relies(text: &str) -> bool {
        let [id, kind, name] = ["id", "kind", "name"].map(Ident::from);
        groups_by_key(text, &[id, kind], &[&name])
    }

    #[test]
    fn other_columns_beside_a_grouped_key_rely_on_it() {
        assert!(relies("SELECT t.id, t.name FROM t GROUP BY t.id, t.kind"));
        assert!(relies("SELECT t.* FROM t GROUP BY t.kind, t.id ORDER BY 1"));
        assert!(relies(
            "SELECT id, count(*) FROM t GROUP BY id, kind HAVING name <> 'a'"
        ));
        assert!(relies(
            "SELECT a FROM (SELECT upper(name) AS a FROM t GROUP BY id, kind) q ORDER BY a"
        ));
        assert!(relies("SELECT id FROM t UNION SELECT name FROM t GROUP BY id, kind"));
    }

    #[test]
    fn a_constraint_is_named_by_what_follows_a_conflict() {
        let text = "INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING";
        assert!(names_constraint(text, &Ident::from("t_pkey")));
        assert!(!names_constraint(text, &Ident::from("t")));
    }

    #[test]
    fn what_is_grouped_or_left_out_does_not() {
        assert!(!relies("SELECT id, name FROM t GROUP BY id, kind, name"));
        assert!(!relies("SELECT id, name FROM t GROUP BY id, name"));
        assert!(!relies("SELECT id FROM t WHERE name <> 'a' GROUP BY id, kind"));
        assert!(!relies("SELECT name FROM (SELECT id FROM t GROUP BY id, kind) q"));
        assert!(!relies("GROUP BY id, kind"));
        assert!(!relies("SELECT name FROM t GROUP"));
    }
}
