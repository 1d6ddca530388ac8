//! Schemas written as YAML: another spelling of the same definitions.
//!
//! A document is a mapping of sections; every section maps names to definitions. Names are taken as they are (nothing is
//! folded), a dot separates the schema from the name, and a name with a dot or such stands in double quotes inside the
//! YAML string. Types, expressions, queries and argument lists are SQL. Keys that are not known, and keys that are there
//! twice, are errors. What has no section goes into `sql`, a text of any statements.
//!
//! ```yaml
#![doc = include_str!("example.yaml")]
//! ```
//!
//! A list instead of a mapping holds objects in the model's own words, see `objects.rs`.

mod model;
mod objects;
mod places;
mod relation;
mod routine;
mod write;

use std::sync::Arc;

use crate::expr::SearchPath;
use crate::name::Ident;

use super::error::{ParseError, Place};
use super::fold::SourceText;
use super::split::{Piece, split};
use places::Step;
use write::Written;

pub(super) use objects::{Entry, is_yaml};

/// What a YAML file holds.
#[derive(Debug)]
pub(super) enum Document {
    /// A list of objects, with their places.
    Objects(Vec<(Place, Entry)>),
    /// A mapping of sections.
    Definitions(Vec<Definition>),
}

/// Reads a YAML file.
pub(super) fn read(source: &SourceText) -> Result<Document, ParseError> {
    let is_comment = |line: &&str| line.is_empty() || line.starts_with(['#', '%']) || *line == "---";
    match source.text.lines().map(str::trim).find(|line| !is_comment(line)) {
        None => Ok(Document::Definitions(Vec::new())),
        Some(first) if first.starts_with(['-', '[']) => {
            objects::read(&source.name, &source.text).map(Document::Objects)
        }
        Some(_) => definitions(source).map(Document::Definitions),
    }
}

/// One definition as a statement, and where it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    /// The statement.
    pub(super) sql: String,
    /// Its place.
    pub(super) place: Place,
    /// An annotation, as it would stand in a comment before the statement.
    pub(super) annotation: Option<String>,
    /// The namespaces that its unqualified names mean.
    pub(super) path: SearchPath,
}

/// The definitions of a file, in an order in which they can be made.
fn definitions(source: &SourceText) -> Result<Vec<Definition>, ParseError> {
    let file = File {
        name: source.name.clone(),
        text: &source.text,
    };
    file.refuse_duplicates()?;
    let model: Option<model::Model> = serde_yaml::from_str(&source.text).map_err(|error| file.fault(&error))?;
    let Some(model) = model else {
        return Ok(Vec::new());
    };
    let path = SearchPath::new([Ident::new(model.schema.as_deref().unwrap_or("public"))]);
    let mut writer = write::Writer::new(&file);
    writer.write(&model)?;
    let mut found = Vec::new();
    for written in writer.statements {
        let Written {
            sql,
            path: steps,
            renamed_from,
        } = written;
        let place = file.place_of_key(&steps);
        let annotation = renamed_from.map(|name| format!("@renamed_from {name}"));
        // The section `sql` may hold several statements.
        let name: Arc<str> = source.name.clone();
        for piece in split(&name, &sql)? {
            if let Piece::Statement(statement) = piece {
                found.push(Definition {
                    sql: statement.text.to_owned(),
                    place: place.clone(),
                    annotation: annotation.clone(),
                    path: path.clone(),
                });
            }
        }
    }
    Ok(found)
}

/// A YAML file in memory.
pub(super) struct File<'a> {
    name: Arc<str>,
    text: &'a str,
}

impl File<'_> {
    fn place(&self, position: Option<(usize, usize)>) -> Place {
        let (line, column) = position.unwrap_or((1, 1));
        Place {
            file: self.name.clone(),
            line,
            column,
        }
    }

    /// Where the last key of a path stands.
    fn place_of_key(&self, path: &[Step]) -> Place {
        self.place(places::key(self.text, path, 0))
    }

    /// An error about the value at a path.
    fn error(&self, path: &[Step], message: impl Into<String>) -> ParseError {
        ParseError::at(self.place(places::value(self.text, path)), message)
    }

    /// What the YAML reader says, with its place.
    fn fault(&self, error: &serde_yaml::Error) -> ParseError {
        let position = error.location().map(|at| (at.line(), at.column()));
        let text = error.to_string();
        let message = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(message, _)| message);
        ParseError::at(self.place(position), message)
    }

    fn refuse_duplicates(&self) -> Result<(), ParseError> {
        let Some(path) = places::duplicate(self.text).map_err(|error| self.fault(&error))? else {
            return Ok(());
        };
        let first = self.place(places::key(self.text, &path, 0));
        let second = self.place(places::key(self.text, &path, 1));
        let key = match path.last() {
            Some(Step::Key(key)) => key.as_str(),
            _ => "",
        };
        Err(ParseError::at(
            second,
            format!("the key {key} is there twice, first at {first}"),
        ))
    }
}

#[cfg(test)]
mod tests;
