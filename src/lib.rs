//! pgphase turns the difference between schema files and a live PostgreSQL into a phased plan.

pub mod name;
mod nearest;
pub mod parse;
pub mod sql;
pub mod types;

pub mod expr;

pub mod object;
pub mod pair;
pub mod schema;

mod attach;
pub mod operation;
pub mod refs;

pub mod introspect;
pub mod settle;
pub mod unify;

pub mod diff;
pub mod kept;
pub mod rename;

pub mod plan;

pub mod cluster;
pub mod conn;

pub mod render;
pub mod report;

pub mod files;

pub mod apply;
pub mod drift;
pub mod export;
pub mod lint;
pub mod verify;

pub mod cli;
