//! Plans: what turns the live schema into the desired one, in four phases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::QualifiedName;
use crate::object::{Kind, ObjectId};

mod along;
pub mod background;
pub(crate) mod bodies;
mod called;
pub mod casts;
pub(crate) mod check;
pub mod context;
mod dangers;
mod deltas;
pub mod describe;
pub mod draft;
pub mod facts;
mod families;
pub mod file;
pub mod fold;
mod foreign_rows;
pub mod hazard;
mod held;
pub mod inverse;
mod lean;
mod lent;
pub mod locks;
pub mod make;
pub(crate) mod narrow;
mod newborn;
pub(crate) mod nulls;
pub(crate) mod old_names;
pub mod order;
mod paths;
pub mod reach;
pub mod refuse;
mod renames;
mod replica;
mod room;
pub mod space;
pub mod step;
pub mod strategy;
pub mod switch;
pub mod wishes;

pub use background::{Background, Size};
pub use facts::{Facts, Lock, LockMode};
pub use hazard::{Hazard, HazardKind};
pub(crate) use make::is_reached;
pub use make::make;
pub use reach::Reach;
pub use refuse::PlanError;
pub use step::{Class, Phase, Step};
pub use switch::Turn;
pub use wishes::Wishes;

/// The version of the plan format that this program writes.
pub const FORMAT_VERSION: &str = "1.1";

/// A phased plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of the format; a reader refuses a higher major version.
    pub format_version: String,
    /// Its name, such as `2026-11-20-users-full-name`.
    pub name: String,
    /// The major version of the server it was made for.
    pub server_version: u32,
    /// The live schema it starts from.
    pub baseline: Baseline,
    /// How long contract waits between its swaps and what takes the old shapes away, in seconds; none where nothing is swapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cool_down: Option<u64>,
    /// Steps in the order in which they run: phases in order, and inside a phase dependencies first.
    pub steps: Vec<Step>,
    /// Ids of approved hazards, or `all`.
    #[serde(default)]
    pub approvals: Vec<String>,
    /// What a reader should know and no step says: suggestions, notices, unsettled differences. One sentence each.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What only the review shows.
    #[serde(default)]
    pub background: Background,
}

/// What the live schema looked like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// See [`crate::schema::Schema::fingerprint`].
    pub fingerprint: String,
    /// See [`crate::schema::Schema::digests`].
    #[serde(default)]
    pub objects: BTreeMap<String, String>,
    /// Objects that others make and that the plan reaches; see [`crate::kept`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<ObjectId>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The tables that it concerns.
    pub fn tables(&self) -> impl Iterator<Item = QualifiedName> {
        let concerned = self.background.touched.iter().map(|object| object.id());
        concerned.filter(|id| id.kind == Kind::Table).map(|id| id.qualified())
    }

    /// The steps of a phase.
    pub fn phase(&self, phase: Phase) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.phase == phase)
    }

    /// Hazards that nobody has approved yet, with the step they belong to.
    pub fn unapproved(&self) -> impl Iterator<Item = (&Step, &Hazard)> {
        self.steps
            .iter()
            .flat_map(|step| step.hazards.iter().map(move |hazard| (step, hazard)))
            .filter(|(_, hazard)| {
                let id = hazard.id();
                !self
                    .approvals
                    .iter()
                    .any(|approval| *approval == "all" || *approval == id)
            })
    }
}
