//! Plans as text: SQL scripts, reports.

pub mod data;
pub mod report;
pub mod rollback;
pub mod script;
