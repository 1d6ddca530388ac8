//! Source texts inside larger statements.

use super::lex::{Lexeme, lex};
use crate::expr::Expr;

/// The text of an expression; a comment at its end must not swallow what follows.
pub(crate) fn closed(expr: &Expr) -> String {
    if expr.text.contains("--") {
        format!("{}\n", expr.text)
    } else {
        expr.text.clone()
    }
}

/// The text of an expression where PostgreSQL takes no logical operators (DEFAULT in CREATE TABLE): in parentheses where
/// it might hold one.
pub(crate) fn operand(expr: &Expr) -> String {
    const LOGICAL: &[&str] = &[
        "and", "or", "not", "is", "in", "like", "ilike", "similar", "between", "isnull", "notnull", "at", "collate",
        "overlaps",
    ];
    let (mut at, mut depth, mut logical) = (0, 0usize, false);
    while at < expr.text.len() {
        let Ok((lexeme, end)) = lex(&expr.text, at) else { break };
        let token = expr.text.get(at..end).unwrap_or("");
        match (lexeme, token) {
            (Lexeme::Mark, "(" | "[") => depth += 1,
            (Lexeme::Mark, ")" | "]") => depth = depth.saturating_sub(1),
            (Lexeme::Word, _) if depth == 0 => logical |= LOGICAL.iter().any(|word| token.eq_ignore_ascii_case(word)),
            _ => {}
        }
        at = end;
    }
    if logical {
        format!("({})", closed(expr))
    } else {
        closed(expr)
    }
}
