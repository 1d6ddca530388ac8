//! From two loaded sources to a pair that plain equality can compare, and to a plan.

use super::error::CliError;
use super::load::Loaded;
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::{Plan, make};
use crate::rename;
use crate::schema::Schema;

/// Two schemas that plain equality can compare.
pub(crate) struct Compared {
    /// The live schema as it is.
    pub(crate) start: Schema,
    /// The live schema under its declared new names.
    pub(crate) live: Schema,
    /// The desired schema.
    pub(crate) desired: Schema,
    /// Declared renames that are still to do.
    pub(crate) renames: Vec<Operation>,
}

impl Compared {
    pub(crate) fn pair(&self) -> Pair<&Schema> {
        Pair::new(&self.live, &self.desired)
    }
}
