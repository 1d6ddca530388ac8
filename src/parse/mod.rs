//! Schema files to operations to a [`Schema`](crate::schema::Schema): splitting, tokens, statements, folding.

pub(crate) mod common;
pub(crate) mod context;
pub(crate) mod cursor;
mod declared;
mod elements;
pub(crate) mod encoding;
pub mod error;
mod fold;
pub(crate) mod keywords;
pub(crate) mod lex;
mod meta;
pub(crate) mod names;
pub(crate) mod options;
pub(crate) mod relation;
mod resolve;
mod session;
pub mod source;
pub mod split;
pub mod stack;
mod statement;
pub(crate) mod target;
pub(crate) mod texts;
mod type_text;
pub(crate) mod types;
pub(crate) mod unescape;
mod yaml;

pub use context::{Annotation, Notice};
pub use error::{ParseError, Place};
pub use fold::{Desired, SourceText};

/// Reads SQL texts as one schema; their statements may come in any order.
pub fn parse(files: &[SourceText]) -> Result<Desired, ParseError> {
    stack::on_big_stack(|| {
        let mut desired = fold::fold(files)?;
        resolve::resolve(&mut desired)?;
        Ok(desired)
    })?
}

/// Reads one SQL text as a schema.
pub fn parse_text(name: &str, text: &str) -> Result<Desired, ParseError> {
    parse(&[SourceText {
        name: name.into(),
        text: text.into(),
    }])
}

#[cfg(test)]
mod tests;
