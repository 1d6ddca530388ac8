//! Foreign data wrappers as SQL.

use super::{ForeignDataWrapper, ForeignDataWrapperChange};
use crate::name::QualifiedName;
use crate::object::ObjectId;
use crate::object::server::options::definition;

/// `CREATE FOREIGN DATA WRAPPER`.
pub(crate) fn create(wrapper: &ForeignDataWrapper) -> Vec<String> {
    let function = |word: &str, function: &Option<QualifiedName>| {
        function
            .as_ref()
            .map_or_else(String::new, |name| format!(" {word} {name}"))
    };
    vec![format!(
        "CREATE FOREIGN DATA WRAPPER {}{}{}{}",
        wrapper.name,
        function("HANDLER", &wrapper.handler),
        function("VALIDATOR", &wrapper.validator),
        definition(&wrapper.options)
    )]
}

/// `ALTER FOREIGN DATA WRAPPER`.
pub(crate) fn alter(id: &ObjectId, change: &ForeignDataWrapperChange) -> Vec<String> {
    let function = |word: &str, function: &Option<QualifiedName>| match function {
        Some(name) => format!("{word} {name}"),
        None => format!("NO {word}"),
    };
    let what = match change {
        ForeignDataWrapperChange::Handler(handler) => function("HANDLER", handler),
        ForeignDataWrapperChange::Validator(validator, None) => function("VALIDATOR", validator),
        ForeignDataWrapperChange::Validator(validator, Some(changes)) => {
            format!("{} {}", function("VALIDATOR", validator), changes.sql())
        }
        ForeignDataWrapperChange::Options(changes) => changes.sql(),
    };
    vec![format!("ALTER FOREIGN DATA WRAPPER {} {what}", id.name)]
}
