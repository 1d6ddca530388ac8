//! Drafts: steps before they have a number, a proven order and measured facts.

use crate::operation::Operation;
use crate::plan::{Class, Hazard, HazardKind, Phase, Turn};

use crate::object::ObjectId;

/// A step as a strategy writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The earliest phase it may run in; it moves to a later one when something it needs is there.
    pub phase: Phase,
    /// How it runs.
    pub class: Class,
    /// Why it is done like this; empty when there is nothing to say.
    pub why: String,
    /// What it does, in one transaction where the class has one.
    pub operations: Vec<Operation>,
    /// Dangers that do not follow from locks and scans.
    pub hazards: Vec<Hazard>,
    /// Where it stands to a cool-down.
    pub turn: Turn,
    /// Columns that refuse nulls from this step on.
    pub proves_not_null: Vec<ObjectId>,
    /// Columns that must refuse nulls before it.
    pub needs_not_null: Vec<ObjectId>,
}

/// The ordered drafts that a strategy returns: each waits for the one before.
pub type Recipe = Vec<Draft>;

impl Draft {
    /// A step of one or more operations.
    pub fn new(phase: Phase, class: Class, operations: Vec<Operation>) -> Self {
        Self {
            phase,
            class,
            why: String::new(),
            operations,
            hazards: Vec::new(),
            turn: Turn::None,
            proves_not_null: Vec::new(),
            needs_not_null: Vec::new(),
        }
    }

    /// A short step under whatever lock it takes.
    pub fn instant(phase: Phase, operations: Vec<Operation>) -> Self {
        Self::new(phase, Class::Instant, operations)
    }

    /// Says why.
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// Says where it stands to a cool-down.
    pub fn at(mut self, turn: Turn) -> Self {
        self.turn = turn;
        self
    }

    /// Adds a danger.
    pub fn hazard(mut self, kind: HazardKind, object: &ObjectId, explanation: impl Into<String>) -> Self {
        self.hazards.push(Hazard {
            kind,
            object: object.clone(),
            explanation: explanation.into(),
        });
        self
    }
}
