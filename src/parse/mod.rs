//! Schema files to operations to a [`Schema`](crate::schema::Schema): splitting, tokens, statements, folding.

mod absent;
pub(crate) mod common;
pub(crate) mod context;
pub(crate) mod cursor;
mod declared;
mod defaults;
mod elements;
pub(crate) mod encoding;
pub mod error;
pub(crate) mod first_words;
mod fold;
pub mod git;
mod hints;
pub(crate) mod lex;
mod meta;
pub mod migrations;
mod moved;
pub(crate) mod names;
pub(crate) mod options;
pub mod origin;
mod passing;
pub(crate) mod relation;
mod resolve;
pub mod script;
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
mod unknown;
mod unread;
mod yaml;

pub use context::{Annotation, Notice};
pub use error::{ParseError, Place};
pub use fold::{Desired, SourceText};
pub use moved::MovedFrom;
pub use unknown::{UnknownType, unknown_types};

/// Reads SQL texts as one schema; their statements may come in any order.
pub fn parse(files: &[SourceText]) -> Result<Desired, ParseError> {
    read(files, false, false)
}

/// Reads SQL texts as one schema; each statement finds only what those before it have made.
pub fn parse_in_order(files: &[SourceText]) -> Result<Desired, ParseError> {
    read(files, true, false)
}

/// Reads SQL texts as one schema, in any order, and keeps what each statement speaks about.
pub fn parse_and_listen(files: &[SourceText]) -> Result<Desired, ParseError> {
    read(files, false, true)
}

fn read(files: &[SourceText], in_order: bool, listens: bool) -> Result<Desired, ParseError> {
    stack::on_big_stack(|| {
        let mut desired = fold::fold(files, in_order, listens)?;
        resolve::resolve(&mut desired)?;
        let notices = unread::notices(&desired);
        desired.notices.extend(notices);
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
