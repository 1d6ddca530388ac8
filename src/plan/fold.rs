//! The schema after some steps, without a database.

use crate::operation::{EffectError, Operation};
use crate::plan::Step;
use crate::schema::Schema;

/// A step that cannot be applied to the schema before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("step {step} cannot be applied: {error}")]
pub struct FoldError {
    /// The step's id or title.
    pub step: String,
    /// Why.
    pub error: EffectError,
}

/// Applies operations one after the other.
pub fn apply(schema: &mut Schema, operations: &[Operation], step: &str) -> Result<(), FoldError> {
    for operation in operations {
        operation.apply(schema).map_err(|error| FoldError {
            step: step.to_string(),
            error,
        })?;
    }
    Ok(())
}

/// The schema after these steps.
pub fn fold<'a>(start: &Schema, steps: impl IntoIterator<Item = &'a Step>) -> Result<Schema, FoldError> {
    let mut schema = start.clone();
    for step in steps {
        apply(&mut schema, &step.operations, &step.id)?;
    }
    Ok(schema)
}
