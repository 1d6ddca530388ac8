//! Schema files to operations: splitting, tokens, statements.

mod cursor;
pub mod error;
mod keywords;
mod lex;
pub mod split;
pub mod stack;
mod type_text;
mod unescape;

pub use error::{ParseError, Place};
