//! What a migration has said and holds so far: transactions, time limits, locks.

use super::site::opens;
use crate::name::QualifiedName;
use crate::object::table::TableChange;
use crate::object::{Change, Kind};
use crate::operation::Operation;
use crate::parse::migrations::Wrap;
use crate::plan::{Facts, LockMode};

/// A lock that a transaction holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The relation, which was there before the migration.
    pub relation: QualifiedName,
    /// The mode.
    pub mode: LockMode,
    /// The line of the statement that took it.
    pub line: usize,
}

/// The session that runs a migration.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// Who puts the file into a transaction.
    pub wrap: Wrap,
    /// Whether the file holds several statements.
    pub several: bool,
    /// The line of a `BEGIN` without its `COMMIT` yet.
    pub begun: Option<usize>,
    /// Whether `lock_timeout` has a value other than zero.
    pub lock_timeout: bool,
    /// Whether that holds for the transaction only.
    pub local: bool,
    /// Strong locks of the transaction.
    pub held: Vec<Held>,
    /// Labels that the transaction has added to enums that were there before the migration.
    pub labels: Vec<String>,
    /// Whether `pg_advisory_lock` has been called.
    pub advisory_lock: bool,
    /// The table that the statement before has altered, where more changes could have gone along.
    pub altered: Option<QualifiedName>,
}

/// What a statement does to transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It opens one.
    Begin,
    /// It ends one.
    Commit,
    /// It ends one and takes back what it did.
    Rollback,
    /// Nothing.
    None,
}

/// What a statement does to transactions.
pub fn turn(tokens: &[&str]) -> Turn {
    let to = tokens.iter().any(|token| token.eq_ignore_ascii_case("to"));
    match () {
        () if opens(tokens, "begin") || opens(tokens, "start transaction") => Turn::Begin,
        () if opens(tokens, "commit prepared") || opens(tokens, "rollback prepared") => Turn::None,
        () if opens(tokens, "commit") || opens(tokens, "end") => Turn::Commit,
        () if (opens(tokens, "rollback") && !to) || opens(tokens, "abort") => Turn::Rollback,
        () => Turn::None,
    }
}

/// The table of an ALTER TABLE that takes ACCESS EXCLUSIVE for a moment and could hold other changes of it as well. A rename, a move,
/// an index that is used and what is done with partitions stand alone, and the proof of a not-null goes after what it proves.
pub fn altered(tokens: &[&str], operations: &[Operation], facts: &Facts) -> Option<QualifiedName> {
    let alone = |operation: &Operation| match operation {
        Operation::Rename { .. } | Operation::UseIndex { .. } => true,
        Operation::Drop { id, .. } => id.kind == Kind::Constraint,
        Operation::Alter { change, .. } => {
            matches!(
                change,
                Change::Table(TableChange::Attach(_) | TableChange::Detach { .. })
            )
        }
        _ => false,
    };
    let subject = operations.first()?.subject()?.qualified();
    let strong = |mode: LockMode| mode == LockMode::AccessExclusive;
    let locks = facts
        .locks
        .iter()
        .any(|lock| lock.relation == subject && strong(lock.mode));
    (opens(tokens, "alter table") && locks && !facts.grows() && !operations.iter().any(alone)).then_some(subject)
}

impl Session {
    /// Whether the next statement runs in a transaction block.
    pub fn in_transaction(&self) -> bool {
        self.begun.is_some()
            || match self.wrap {
                Wrap::File => true,
                Wrap::Message => self.several,
                Wrap::Statement => false,
            }
    }

    /// Follows a statement that has run.
    pub fn follow(&mut self, tokens: &[&str], operations: &[Operation], line: usize, facts: &Facts) {
        if !self.in_transaction() {
            self.end();
        }
        match turn(tokens) {
            Turn::Begin => self.begun = Some(line),
            Turn::Commit | Turn::Rollback => {
                self.begun = None;
                self.end();
            }
            Turn::None => {}
        }
        self.follow_setting(tokens);
        self.altered = altered(tokens, operations, facts);
        self.advisory_lock |= tokens
            .iter()
            .any(|token| token.eq_ignore_ascii_case("pg_advisory_lock"));
        if self.in_transaction() {
            for lock in facts.locks.iter().filter(|lock| lock.mode.blocks_writes()) {
                self.held.push(Held {
                    relation: lock.relation.clone(),
                    mode: lock.mode,
                    line,
                });
            }
        }
    }

    /// `SET [LOCAL] lock_timeout`, `RESET`, `set_config('lock_timeout', ..)`.
    fn follow_setting(&mut self, tokens: &[&str]) {
        let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.eq_ignore_ascii_case(word));
        let nothing = |value: &str| {
            let value = value.trim_matches('\'').trim();
            value.eq_ignore_ascii_case("default") || value.trim_end_matches(char::is_alphabetic).trim() == "0"
        };
        if is(0, "set") {
            let at = if is(1, "local") || is(1, "session") { 2 } else { 1 };
            if is(at, "lock_timeout") {
                let value = tokens.get(at + 2).copied().unwrap_or_default();
                self.lock_timeout = !nothing(value);
                self.local = is(1, "local");
            }
        } else if is(0, "reset") && (is(1, "lock_timeout") || is(1, "all")) {
            self.lock_timeout = false;
        } else if let Some(at) = tokens.iter().position(|token| *token == "'lock_timeout'") {
            if is(0, "select") {
                self.lock_timeout = !nothing(tokens.get(at + 2).copied().unwrap_or_default());
            }
        }
    }

    fn end(&mut self) {
        self.held.clear();
        self.labels.clear();
        if self.local {
            self.lock_timeout = false;
            self.local = false;
        }
    }
}
