//! Expressions and queries, and when two of them are the same.
//!
//! This is the only place where two SQL texts are judged equal. Equal canonical texts always mean the same; different ones
//! mean *unknown*, and a server can be asked.

mod escape;
mod flat;
mod print;
mod text;
mod token;
mod words;

use std::sync::Arc;

pub use text::{Expr, Query, SearchPath};

/// The canonical form of an expression whose names are all qualified.
pub fn canonical_expr(text: &str) -> String {
    canonical_expr_in(text, &SearchPath::default()).to_string()
}

/// The canonical form of a query whose names are all qualified.
pub fn canonical_query(text: &str) -> String {
    canonical_query_in(text, &SearchPath::default()).to_string()
}

/// The canonical form of an expression written under a search path.
pub fn canonical_expr_in(text: &str, _path: &SearchPath) -> Arc<str> {
    flat::flat(&token::lex(text)).into()
}

/// The canonical form of a query written under a search path.
pub fn canonical_query_in(text: &str, _path: &SearchPath) -> Arc<str> {
    flat::flat(&token::lex(text)).into()
}
