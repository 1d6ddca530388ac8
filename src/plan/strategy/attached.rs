//! What a table is given before it is attached, so that ATTACH PARTITION has nothing left to do under its lock.
//!
//! **The danger.** ATTACH holds ACCESS EXCLUSIVE on the table while it looks at every row and builds what the table lacks of its
//! parent's indexes.
//!
//! | phase | step |
//! |---|---|
//! | expand | the parent's indexes, CONCURRENTLY |
//! | validate | the parent's keys (unique index CONCURRENTLY, USING INDEX) and foreign keys (NOT VALID, VALIDATE) |
//! | validate | rows that do not belong there are asked for; a check that says what the bound says, NOT VALID, VALIDATE |
//! | validate | beside a default partition: its rows that belong to the new one are asked for; a check of it that keeps them out, NOT VALID, VALIDATE |
//! | validate | ATTACH, and the checks go in the same transaction |
//!
//! **Not used** where the partition key takes a collation or an operator class that is not the column's own, and for a hash over texts or
//! expressions: PostgreSQL would not take the check for a proof.
//! **If it stops half-way**: indexes, keys and checks can be dropped; the check of a default partition refuses rows as long as it is there.

use crate::attach;
use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule, PartNames};
use crate::object::index::Index;
use crate::object::table::{PartitionBound, PartitionOf};
use crate::object::{Definition, Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::locks::{belongs, keeps_out};
use crate::plan::strategy::constraint::{self, query_check};
use crate::plan::strategy::not_null::helper_name;
use crate::plan::strategy::twin::proof;
use crate::plan::strategy::{detach, foreign_key};
use crate::plan::{Class, HazardKind, Phase};

/// What makes ATTACH short.
#[derive(Default)]
pub struct Ready {
    /// Steps before it.
    pub before: Recipe,
    /// Locks that its own transaction begins with.
    pub locks: Vec<Operation>,
    /// Checks that go in its transaction.
    pub proofs: Vec<ObjectId>,
}

/// What comes before ATTACH of a table that is there.
pub fn before(table: &QualifiedName, of: &PartitionOf, context: &Context) -> Ready {
    let mut before = indexes(table, &of.parent, context);
    before.extend(keys(table, &of.parent, context));
    let mut ready = foreign_keys(table, &of.parent, context);
    before.append(&mut ready.before);
    let check = bound_check(table, of, context);
    ready.proofs.extend(check.as_ref().map(Definition::id));
    let why = "It proves that the rows belong there, so that ATTACH does not look at them under its lock.";
    if let Some(check) = check {
        if let ConstraintRule::Check { expr, .. } = &check.rule {
            let problem = format!("lie outside the partition of {}", of.parent);
            let query = format!("SELECT * FROM {table} WHERE NOT ({})", expr.text);
            before.push(query_check(&check, problem, query, expr));
        }
        before.extend(proof(check, why));
    }
    if let Some((apart, id)) = beside_default(table, of, context) {
        before.extend(apart);
        ready.proofs.push(id);
    }
    ready.before = before;
    ready
}

/// A check of the default partition that keeps the rows of another one out of it, so that it is not searched for them under a lock;
/// none where there is no default partition, it has such a check, or PostgreSQL would not take one.
pub fn beside_default(table: &QualifiedName, of: &PartitionOf, context: &Context) -> Option<(Recipe, ObjectId)> {
    let live = context.schemas.live;
    let default = live.heirs(&of.parent).find(|heir| {
        let bound = heir.partition_of.as_ref().map(|of| &of.bound);
        bound == Some(&PartitionBound::Default) && heir.foreign.is_none() && heir.name != *table
    })?;
    let stays = context.schemas.desired.table(&default.name)?;
    if stays.partition_of != default.partition_of || keeps_out(&default.name, of, live) {
        return None;
    }
    let condition = attach::own_condition(live, table, of).filter(|_| of.bound != PartitionBound::Default)?;
    let name = Ident::new(helper_name(table.name.as_str(), "apart"));
    let rule = ConstraintRule::Check {
        expr: Expr::under(format!("NOT ({})", condition.text), &condition.path),
        no_inherit: false,
    };
    let check = Constraint::new(&default.name, &name, rule);
    let id = check.id();
    let problem =
        format!("belong to {table}, which becomes a partition (take them out, and put them back when it is one)");
    let query = format!("SELECT * FROM {} WHERE {}", default.name, condition.text);
    let mut recipe = vec![query_check(&check, problem, query, &condition)];
    let why = "It proves that no row of the default partition belongs to the new one, so that it is not searched under a lock.";
    recipe.extend(proof(check, why));
    if let Some(add) = recipe.get_mut(1) {
        *add = add.clone().hazard(
            HazardKind::BreaksOldApplication,
            &ObjectId::named(Kind::Table, &default.name),
            format!(
                "Rows that belong to {table} are refused by {} from here until {table} is its partition.",
                of.parent
            ),
        );
    }
    Some((recipe, id))
}

/// The parent's keys that neither the live nor the desired table has.
fn keys(table: &QualifiedName, parent: &QualifiedName, context: &Context) -> Recipe {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let has = attach::constraints_apart(live, table);
    let has_primary = has.iter().chain(desired.constraints(table)).any(is_primary);
    live.constraints(parent)
        .filter(|above| above.has_index() && above.key().is_some() && above.missing.is_empty())
        .filter(|above| desired.get(&above.id()) == Some(&Object::from((*above).clone())))
        .filter(|above| {
            let mut own = has.iter().chain(desired.constraints(table));
            let is_there = own.any(|own| attach::same_rule(&above.rule, &own.rule));
            !(is_there || is_primary(above) && has_primary)
        })
        .flat_map(|above| {
            let (middle, label) = attach::name_parts(&above.rule).unwrap_or_default();
            let own = Constraint {
                table: table.clone(),
                name: context.free_relation_name(table, &middle, label),
                attached_to: None,
                parts: PartNames::default(),
                ..above.clone()
            };
            constraint::add(&own, context)
        })
        .collect()
}

fn is_primary(constraint: &Constraint) -> bool {
    matches!(constraint.rule, ConstraintRule::PrimaryKey(_))
}

/// The parent's foreign keys that neither the live nor the desired table has, and the locks that ATTACH takes on what they reference:
/// those of the table's rows come to belong to the parent's.
fn foreign_keys(table: &QualifiedName, parent: &QualifiedName, context: &Context) -> Ready {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    let mut ready = Ready::default();
    let mut has = attach::constraints_apart(live, table);
    has.retain(|own| live.contains(&own.id()) || !detach::is_lost(own, context));
    for above in live.constraints(parent) {
        let ConstraintRule::ForeignKey(key) = &above.rule else {
            continue;
        };
        let same = |own: &Constraint| attach::same_rule(&above.rule, &own.rule);
        let stays = desired.get(&above.id()) == Some(&Object::from(above.clone()));
        if above.not_valid
            || !stays
            || desired.constraints(table).any(same)
            || key.references == *parent
            || key.references == *table
        {
            continue;
        }
        if !has.iter().any(same) {
            let own = Constraint {
                table: table.clone(),
                name: foreign_key::name_on(above, table, context),
                attached_to: None,
                parts: PartNames::default(),
                ..above.clone()
            };
            ready.before.extend(constraint::add(&own, context));
        }
        ready.locks.push(Operation::Lock {
            tables: vec![key.references.clone()],
            mode: "ACCESS EXCLUSIVE".into(),
        });
    }
    ready
}

/// The parent's indexes that neither the live nor the desired table has.
fn indexes(table: &QualifiedName, parent: &QualifiedName, context: &Context) -> Recipe {
    let (live, desired) = (context.schemas.live, context.schemas.desired);
    // PostgreSQL builds no index of a partitioned table concurrently; ATTACH does it then.
    if live.table(table).is_some_and(|table| table.partition_by.is_some()) {
        return Recipe::new();
    }
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
    let expr = attach::bound_condition(live, table, of).filter(|_| !belongs(table, of, live))?;
    let rule = ConstraintRule::Check {
        expr,
        no_inherit: false,
    };
    let name = Ident::new(helper_name(table.name.as_str(), "bound"));
    Some(Constraint::new(table, &name, rule))
}
