//! pgphase turns the difference between schema files and a live PostgreSQL into a phased plan.

pub mod expr;
pub mod cluster;
pub mod name;
pub mod sql;
pub mod types;
pub mod conn;
