//! Security labels as SQL.

use super::{SecurityLabel, SecurityLabelChange};
use crate::name::Ident;
use crate::object::ObjectId;
use crate::render::target::target;
use crate::sql;

/// `SECURITY LABEL ... IS`.
pub(crate) fn create(label: &SecurityLabel) -> Vec<String> {
    vec![set(&label.on, &label.provider, &sql::literal(&label.label))]
}

/// `SECURITY LABEL ... IS` another label.
pub(crate) fn alter(id: &ObjectId, change: &SecurityLabelChange) -> Vec<String> {
    match change {
        SecurityLabelChange::Label(label) => vec![set(id.subject(), id.own_name(), &sql::literal(label))],
    }
}

/// `SECURITY LABEL ... IS NULL`.
pub(crate) fn drop(id: &ObjectId) -> Vec<String> {
    vec![set(id.subject(), id.own_name(), "NULL")]
}

fn set(on: &ObjectId, provider: &Ident, label: &str) -> String {
    format!("SECURITY LABEL FOR {provider} ON {} IS {label}", target(on))
}
