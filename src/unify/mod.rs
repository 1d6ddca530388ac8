//! Before two schemas are compared, what means the same is made the same.
//!
//! The desired schema takes over from the live one (a) what the files do not speak about, and (b) every text that means the
//! same as the live one: by its canonical form, or by a server's verdict. What is still different is returned as
//! questions for a server ([`crate::settle`]). After that, comparison is plain equality. Nothing here talks to a server.

mod adopt;
mod based;
mod calls;
mod collations;
mod declared;
mod partition;
mod privileges;
mod question;
mod resolve;
mod texts;

pub use question::{About, Question, Stub, Verdict, Verdicts};

use crate::schema::Schema;

/// The desired schema in the words of the live one.
#[derive(Clone, Debug)]
pub struct Unified {
    /// The desired schema, ready to be compared.
    pub desired: Schema,
    /// Texts that differ, and about which nobody has been asked yet.
    pub questions: Vec<Question>,
    /// Privileges that the files do not speak of and that stay: who has some, and on what.
    pub kept_privileges: Vec<String>,
    /// Differences that no statement of PostgreSQL takes away, and that stay.
    pub notes: Vec<String>,
}

/// Brings a schema that stands in the place of a live one, and may come from files, into the form that a database has.
pub fn as_live(schema: &mut Schema) {
    adopt::usual(schema);
    collations::leave_out_usual(schema);
}

/// Brings the desired schema into the words of the live one. Declared renames have been applied to both before.
pub fn unify(live: &Schema, desired: Schema, verdicts: &Verdicts) -> Unified {
    let mut desired = resolve::names(live, desired);
    adopt::born_with(live, &mut desired);
    let declared = declared::keep(live, &mut desired);
    adopt::announced_operators(live, &mut desired);
    privileges::unify(live, &mut desired, verdicts.server_version);
    let kept_privileges = adopt::satellites(live, &mut desired);
    adopt::unsaid(live, &mut desired, verdicts.server_version);
    collations::leave_out_usual(&mut desired);
    partition::constraints(live, &mut desired);
    let questions = texts::unify(live, &mut desired, verdicts);
    declared.follow(&mut desired);
    partition::attachments(live, &mut desired);
    partition::indexes(live, &mut desired);
    Unified {
        desired,
        questions,
        kept_privileges,
        notes: declared.notes,
    }
}
