//! Plans as text: SQL scripts, reports.

pub mod data;
mod extend;
pub(crate) mod may_go;
pub mod rollback;
pub mod script;
pub mod statements;
pub mod sweep;
mod tables;
pub(crate) mod target;
pub(crate) use crate::parse::texts as text;

#[cfg(test)]
pub(crate) mod round_trip;
