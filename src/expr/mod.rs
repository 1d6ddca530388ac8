//! Expressions and queries, and when two of them are the same.
//!
//! This is the only place where two SQL texts are judged equal. A text is read into a tree (`node`) by the grammar of
//! PostgreSQL's own precedences (`parser`), rules that keep the meaning bring spellings together (`rules`), and the tree is
//! printed one way. Equal canonical forms always mean the same; different ones mean *unknown*, and a server can be asked.
//! A text that the grammar does not know, or that nests too deeply, is compared by its tokens (`flat`).

mod builtin;
mod cache;
mod call;
mod constant;
mod escape;
mod flat;
mod forms;
mod from;
pub(crate) mod implied;
mod interval;
mod keys;
mod mentions;
mod node;
mod parser;
mod primary;
mod print;
mod query;
mod rename;
mod rules;
mod scope;
mod second;
mod select;
mod targets;
#[cfg(test)]
mod tests;
mod text;
pub(crate) mod token;
mod type_name;
mod words;

use std::sync::Arc;

use crate::name::Ident;
use crate::types::TypeName;

use node::Node;
use parser::{MAX_HEIGHT, Parsed, Parser};

pub(crate) use keys::{groups_by_key, names_constraint};
pub use mentions::{Mentions, mentions, reads_column};
pub(crate) use rename::{is_string, may_have_label, rename_label, rename_type};
pub use rename::{rename_column, rename_relation};
pub use scope::{Columns, Scope};
pub use second::{is_expr, is_query};
pub(crate) use targets::with_fewer_targets;
pub use text::{Expr, Query, SearchPath};

/// The canonical form of an expression whose names are all qualified.
pub fn canonical_expr(text: &str) -> String {
    expr_form(text, Scope::default())
}

/// The canonical form of a query whose names are all qualified.
pub fn canonical_query(text: &str) -> String {
    query_form(text, Scope::default())
}

/// The canonical form of an expression written under a search path.
pub fn canonical_expr_in(text: &str, path: &SearchPath) -> Arc<str> {
    cache::remembered(false, text, path, || expr_form(text, Scope::under(path)))
}

/// The canonical form of a query written under a search path.
pub fn canonical_query_in(text: &str, path: &SearchPath) -> Arc<str> {
    cache::remembered(true, text, path, || query_form(text, Scope::under(path)))
}

/// The canonical form of an expression whose surroundings are known: with the types of its columns more casts can be seen
/// to say nothing.
pub fn expr_form(text: &str, scope: Scope<'_>) -> String {
    form(text, scope, |parser| parser.expr())
}

/// The canonical form of a query whose surroundings are known.
pub fn query_form(text: &str, scope: Scope<'_>) -> String {
    form(text, scope, |parser| parser.query())
}

/// The columns that an expression over one table names, as far as they can be told from other words for certain. Names with a
/// qualifier and those inside queries are left out.
pub fn column_names(text: &str) -> Vec<Ident> {
    let mut found = Vec::new();
    if let Some(tree) = tree(&tokens(text), Scope::default(), |parser| parser.expr()) {
        tree.column_names(&mut found);
    }
    found
}

/// The canonical form of an expression that becomes a value of a type, as a default does.
pub fn value_form(text: &str, to: &TypeName, scope: Scope<'_>) -> String {
    let to = scope::spelled(to);
    form(text, scope, |parser| {
        let value = parser.expr()?;
        Ok(if value == Node::Null {
            Node::Null
        } else {
            rules::cast(value, to, scope)
        })
    })
}

/// Whether an expression is the null constant, of whatever type.
pub fn is_null(text: &str) -> bool {
    let Some(mut node) = tree(&tokens(text), Scope::default(), |parser| parser.expr()) else {
        return false;
    };
    while let Node::Cast(inner, _) = node {
        node = *inner;
    }
    node == Node::Null
}

/// Whether `pg_catalog` has a function of this name.
pub fn is_builtin_function(name: &str) -> bool {
    builtin::is_function(name)
}

/// Whether a text is one closed piece, which cannot reach beyond parentheses put around it: strings, comments and parentheses
/// end, and no semicolon ends a statement.
pub fn is_closed(text: &str) -> bool {
    let mut depth = 0usize;
    for token in token::lex(text) {
        if token.kind == token::Kind::Broken || token.is_mark(";") {
            return false;
        }
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            }
        }
    }
    depth == 0
}

/// The words of a text, without semicolons at its end.
fn tokens(text: &str) -> Vec<token::Token<'_>> {
    let mut tokens = token::lex(text);
    while tokens.last().is_some_and(|t| t.is_mark(";")) {
        tokens.pop();
    }
    tokens
}

/// The tree of a whole text; none where the grammar does not know it, or it nests too deeply.
fn tree(tokens: &[token::Token<'_>], scope: Scope<'_>, read: impl FnOnce(&mut Parser<'_>) -> Parsed) -> Option<Node> {
    let mut parser = Parser::new(tokens, scope);
    let tree = read(&mut parser).ok()?;
    parser.end().ok()?;
    (tree.height(MAX_HEIGHT) < MAX_HEIGHT).then_some(tree)
}

fn form(text: &str, scope: Scope<'_>, read: impl FnOnce(&mut Parser<'_>) -> Parsed) -> String {
    let tokens = tokens(text);
    match tree(&tokens, scope, read) {
        Some(tree) => tree.print(),
        None => {
            let mut flat = flat::flat(&tokens);
            if let Some(namespace) = scope.namespace() {
                // Unqualified names in it mean what this path makes of them.
                flat.push_str(" UNDER ");
                print::quote_name(&mut flat, &namespace);
            }
            flat
        }
    }
}
