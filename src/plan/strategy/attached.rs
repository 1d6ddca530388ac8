//! What a table is given before it is attached, so that ATTACH PARTITION has nothing left to do under its lock.
//!
//! **The danger.** ATTACH holds ACCESS EXCLUSIVE on the table while it looks at every row and builds what the table lacks of its
//! parent's indexes.
//!
//! | phase | step |
//! |---|---|
//! | expand | the parent's indexes, CONCURRENTLY |
//! | validate | rows that do not belong there are asked for; a check that says what the bound says, NOT VALID, VALIDATE; then ATTACH, and the check goes in the same transaction |
//!
//! **Not used** where the bound is over expressions or several columns, of a hash, or DEFAULT: PostgreSQL would not take the check for
//! a proof. Keys that the table lacks are built by ATTACH.
//! **If it stops half-way**: indexes and the check can be dropped.

use crate::attach;
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::index::{Index, KeyExpr};
use crate::object::table::{PartitionBound, PartitionOf, PartitionStrategy};
use crate::object::{Definition, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::locks::belongs;
use crate::plan::strategy::constraint::query_check;
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::twin::proof;
use crate::plan::{Class, Phase};
use crate::sql;

/// What comes before, and the check that goes with ATTACH.
pub fn before(table: &QualifiedName, of: &PartitionOf, context: &Context) -> (Recipe, Option<ObjectId>) {
    let mut recipe = indexes(table, &of.parent, context);
    let check = bound_check(table, of, context);
    let id = check.as_ref().map(Definition::id);
    let why = "It proves that the rows belong there, so that ATTACH does not look at them under its lock.";
    if let Some(check) = check {
        if let ConstraintRule::Check { expr, .. } = &check.rule {
            let problem = format!("lie outside the partition of {}", of.parent);
            let query = format!("SELECT * FROM {table} WHERE NOT ({})", expr.text);
            recipe.push(query_check(&check, problem, query, expr));
        }
        recipe.extend(proof(check, why));
    }
    (recipe, id)
}

/// The parent's indexes that neither the live nor the desired table has.
fn indexes(table: &QualifiedName, parent: &QualifiedName, context: &Context) -> Recipe {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let lacking = live
        .indexes(parent)
        .filter(|above| desired.get(&above.id()) == Some(&Object::from((*above).clone())))
        .filter(|above| {
            [live, desired]
                .into_iter()
                .all(|schema| !attach::has_index(schema, table, above))
        });
    let made = lacking.map(|above| Index {
        name: QualifiedName {
            namespace: table.namespace.clone(),
            name: context.free_relation_name(table, &above.name_part(), "idx"),
        },
        table: table.clone(),
        attached_to: None,
        clustered: false,
        ..above.clone()
    });
    made.map(|index| {
        let phase = if index.unique { Phase::Validate } else { Phase::Expand };
        let create = Operation::Create {
            object: index.into(),
            if_exists: IfExists::Fail,
            concurrently: true,
            like: false,
        };
        Draft::new(phase, Class::Concurrent, vec![create])
            .because("Reads and writes go on while it is built; ATTACH would build it under its lock.")
    })
    .collect()
}

/// The check that proves where the rows of a table belong; none where the table has one, or PostgreSQL would not take it.
fn bound_check(table: &QualifiedName, of: &PartitionOf, context: &Context) -> Option<Constraint> {
    let live = context.schemas.live;
    if belongs(table, of, live) {
        return None;
    }
    let key = live.table(&of.parent)?.partition_by.as_ref()?;
    let [part] = key.keys.as_slice() else { return None };
    let KeyExpr::Column(column) = &part.key else {
        return None;
    };
    let mut terms = vec![format!("{column} IS NOT NULL")];
    match (&of.bound, key.strategy) {
        (PartitionBound::Range { from, to }, PartitionStrategy::Range) => {
            for (ends, operator) in [(from, ">="), (to, "<")] {
                let [end] = ends.as_slice() else { return None };
                if !["MINVALUE", "MAXVALUE"].contains(&end.text.to_ascii_uppercase().as_str()) {
                    terms.push(format!("{column} {operator} {}", end.text));
                }
            }
        }
        (PartitionBound::List(values), PartitionStrategy::List) => {
            if values.iter().any(|value| value.text.eq_ignore_ascii_case("null")) {
                return None;
            }
            terms.push(format!(
                "{column} IN ({})",
                sql::list(values.iter().map(|value| &value.text))
            ));
        }
        _ => return None,
    }
    let rule = ConstraintRule::Check {
        expr: Expr::new(terms.join(" AND ")),
        no_inherit: false,
    };
    let name = Ident::new(helper_name(table.name.as_str(), "bound"));
    Some(Constraint::new(table, &name, rule))
}
