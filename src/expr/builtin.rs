//! The functions of `pg_catalog` that an expression can call, in PostgreSQL 14 to 18.
//!
//! The list only decides how an unqualified name is read. A name that is missing here, or that a server does not have,
//! makes two equal texts look different at most.

use std::collections::HashSet;
use std::sync::OnceLock;

/// Whether `pg_catalog` has a function of this name.
pub(super) fn is_function(name: &str) -> bool {
    static NAMES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    NAMES
        .get_or_init(|| include_str!("builtin_functions.txt").split_ascii_whitespace().collect())
        .contains(name)
}
