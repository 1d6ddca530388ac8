//! A text statement by statement, for who wants to see each one and the schema right before it.
//!
//! Reading a source as one schema forgets the way there. Here each statement stays what it is, those that are no definitions
//! too, and what a statement needs but nobody has made can be assumed.

use std::collections::HashSet;

use super::context::Notice;
use super::cursor::Cursor;
use super::defaults::Defaults;
use super::error::ParseError;
use super::fold::{Folder, SourceText, opening};
use super::meta;
use super::session::{Class, classify, initial_path};
use super::split::{Piece, Statement, split};
use crate::expr::SearchPath;
use crate::object::{Object, ObjectId};
use crate::operation::{EffectError, Operation};
use crate::schema::Schema;

/// One statement and what it is.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// The statement.
    pub statement: Statement<'a>,
    /// The same, long data cut away.
    pub head: Statement<'a>,
    /// What it is.
    pub kind: LineKind,
    path: SearchPath,
    defaults: Defaults,
}

/// What a statement is, by its opening words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// It defines or changes an object.
    Definition,
    /// It defines or changes an object of a kind that is not managed.
    Unmanaged,
    /// Anything else: settings, transactions, data.
    Other,
}

/// The statements of a text, in order. Commands for psql are left out.
pub fn lines(source: &SourceText) -> Result<Vec<Line<'_>>, ParseError> {
    let mut path = initial_path();
    let mut defaults = Defaults::default();
    let mut lines = Vec::new();
    for piece in split(&source.name, &source.text)? {
        let Piece::Statement(statement) = piece else { continue };
        let head = Statement {
            text: opening(statement.text),
            ..statement.clone()
        };
        let cursor = Cursor::new(&head)?;
        let kind = if cursor.is_any_word(&["rollback", "abort"]) || cursor.is_word("cluster") {
            LineKind::Other
        } else {
            match classify(&cursor, &path)? {
                Class::Definition => LineKind::Definition,
                Class::Unmanaged(_) => LineKind::Unmanaged,
                Class::Session | Class::Data(_) => LineKind::Other,
                Class::SearchPath(new) => {
                    path = new;
                    LineKind::Other
                }
                Class::Default(setting) => {
                    defaults.follow(setting);
                    LineKind::Other
                }
            }
        };
        lines.push(Line {
            statement,
            head,
            kind,
            path: path.clone(),
            defaults: defaults.clone(),
        });
    }
    Ok(lines)
}

/// The statements of a text as psql sends them one by one, and remarks about commands for psql that are left out.
pub fn statements(source: &SourceText) -> Result<(Vec<Statement<'_>>, Vec<Notice>), ParseError> {
    let (mut statements, mut notices) = (Vec::new(), Vec::new());
    for piece in split(&source.name, &source.text)? {
        match piece {
            Piece::Statement(statement) => statements.push(statement),
            Piece::Meta(meta) => notices.extend(meta::judge(&meta)?),
        }
    }
    Ok((statements, notices))
}

/// Whether a statement begins or ends a transaction.
pub fn is_about_transaction(statement: &Statement<'_>) -> bool {
    const WORDS: &[&str] = &["begin", "start", "commit", "end", "rollback", "abort"];
    let head = Statement {
        text: opening(statement.text),
        ..statement.clone()
    };
    Cursor::new(&head).is_ok_and(|cursor| cursor.is_any_word(WORDS))
}

/// Whether a text changes what is there already, beyond adding to it: as migrations do, and files of a desired schema do not.
pub fn changes(lines: &[Line<'_>]) -> bool {
    const WORDS: &[&str] = &[
        "drop", "update", "delete", "truncate", "reindex", "vacuum", "cluster", "refresh", "rollback", "merge",
    ];
    lines.iter().any(|line| {
        Cursor::new(&line.head).is_ok_and(|mut cursor| {
            if cursor.is_any_word(WORDS) {
                return true;
            }
            let alters = cursor.is_word("alter");
            while !cursor.at_end() {
                if cursor.is_word("concurrently") || (alters && cursor.is_any_word(&["drop", "rename", "validate"])) {
                    return true;
                }
                cursor.next();
            }
            false
        })
    })
}

/// A schema that statements are read against one by one.
#[derive(Default)]
pub struct Walk {
    folder: Folder,
    /// What was assumed to be there.
    pub assumed: HashSet<ObjectId>,
}

impl Walk {
    /// Starts with what is there already.
    pub fn over(schema: &Schema) -> Self {
        let mut walk = Self::default();
        for (_, object) in schema.iter() {
            walk.folder.taken.follow(&Operation::create(object.clone()));
        }
        walk.folder.desired.schema = schema.clone();
        walk
    }

    /// The schema after what has been applied so far.
    pub fn schema(&self) -> &Schema {
        &self.folder.desired.schema
    }

    /// Notes the names that statements make, so that unqualified names find them.
    pub fn declare(&mut self, lines: &[Line<'_>]) -> Result<(), ParseError> {
        for line in lines.iter().filter(|line| line.kind == LineKind::Definition) {
            self.folder.declared.look_at(Cursor::new(&line.statement)?, &line.path);
        }
        Ok(())
    }

    /// The operations of a definition, none of them applied.
    pub fn read(&mut self, line: &Line<'_>) -> Result<Vec<Operation>, ParseError> {
        self.folder.operations(&line.statement, &line.path, &line.defaults)
    }

    /// What is not there that the operation needs. Nothing is applied.
    pub fn missing(&mut self, operation: &Operation) -> Option<ObjectId> {
        let schema = &mut self.folder.desired.schema;
        schema.start_record();
        let applied = operation.apply(schema);
        let record = schema.end_record();
        schema.revert(record);
        match applied {
            Err(EffectError::Missing(id)) => Some(id),
            _ => None,
        }
    }

    /// Applies one operation of a definition. On an error nothing has changed.
    pub fn apply(&mut self, operation: &Operation, line: &Line<'_>) -> Result<(), ParseError> {
        self.folder.apply(operation, &line.statement)
    }

    /// Takes an object as being there.
    pub fn put(&mut self, object: Object) {
        self.folder.taken.follow(&Operation::create(object.clone()));
        self.folder.desired.schema.put(object);
    }

    /// Goes back to a schema that was there before.
    pub fn restore(&mut self, schema: Schema) {
        self.folder.desired.schema = schema;
    }

    /// The full name that a relation has in a statement.
    pub fn relation_name(&self, name: crate::name::QualifiedName, line: &Line<'_>) -> crate::name::QualifiedName {
        super::context::Context::new(self.schema(), &self.folder.taken, &self.folder.declared, &line.path)
            .relation_name(name)
    }
}
