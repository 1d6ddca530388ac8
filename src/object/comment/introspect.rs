//! Comments out of the catalog.

use super::Comment;
use crate::introspect::source::{Found, Source, plain};

/// The query and its reader.
pub(crate) const SOURCE: Source = Source {
    what: "comments",
    // Every new database has one on the namespace public, whose identifier is 2200.
    found: Found::Where(
        "exists (select from pg_description where objoid >= 16384 or (classoid = 'pg_namespace'::regclass and objoid = 2200 and description <> 'standard public schema'))",
    ),
    sql: include_str!("introspect.sql"),
    read: plain::<Comment>,
};
