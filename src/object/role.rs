//! Words of statements that stand for whoever runs them (`CURRENT_USER`).
//!
//! The model keeps such a word, in upper case, where the name of a role would stand, until a session says which role it is
//! ([`crate::schema::SessionRoles`]).

use crate::name::Ident;

/// Stands for the role whose rights a statement has: `CURRENT_USER`, `CURRENT_ROLE`, and `USER` of a user mapping.
pub(crate) const CURRENT: &str = "CURRENT_USER";

/// Stands for the role that has connected.
pub(crate) const SESSION: &str = "SESSION_USER";

/// Whether it stands for whoever runs the statement.
pub(crate) fn is_word(role: &Ident) -> bool {
    matches!(role.as_str(), CURRENT | SESSION)
}
