//! Lint: desired files and hand-written migrations, judged by the facts that plans are made from.
//!
//! A migration is read statement by statement: each gives the operations that a plan is made of, [`crate::plan::locks`] says
//! what they lock, scan and rewrite of what was there before, and rules put that into words. So what lint calls blocking is
//! what a plan calls a hazard. Tables that the same migration makes are not large; tables that no file makes are taken as
//! existing, with nothing known about them.

pub mod assume;
pub mod command;
mod desired;
pub mod explain;
pub mod finding;
pub mod output;
mod reader;
pub mod rule;
pub mod rules;
pub mod session;
pub mod site;
pub mod suppress;

use std::collections::BTreeMap;

pub use desired::lint_desired;
pub use finding::{Finding, Span};
pub use reader::lint_migrations;
pub use rule::{Level, Rule};

use crate::parse::SourceText;

/// The oldest major version of PostgreSQL that is supported.
pub const OLDEST: u32 = 14;

/// What may be set from outside.
#[derive(Debug, Clone)]
pub struct Options {
    /// Levels other than the rules' own, by rule.
    pub levels: BTreeMap<String, Level>,
    /// The major version of the server.
    pub version: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            levels: BTreeMap::new(),
            version: OLDEST,
        }
    }
}

impl Options {
    /// The level of a rule.
    pub fn level(&self, rule: &Rule) -> Level {
        self.levels.get(rule.id).copied().unwrap_or(rule.level)
    }
}

/// Findings, in the order of files and lines, with the texts they are in.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
    /// How many findings are kept quiet by a comment.
    pub ignored: usize,
    /// The files read.
    pub files: Vec<SourceText>,
}

impl Report {
    /// Takes another report in.
    pub fn merge(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.ignored += other.ignored;
        for file in other.files {
            if !self.files.iter().any(|known| known.name == file.name) {
                self.files.push(file);
            }
        }
    }

    /// The highest level found.
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }

    /// How many findings have a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// The text of a file.
    pub fn text(&self, file: &str) -> &str {
        self.files
            .iter()
            .find(|known| &*known.name == file)
            .map_or("", |known| known.text.as_str())
    }
}
