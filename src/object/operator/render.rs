//! Operators as SQL.

use super::{Operator, OperatorChange, symbol};
use crate::name::QualifiedName;
use crate::object::ObjectId;
use crate::render::target::target;
use crate::sql;

/// `CREATE OPERATOR`.
pub(crate) fn create(operator: &Operator) -> Vec<String> {
    let mut parts = vec![format!("FUNCTION = {}", operator.function)];
    parts.extend(operator.left.as_ref().map(|left| format!("LEFTARG = {left}")));
    parts.push(format!("RIGHTARG = {}", operator.right));
    let other = |word: &str, name: &Option<QualifiedName>| {
        name.as_ref()
            .map(|name| format!("{word} = OPERATOR({})", qualified(name)))
    };
    parts.extend(other("COMMUTATOR", &operator.commutator));
    parts.extend(other("NEGATOR", &operator.negator));
    parts.extend(operator.merges.then(|| "MERGES".to_owned()));
    parts.extend(operator.hashes.then(|| "HASHES".to_owned()));
    parts.extend(operator.restrict.as_ref().map(|name| format!("RESTRICT = {name}")));
    parts.extend(operator.join.as_ref().map(|name| format!("JOIN = {name}")));
    vec![format!(
        "CREATE OPERATOR {} ({})",
        symbol(&operator.name),
        sql::list(parts)
    )]
}

/// An operator for `OPERATOR(..)`; one that every server has lives in `pg_catalog`.
pub(crate) fn qualified(name: &QualifiedName) -> String {
    match &name.namespace {
        Some(_) => symbol(name),
        None => format!("pg_catalog.{}", name.name.as_str()),
    }
}

/// `ALTER OPERATOR ... SET`.
pub(crate) fn alter(id: &ObjectId, change: &OperatorChange) -> Vec<String> {
    let (word, function) = match change {
        OperatorChange::Restrict(function) => ("RESTRICT", function),
        OperatorChange::Join(function) => ("JOIN", function),
    };
    let function = function.as_ref().map_or_else(|| "NONE".to_owned(), ToString::to_string);
    vec![format!("ALTER {} SET ({word} = {function})", target(id))]
}
