//! What no scenario reaches, and where the plan is more careful than what was seen.

/// Name, first major version, schema before, schema after.
pub(super) const MORE: &[(&str, u32, &str, &str)] = &[];

/// Caution that is known: a part of the step's title, a part of the disagreement, and the reason.
pub(super) const CAUTION: &[(&str, &str, &str)] = &[
    (
        "reference no row of",
        "says that the step scans it",
        "the planner may look keys up in the index of the referenced table where there are few",
    ),
    (
        "validate constraint",
        "says that the step scans it",
        "the planner may look keys up in the index of the referenced table where there are few",
    ),
    (
        "by_day_total_idx concurrently",
        "and no lock was seen",
        "nobody can hold up a build on a materialized view, and it is over too soon to be seen",
    ),
    (
        "detach table",
        "says that the step scans it",
        "whether rows reference the partition is found by a join, and the planner may look one side up by its index",
    ),
    (
        "check that no rows of",
        "says that the step scans it",
        "the planner may answer from an index, or from the condition itself where that is constant",
    ),
];
