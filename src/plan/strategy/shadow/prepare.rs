//! What comes before contract: the shadow, its triggers, and the foreign keys to it.

use crate::expr::{Expr, SearchPath};
use crate::name::QualifiedName;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::{PartitionBound, PartitionOf, PartitionStrategy, Table};
use crate::object::{Kind, Object, ObjectId};
use crate::operation::Operation;
use crate::pair::Pair;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::new_table;
use crate::plan::strategy::twin::proof;
use crate::plan::{Class, Phase};

use super::{Scene, stand_in, sync};

/// The shadow and all below it, and then the triggers.
pub(super) fn expand(scene: &Scene) -> Recipe {
    let schemas = Pair::new(scene.context.schemas.live, &scene.schema);
    let context = Context::new(schemas, scene.context.server_version, scene.context.wishes);
    let below = stand_in::partitions(&scene.schema, &scene.shadow);
    let tables = std::iter::once(&scene.shadow).chain(&below);
    let mut recipe: Recipe = tables
        .filter_map(|name| scene.schema.table(name))
        .flat_map(|table| new_table::recipe(table, &context))
        .collect();
    recipe.extend(rest(scene).map(|rest| {
        Draft::instant(Phase::Expand, vec![Operation::create(rest)])
            .because("For rows that no partition takes, so that no write fails; contract asks for none to be left.")
    }));
    recipe.push(
        Draft::instant(Phase::Expand, sync::made(scene))
            .because("From here on every write of the table reaches the shadow as well."),
    );
    recipe
}

/// A default partition of ours where the files have none.
pub(super) fn rest(scene: &Scene) -> Option<Table> {
    let shadow = scene.schema.table(&scene.shadow)?;
    let key = shadow.partition_by.as_ref()?;
    let has_default = scene.schema.heirs(&scene.shadow).any(|heir| {
        heir.partition_of
            .as_ref()
            .is_some_and(|of| of.bound == PartitionBound::Default)
    });
    (key.strategy != PartitionStrategy::Hash && !has_default).then(|| Table {
        name: scene.helper("rest"),
        partition_by: None,
        partition_of: Some(PartitionOf {
            parent: scene.shadow.clone(),
            bound: PartitionBound::Default,
            detach_pending: false,
        }),
        ..shadow.clone()
    })
}

/// Fails where rows would be lost with the partition that is ours.
pub(super) fn empty(rest: &QualifiedName) -> Operation {
    Operation::Check {
        table: rest.clone(),
        problem: "have no other partition to go to".into(),
        query: Expr::under(format!("SELECT * FROM {rest}"), &SearchPath::default()),
        shown: vec![],
    }
}

/// The same, told before contract.
pub(super) fn covered(scene: &Scene) -> Option<Draft> {
    let rest = rest(scene)?;
    Some(
        Draft::new(Phase::Validate, Class::Check, vec![empty(&rest.name)])
            .because("Contract asks again, under its lock."),
    )
}

/// Foreign keys of other tables, over the shadow.
pub(super) fn foreign_keys(scene: &Scene) -> Recipe {
    let names = stand_in::renamed_parts(&scene.live.name, &scene.shadow, scene.context);
    scene
        .incoming()
        .into_iter()
        .filter_map(|key| {
            let id = ObjectId::part(Kind::Constraint, &key.table, &key.name);
            let name = names.iter().find(|(part, _)| *part == id).map(|(_, name)| name);
            match scene.schema.get(&id.with_own_name(name.unwrap_or(&key.name)))? {
                Object::Constraint(stand_in) if matches!(stand_in.rule, ConstraintRule::ForeignKey(_)) => {
                    Some(stand_in.clone())
                }
                _ => None,
            }
        })
        // Rows reach the shadow by a trigger, so they are looked for at the end of the transaction.
        .map(|key| Constraint {
            deferrable: true,
            initially_deferred: true,
            ..key
        })
        .flat_map(|key| proof(key, "It takes the name of the old one in the end."))
        .collect()
}
