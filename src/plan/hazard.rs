//! Named dangers that a reviewer has to approve.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::object::ObjectId;

/// The kind of a danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HazardKind {
    /// Data is deleted for good.
    DataLoss,
    /// The old shape of something goes for good; what replaces it holds the same values.
    OldShape,
    /// A table is rewritten while reads and writes wait.
    Rewrite,
    /// Reads or writes wait while a table is scanned or an index is built.
    BlockingScan,
    /// The old application may fail from this step on.
    BreaksOldApplication,
    /// Something is unprotected for a moment, or access changes.
    Access,
    /// A difference could not be decided and is treated as a change.
    Unsettled,
    /// The step cannot be undone, though it comes before contract.
    OneWay,
    /// Triggers of the application run for the rows that a backfill writes.
    FiresTriggers,
}

impl HazardKind {
    /// Every kind.
    pub const ALL: &'static [HazardKind] = &[
        Self::DataLoss,
        Self::OldShape,
        Self::Rewrite,
        Self::BlockingScan,
        Self::BreaksOldApplication,
        Self::Access,
        Self::Unsettled,
        Self::OneWay,
        Self::FiresTriggers,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::DataLoss => "data-loss",
            Self::OldShape => "old-shape",
            Self::Rewrite => "rewrite",
            Self::BlockingScan => "blocking-scan",
            Self::BreaksOldApplication => "breaks-old-application",
            Self::Access => "access",
            Self::Unsettled => "unsettled",
            Self::OneWay => "one-way",
            Self::FiresTriggers => "fires-triggers",
        }
    }

    /// What it means, one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::DataLoss => "Data is deleted, and no rollback brings it back; take a backup of what may be missed.",
            Self::OldShape => {
                "The old shape goes and cannot be taken back; no value is lost, the new shape holds the same ones."
            }
            Self::Rewrite => "Every row is written anew while reads and writes wait; the larger the table, the longer.",
            Self::BlockingScan => "Reads or writes wait while a table is read or an index is built.",
            Self::BreaksOldApplication => "An old application that still runs may fail from this step on.",
            Self::Access => "What roles may see or do changes, or something is unprotected for a moment.",
            Self::Unsettled => {
                "Whether the two definitions mean the same could not be decided, so it counts as a change."
            }
            Self::OneWay => "The step comes before contract, and cannot be undone.",
            Self::FiresTriggers => {
                "Triggers of the application run for the rows that a backfill writes, and what they do stays after a rollback."
            }
        }
    }
}

/// A named danger of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hazard {
    /// What kind of danger.
    pub kind: HazardKind,
    /// The object in danger.
    pub object: ObjectId,
    /// What happens, one sentence.
    pub explanation: String,
}

impl Hazard {
    /// The id by which it is approved: `data-loss:column public.users.email`.
    pub fn id(&self) -> String {
        format!("{}:{}", self.kind.word(), self.object)
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id(), self.explanation)
    }
}
