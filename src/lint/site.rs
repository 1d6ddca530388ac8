//! What a rule may look at, and what it says.

use std::collections::HashSet;

use super::command::Command;
use super::rule::{self, Check, Rule};
use super::session::Session;
use super::{Level, Options};
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::ConstraintRule;
use crate::object::{Object, ObjectId};
use crate::operation::Operation;
use crate::parse::split::Statement;
use crate::plan::{Facts, LockMode};
use crate::schema::Schema;

/// A statement of a migration, or one operation of it.
pub struct Site<'a> {
    /// The statement.
    pub statement: &'a Statement<'a>,
    /// Its tokens.
    pub tokens: &'a [&'a str],
    /// The operation; for a look at the whole statement there is none.
    pub operation: Option<&'a Operation>,
    /// Every operation of the statement.
    pub siblings: &'a [Operation],
    /// What a statement that is no definition does.
    pub command: Option<&'a Command>,
    /// What the operation, or else the whole statement, locks, scans and rewrites of what was there before the migration.
    pub facts: &'a Facts,
    /// Right before the operation, or else right after the statement.
    pub schema: &'a Schema,
    /// What was there before the migration.
    pub base: &'a Schema,
    /// The session as the statement finds it.
    pub session: &'a Session,
    /// What is there only because a statement needs it: nothing else is known about it.
    pub assumed: &'a HashSet<ObjectId>,
    /// The major version of the server.
    pub version: u32,
}

impl Site<'_> {
    /// Whether the object was there before the migration.
    pub fn existed(&self, id: &ObjectId) -> bool {
        self.base.contains(id)
    }

    /// Whether the relation was there before the migration.
    pub fn relation_existed(&self, name: &QualifiedName) -> bool {
        self.base.relation(name).is_some()
    }

    /// Whether it does work that grows with a table while others wait for it.
    pub fn blocks(&self) -> bool {
        blocks(self.facts)
    }

    /// Whether the statement opens with these words, capital letters or not.
    pub fn opens(&self, words: &str) -> bool {
        opens(self.tokens, words)
    }

    /// Whether the word stands anywhere in the statement.
    pub fn has_word(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| token.eq_ignore_ascii_case(word))
    }
}

/// Whether the tokens open with these words.
pub(crate) fn opens(tokens: &[&str], words: &str) -> bool {
    words
        .split(' ')
        .enumerate()
        .all(|(at, word)| tokens.get(at).is_some_and(|token| token.eq_ignore_ascii_case(word)))
}

/// What a planner calls blocking: work that grows with a table under a lock that keeps others from it.
pub fn blocks(facts: &Facts) -> bool {
    facts.grows() && facts.locks.iter().any(|lock| lock.mode.blocks_writes())
}

/// `public.t is rewritten under ACCESS EXCLUSIVE: reads and writes wait until it is done.`
pub fn waits(facts: &Facts) -> String {
    let (tables, work) = match () {
        () if !facts.rewrites.is_empty() => (&facts.rewrites, "is rewritten"),
        () if !facts.builds.is_empty() => (&facts.builds, "has indexes built"),
        () => (&facts.scans, "is read completely"),
    };
    let mode = facts.strongest().unwrap_or(LockMode::AccessShare);
    let table = tables.first().map(ToString::to_string).unwrap_or_default();
    let more = match tables.len() {
        0 | 1 => String::new(),
        2 => " (and one more table)".into(),
        count => format!(" (and {} more tables)", count - 1),
    };
    let who = if mode.blocks_reads() {
        "reads and writes"
    } else {
        "writes"
    };
    format!("{table}{more} {work} under {mode}: {who} wait until it is done")
}

/// Whether a constraint is the proof that a column holds no null.
pub(crate) fn is_proof(schema: &Schema, proof: &ObjectId, column: &ObjectId) -> bool {
    let wanted = Expr::new(format!("{} IS NOT NULL", column.own_name()));
    match schema.get(proof) {
        Some(Object::Constraint(constraint)) => {
            constraint.table == column.qualified()
                && matches!(&constraint.rule, ConstraintRule::Check { expr, .. } if *expr == wanted)
        }
        _ => false,
    }
}

/// An object as it is once a file, or all files of a desired schema, have been read.
pub struct ObjectSite<'a> {
    /// The schema it is in.
    pub schema: &'a Schema,
    /// Its id.
    pub id: &'a ObjectId,
    /// The object.
    pub object: &'a Object,
    /// What is there only because a statement needs it.
    pub assumed: &'a HashSet<ObjectId>,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happens, one sentence without a final period.
    pub message: String,
    /// The name in the statement to point at; the beginning of the statement where there is none.
    pub at: Option<Ident>,
    /// What to write instead, where it can be said for this very statement.
    pub instead: Option<String>,
}

impl Told {
    /// A sentence about a whole statement.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at: None,
            instead: None,
        }
    }

    /// The same, pointing at a name.
    #[must_use]
    pub fn at(mut self, name: &Ident) -> Self {
        self.at = Some(name.clone());
        self
    }

    /// The same, with what to write instead.
    #[must_use]
    pub fn instead(mut self, sql: impl Into<String>) -> Self {
        self.instead = Some(sql.into());
        self
    }
}

pub(crate) fn object_findings(site: &ObjectSite<'_>, options: &Options) -> Vec<(&'static Rule, Level, Told)> {
    let mut found = Vec::new();
    for rule in rule::all() {
        let Check::Object(check) = rule.check else { continue };
        let level = options.level(rule);
        if level > Level::Off {
            found.extend(check(site).into_iter().map(|told| (rule, level, told)));
        }
    }
    found
}
