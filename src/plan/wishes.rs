//! What the user has said about how a change is made.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::expr::Expr;
use crate::object::{Kind, ObjectId};
use crate::parse::MovedFrom;

/// What the policy and the annotations of the files say; by default everything is done online.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wishes {
    /// Every change is made in place.
    pub all_in_place: bool,
    /// Tables and columns that are changed in place.
    pub in_place: BTreeSet<ObjectId>,
    /// Objects whose steps would wait for each other: those that are made anew among them go and come with what they wait for.
    pub tied: BTreeSet<ObjectId>,
    /// Steps that wait for each other become one.
    pub fused: bool,
    /// How long contract keeps old shapes behind a swap; none: they go with it.
    pub cool_down: Option<Duration>,
    /// `@using`: the new value of a column, over the column as it is.
    pub using: BTreeMap<ObjectId, Expr>,
    /// `@backfill`: the value of a column for the rows that have none.
    pub backfill: BTreeMap<ObjectId, Expr>,
    /// `@moved_from`: the column of another table that a column takes the values of.
    pub moved: BTreeMap<ObjectId, MovedFrom>,
    /// `@reverse`: the old value of a column, over the column as it shall be.
    pub reverse: BTreeMap<ObjectId, Expr>,
}

impl Wishes {
    /// Whether a column shall be changed in place.
    pub fn in_place(&self, column: &ObjectId) -> bool {
        self.all_in_place
            || self.in_place.contains(column)
            || self
                .in_place
                .contains(&ObjectId::named(Kind::Table, &column.qualified()))
    }
}
