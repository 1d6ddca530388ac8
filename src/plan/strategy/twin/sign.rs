//! The sign that an application still writes columns under their old names: a sequence whose last value is when it last did, in
//! seconds since 1970. Contract waits until it is old (see `apply::guard`).
//!
//! A sequence belongs to no transaction: nobody waits for it, no row is written, a write that is rolled back counts as well, and it
//! lives with or without a journal. It is set once in a second, and looked at for each row that comes under the old name: 2 µs in
//! an UPDATE of 13 µs per row, PostgreSQL 15.

use std::collections::BTreeMap;

use crate::name::{Ident, QualifiedName};
use crate::object::grant::{Acl, Grants};
use crate::object::sequence::{Sequence, SequenceOptions};
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::strategy::not_null::helper_name;
use crate::sql::literal;
use crate::types::TypeName;

use super::Twin;

/// The end of the names of these sequences.
const SUFFIX: &str = "old";

/// The variable of the trigger function that says that the old side was written.
pub(super) const WRITTEN: &str = "pgphase_old";

/// The sequence of a table's twins.
fn sequence(table: &QualifiedName, twins: &[&Twin]) -> QualifiedName {
    let columns: Vec<&str> = twins.iter().map(|twin| twin.before.as_str()).collect();
    let name = helper_name(&format!("{}_{}", table.name.as_str(), columns.join("_")), SUFFIX);
    QualifiedName {
        namespace: table.namespace.clone(),
        name: Ident::new(name),
    }
}

/// Its id, where one of the twins has an old name that only an old application uses.
pub(super) fn id(table: &QualifiedName, twins: &[&Twin]) -> Option<ObjectId> {
    let told = twins.iter().any(|twin| twin.both_ways());
    told.then(|| ObjectId::named(Kind::Sequence, &sequence(table, twins)))
}

/// Whether a sequence is one of these; so `apply` knows it in a plan.
pub fn is_sign(id: &ObjectId) -> bool {
    let name = id.qualified().name;
    id.kind == Kind::Sequence && name.is_helper() && name.as_str().ends_with("_old")
}

/// Makes it. Whoever may write the table must be able to leave the sign, so everybody may: a wrong value can only hold contract up.
pub(super) fn create(table: &QualifiedName, twins: &[&Twin]) -> Vec<Operation> {
    match id(table, twins) {
        Some(_) => counter(&sequence(table, twins)),
        None => Vec::new(),
    }
}

/// A sequence that whoever may write a table may set or count on.
pub(in crate::plan::strategy) fn counter(name: &QualifiedName) -> Vec<Operation> {
    let data_type = TypeName::builtin("bigint");
    let privileges = ["SELECT", "UPDATE"].map(|privilege| (privilege.to_string(), false));
    vec![
        Operation::create(Sequence {
            name: name.clone(),
            options: SequenceOptions::defaults(&data_type, 1),
            data_type,
            unlogged: false,
            owned_by: None,
        }),
        Operation::put(Acl::of(
            ObjectId::named(Kind::Sequence, name),
            Grants::from([(Ident::new(""), BTreeMap::from(privileges))]),
        )),
    ]
}

/// The end of the trigger function. A role without USAGE on the namespace comes through a view; it must not be refused, so
/// it leaves no sign. The names are looked up when a statement is read for the first time: hence one IF inside the other.
pub(super) fn leave(table: &QualifiedName, twins: &[&Twin]) -> String {
    let sequence = format!("{}::regclass", literal(&sequence(table, twins).to_string()));
    let namespace = literal(table.namespace.as_ref().map_or("public", Ident::as_str));
    let now = "floor(date_part('epoch', clock_timestamp()))::bigint";
    format!(
        "    IF {WRITTEN} THEN
        IF has_schema_privilege({namespace}, 'USAGE') THEN
            IF coalesce(pg_sequence_last_value({sequence}), 0) < {now} THEN
                PERFORM setval({sequence}, {now});
            END IF;
        END IF;
    END IF;
"
    )
}

/// One more, for whoever sees the sequence.
pub(super) fn counted(table: &QualifiedName, sequence: &QualifiedName) -> String {
    let name = format!("{}::regclass", literal(&sequence.to_string()));
    let namespace = literal(table.namespace.as_ref().map_or("public", Ident::as_str));
    format!(
        "        IF has_schema_privilege({namespace}, 'USAGE') THEN
            PERFORM nextval({name});
        END IF;
"
    )
}
