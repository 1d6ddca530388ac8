//! pgphase turns the difference between schema files and a live PostgreSQL into a phased plan.

pub mod expr;
pub mod name;
pub mod sql;
pub mod types;
