//! Names that the sources create anywhere, found by the opening words of their statements.
//!
//! Statements may come in any order, so whether an unqualified name means something of the sources or something of an
//! extension is known before the first statement is applied.

use std::collections::HashSet;

use crate::expr::SearchPath;
use crate::name::QualifiedName;
use crate::object::Kind;

use super::cursor::Cursor;
use super::passing::Passing;

/// The opening words of definitions that other statements refer to by name.
const OTHERS: &[(&str, Kind)] = &[
    ("operator class", Kind::OperatorClass),
    ("operator family", Kind::OperatorFamily),
    ("operator", Kind::Operator),
    ("collation", Kind::Collation),
    ("text search parser", Kind::TextSearchParser),
    ("text search template", Kind::TextSearchTemplate),
    ("text search dictionary", Kind::TextSearchDictionary),
];

/// Full names of what the sources create.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    /// Tables, views, materialized views, sequences.
    pub(crate) relations: HashSet<QualifiedName>,
    /// Types, domains, and the row types of relations.
    pub(crate) types: HashSet<QualifiedName>,
    /// Functions, procedures, aggregates.
    pub(crate) routines: HashSet<QualifiedName>,
    /// Objects of other kinds that are named outside texts.
    pub(crate) others: HashSet<(Kind, QualifiedName)>,
    /// What migrations make for a while.
    pub(crate) passing: Passing,
}

impl Declared {
    /// Looks at the opening words of a statement.
    pub(super) fn look_at(&mut self, mut cursor: Cursor<'_>, path: &SearchPath) {
        if !cursor.eat_word("create") {
            return;
        }
        if let Some((_, kind)) = OTHERS.iter().find(|(words, _)| cursor.eat_words(words)) {
            cursor.eat_words("if not exists");
            let name = if *kind == Kind::Operator {
                cursor.operator()
            } else {
                cursor.qualified_routine()
            };
            if let Ok(mut name) = name {
                if name.namespace.is_none() {
                    name.namespace = path.namespaces().first().cloned();
                }
                self.others.insert((*kind, name));
            }
            return;
        }
        cursor.eat_words("or replace");
        let language = {
            let mut ahead = cursor.clone();
            ahead.eat_word("trusted");
            ahead.eat_word("procedural");
            ahead.eat_word("language").then_some(ahead)
        };
        if let Some(mut ahead) = language {
            // Without a handler it is an extension.
            if let (Ok(name), true) = (
                crate::object::language::parse::name(&mut ahead),
                ahead.is_word("handler"),
            ) {
                self.others.insert((Kind::Language, QualifiedName::bare(name)));
            }
            return;
        }
        while cursor
            .eat_any_word(&["unlogged", "foreign", "materialized", "recursive"])
            .is_some()
        {}
        let Some(word) = cursor.eat_any_word(&[
            "table",
            "view",
            "sequence",
            "type",
            "domain",
            "function",
            "procedure",
            "aggregate",
        ]) else {
            return;
        };
        cursor.eat_words("if not exists");
        let Ok(mut name) = cursor.qualified_routine() else {
            return;
        };
        if name.namespace.is_none() {
            name.namespace = path.namespaces().first().cloned();
        }
        match word {
            "table" | "view" => {
                self.relations.insert(name.clone());
                self.types.insert(name);
            }
            "sequence" => {
                self.relations.insert(name);
            }
            "type" | "domain" => {
                self.types.insert(name);
            }
            _ => {
                self.routines.insert(name);
            }
        }
    }
}
