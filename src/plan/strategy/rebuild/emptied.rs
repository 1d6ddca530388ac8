//! Tables that are made anew without their rows, while others refer to them.

use std::collections::BTreeSet;

use crate::object::constraint::{Constraint, ConstraintRule, ForeignKey};
use crate::object::{Kind, Object, ObjectId};
use crate::pair::Pair;
use crate::plan::Phase;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::not_null::data_check;
use crate::sql;

/// Fails while a row refers to one that goes, before anything goes: the foreign key could not come back.
pub(super) fn looked_for(members: &BTreeSet<ObjectId>, context: &Context) -> Recipe {
    let is_member = |table| members.contains(&ObjectId::named(Kind::Table, table));
    let Pair { live, desired } = context.schemas;
    members
        .iter()
        .filter(|id| live.contains(id))
        .filter_map(|id| match desired.get(id)? {
            Object::Constraint(constraint) => Some(constraint),
            _ => None,
        })
        .filter_map(|constraint| match &constraint.rule {
            ConstraintRule::ForeignKey(key) => Some((constraint, key)),
            _ => None,
        })
        .filter(|(constraint, key)| {
            is_member(&key.references) && !is_member(&constraint.table) && !constraint.not_enforced
        })
        .map(|(constraint, key)| look(constraint, key))
        .collect()
}

fn look(constraint: &Constraint, key: &ForeignKey) -> Draft {
    let refers = sql::join(
        key.columns.iter().map(|column| format!("{column} IS NOT NULL")),
        " AND ",
    );
    let problem = format!("refer to rows of {}, which is made anew without them", key.references);
    let query = format!("SELECT * FROM {} WHERE {refers}", constraint.table);
    Draft {
        phase: Phase::Contract,
        ..data_check(&constraint.table, problem, query)
    }
}
