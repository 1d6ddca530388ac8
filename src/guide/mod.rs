//! The guide for users: plain pages, each of whose commands a test runs on a real server (`tests/guide.rs`).
//!
//! Start with [`start`]; [`concepts`] says what the words mean and when to deploy which application.

// Only documentation reads the pages: a program need not be built anew because a sentence has changed.

/// From a database, or from nothing, to a plan that has been applied.
#[cfg_attr(doc, doc = include_str!("start.md"))]
pub mod start {}

/// What the words mean, and when to deploy which application.
#[cfg_attr(doc, doc = include_str!("concepts.md"))]
pub mod concepts {}

/// What to write for each common change, and which steps it gives.
#[cfg_attr(doc, doc = include_str!("recipes.md"))]
pub mod recipes {}

/// Every change with its steps, their locks, and how they are undone; written by the planner.
#[cfg_attr(doc, doc = include_str!("recipes-table.md"))]
pub mod recipes_table {}

/// What to write for a change, with its hints, and what is left alone.
#[cfg_attr(doc, doc = include_str!("changes.md"))]
pub mod changes {}

/// What decides when and how a plan may run, and what happens while it does.
#[cfg_attr(doc, doc = include_str!("runs.md"))]
pub mod runs {}

/// Pull requests, deploy pipelines, and a look at the database every hour.
#[cfg_attr(doc, doc = include_str!("ci.md"))]
pub mod ci {}

/// By exit code and by message.
#[cfg_attr(doc, doc = include_str!("troubleshooting.md"))]
pub mod troubleshooting {}

/// What it does not do.
#[cfg_attr(doc, doc = include_str!("limits.md"))]
pub mod limits {}

/// How messages and help texts are worded, for those who write them.
#[cfg_attr(doc, doc = include_str!("wording.md"))]
pub mod wording {}
