//! Access methods as SQL.

use super::{AccessMethod, Purpose};

/// `CREATE ACCESS METHOD`.
pub(crate) fn create(method: &AccessMethod) -> Vec<String> {
    let purpose = match method.purpose {
        Purpose::Index => "INDEX",
        Purpose::Table => "TABLE",
    };
    vec![format!(
        "CREATE ACCESS METHOD {} TYPE {purpose} HANDLER {}",
        method.name, method.handler
    )]
}
