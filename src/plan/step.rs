//! Steps and phases.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::hazard::Hazard;
use super::switch::Turn;
use crate::expr::SearchPath;
use crate::operation::Operation;

/// A phase of a plan. Between phases the application is deployed; phases run in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Adds what the new application needs; nothing the old one does is refused.
    Expand,
    /// Fills new columns, in batches.
    Backfill,
    /// Proves and tightens: constraints are added not valid and validated, unique indexes built.
    Validate,
    /// Takes away what only the old application needed.
    Contract,
}

impl Phase {
    /// All phases in order.
    pub const ALL: [Phase; 4] = [Phase::Expand, Phase::Backfill, Phase::Validate, Phase::Contract];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Expand => "expand",
            Phase::Backfill => "backfill",
            Phase::Validate => "validate",
            Phase::Contract => "contract",
        }
    }

    /// Its place, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Phase {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Phase::ALL
            .into_iter()
            .find(|phase| phase.word() == text)
            .ok_or_else(|| format!("`{text}` is no phase; phases are expand, backfill, validate, contract"))
    }
}

/// How a step runs: its transaction mode, its timeouts and what happens after a failure follow from this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Short, under locks up to ACCESS EXCLUSIVE; one transaction, short `lock_timeout`, retried.
    Instant,
    /// Scans or builds under a lock that lets reads and writes go on (VALIDATE CONSTRAINT); own transaction, no statement
    /// timeout, retried.
    Long,
    /// Never in a transaction block, `lock_timeout = 0` (CREATE INDEX CONCURRENTLY); what a failure leaves is cleaned up.
    Concurrent,
    /// Batches, each in its own transaction.
    Backfill,
    /// Reads only, and fails when it finds offending rows.
    Check,
    /// Blocks reads or writes for as long as it scans, rewrites or builds; only with approval.
    Blocking,
}

impl Class {
    /// Whether the step runs inside one transaction block.
    pub fn in_transaction(self) -> bool {
        !matches!(self, Class::Concurrent | Class::Backfill | Class::Check)
    }
}

/// One thing to run, in one phase. Its SQL is written by `render`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Unique in the plan and stable from plan to plan: phase and number, `expand-1`.
    pub id: String,
    /// The phase.
    pub phase: Phase,
    /// What it does, in a few words: `add column public.users.email`.
    pub title: String,
    /// Why it is done in this way or phase, one sentence; empty when there is nothing to say.
    #[serde(default)]
    pub why: String,
    /// How it runs.
    pub class: Class,
    /// What it does.
    pub operations: Vec<Operation>,
    /// What it locks, scans, rewrites and loses.
    pub facts: Facts,
    /// Named dangers; a plan does not run while one of them is not approved.
    #[serde(default)]
    pub hazards: Vec<Hazard>,
    /// Where it stands to the cool-down of the plan.
    #[serde(default, skip_serializing_if = "Turn::is_none")]
    pub turn: Turn,
    /// The search path under which its texts were written.
    #[serde(default)]
    pub search_path: SearchPath,
}
