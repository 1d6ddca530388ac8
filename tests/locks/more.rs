//! What no scenario reaches, and where the plan is more careful than what was seen.

/// Name, first major version, schema before, schema after.
pub(super) const MORE: &[(&str, u32, &str, &str)] = &[];

/// Caution that is known: a part of the step's title, a part of the disagreement, and the reason.
pub(super) const CAUTION: &[(&str, &str, &str)] = &[];
