//! Running a plan: one run at a time, every step remembered in the database, locks waited for within bounds.

pub mod advisory;
pub mod journal;
pub mod retry;
