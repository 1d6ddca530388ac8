//! What operations lock, rewrite, scan and lose, as measured on PostgreSQL 14 to 18.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::name::QualifiedName;

/// A table-level lock mode, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LockMode {
    /// Taken by SELECT.
    AccessShare,
    /// Taken by SELECT FOR UPDATE.
    RowShare,
    /// Taken by INSERT, UPDATE, DELETE.
    RowExclusive,
    /// VACUUM, ANALYZE, CREATE INDEX CONCURRENTLY, VALIDATE CONSTRAINT.
    ShareUpdateExclusive,
    /// CREATE INDEX.
    Share,
    /// CREATE TRIGGER, ADD FOREIGN KEY.
    ShareRowExclusive,
    /// REFRESH MATERIALIZED VIEW CONCURRENTLY.
    Exclusive,
    /// Most of ALTER TABLE, DROP.
    AccessExclusive,
}

impl LockMode {
    /// Whether readers of the relation wait.
    pub fn blocks_reads(self) -> bool {
        self == Self::AccessExclusive
    }

    /// Whether writers of the relation wait.
    pub fn blocks_writes(self) -> bool {
        self >= Self::Share
    }

    /// Who waits while it is held, in words.
    pub fn waits(self) -> &'static str {
        match (self.blocks_reads(), self.blocks_writes()) {
            (true, _) => "reads and writes wait",
            (false, true) => "writes wait",
            (false, false) => "reads and writes go on",
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

/// A lock on an existing relation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    /// The relation.
    pub relation: QualifiedName,
    /// The mode.
    pub mode: LockMode,
}

/// What a step locks, scans, rewrites and loses. Relations that the plan itself creates are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The strongest lock per relation, in the order in which they are taken.
    #[serde(default)]
    pub locks: Vec<Lock>,
    /// Tables rewritten.
    #[serde(default)]
    pub rewrites: Vec<QualifiedName>,
    /// Tables read completely.
    #[serde(default)]
    pub scans: Vec<QualifiedName>,
    /// Relations on which an index is built or rebuilt.
    #[serde(default)]
    pub builds: Vec<QualifiedName>,
    /// What is lost for good, in words; empty when nothing is.
    #[serde(default)]
    pub loses: String,
}

impl Facts {
    /// Notes a lock, keeping the strongest per relation.
    pub fn lock(&mut self, relation: &QualifiedName, mode: LockMode) {
        match self.locks.iter_mut().find(|lock| lock.relation == *relation) {
            Some(lock) => lock.mode = lock.mode.max(mode),
            None => self.locks.push(Lock {
                relation: relation.clone(),
                mode,
            }),
        }
    }

    /// Says of one relation what was said of another: the same, under the name that it had when the step began.
    pub fn say_of(&mut self, before: &QualifiedName, after: &QualifiedName) {
        let locks = self.locks.iter_mut().map(|lock| &mut lock.relation);
        let lists = [&mut self.rewrites, &mut self.scans, &mut self.builds];
        for name in locks.chain(lists.into_iter().flatten()).filter(|name| *name == after) {
            name.clone_from(before);
        }
    }

    /// Adds what another operation of the same step does.
    pub fn merge(&mut self, other: Self) {
        for lock in other.locks {
            self.lock(&lock.relation, lock.mode);
        }
        for (mine, theirs) in [
            (&mut self.rewrites, other.rewrites),
            (&mut self.scans, other.scans),
            (&mut self.builds, other.builds),
        ] {
            for name in theirs {
                if !mine.contains(&name) {
                    mine.push(name);
                }
            }
        }
        if !other.loses.is_empty() {
            if !self.loses.is_empty() {
                self.loses.push_str("; ");
            }
            self.loses.push_str(&other.loses);
        }
    }

    /// The strongest lock of all.
    pub fn strongest(&self) -> Option<LockMode> {
        self.locks.iter().map(|lock| lock.mode).max()
    }

    /// Whether its duration grows with the size of a table.
    pub fn grows(&self) -> bool {
        !(self.rewrites.is_empty() && self.scans.is_empty() && self.builds.is_empty())
    }
}
