//! A foreign key of a partitioned table before PostgreSQL 18, which is the first to take NOT VALID there.
//!
//! **The danger.** Added plainly, it scans every partition while writes of them and of the referenced table wait.
//!
//! | phase | step |
//! |---|---|
//! | validate | count orphans; on each partition that holds rows LOCK referenced, partition; ADD NOT VALID; VALIDATE |
//! | validate | LOCK referenced in ACCESS EXCLUSIVE, then the table; ADD CONSTRAINT, which makes parts of what the partitions have and looks at no row |
//!
//! **Not used** where the table references itself: in place, with approval.
//! **If it stops half-way**: partitions have the key already, and the next run goes on with the others. A partition that somebody else
//! makes meanwhile makes the plan stale; one that may come at any time (`partitions`) is looked through by the last step.

use crate::attach;
use crate::name::{Ident, QualifiedName, object_name};
use crate::object::constraint::{Constraint, ConstraintChange, ForeignKey, PartNames};
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::constraint::orphan_check;
use crate::plan::strategy::twin::proof;
use crate::plan::{Class, Phase};

/// Whether the key has to come by way of the partitions.
pub fn concerns(constraint: &Constraint, key: &ForeignKey, context: &Context) -> bool {
    context.is_partitioned(&constraint.table) && context.server_version < 18 && key.references != constraint.table
}

/// The key on each partition first, proved there, then on their parent.
pub fn recipe(constraint: &Constraint, key: &ForeignKey, context: &Context) -> Recipe {
    let mut recipe = vec![orphan_check(constraint, key, context)];
    let leaves = leaves(&constraint.table, context);
    for leaf in &leaves {
        recipe.extend(on_partition(constraint, leaf, context));
    }
    let (weak, strong) = ("SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE");
    let modes = match (leaves.is_empty(), context.is_partitioned(&key.references)) {
        (true, _) => (weak, weak),
        (false, false) => (strong, weak),
        // What each partition has for each partition of the referenced table goes.
        (false, true) => (strong, strong),
    };
    let lock = |table: &QualifiedName, mode: &str| Operation::Lock {
        tables: vec![table.clone()],
        mode: mode.into(),
    };
    let add = vec![
        lock(&key.references, modes.0),
        lock(&constraint.table, modes.1),
        Operation::create(constraint.clone()),
    ];
    recipe.push(Draft::instant(Phase::Validate, add).because(
        "The partitions have the key already and it is proved there, so no row is looked at; their triggers on the referenced table go, which takes the lock on it for a moment.",
    ));
    recipe
}

fn on_partition(parent: &Constraint, leaf: &QualifiedName, context: &Context) -> Recipe {
    let live = context.schemas.live;
    let alike = |own: &&Constraint| {
        let proved = Constraint {
            not_valid: false,
            ..(*own).clone()
        };
        attach::becomes_part(parent, &proved)
    };
    match live.constraints(leaf).find(alike) {
        Some(own) if own.not_valid => {
            let id = ObjectId::part(Kind::Constraint, leaf, &own.name);
            let validate = Operation::alter(id, ConstraintChange::Validate);
            vec![
                Draft::new(Phase::Validate, Class::Long, vec![validate])
                    .because("Reads and writes go on while existing rows are checked."),
            ]
        }
        Some(_) => Recipe::new(),
        None => {
            let own = Constraint {
                table: leaf.clone(),
                name: name_on(parent, leaf, context),
                missing: Vec::new(),
                parts: PartNames::default(),
                attached_to: None,
                ..parent.clone()
            };
            proof(
                own,
                "On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.",
            )
        }
    }
}

/// The name that PostgreSQL gives a partition's part: the parent's, or one of its own where that is taken.
pub(super) fn name_on(parent: &Constraint, partition: &QualifiedName, context: &Context) -> Ident {
    let taken = |name: &Ident| {
        let id = ObjectId::part(Kind::Constraint, partition, name);
        context.schemas.live.contains(&id) || context.schemas.desired.contains(&id)
    };
    let columns = match &parent.rule {
        crate::object::constraint::ConstraintRule::ForeignKey(key) => {
            key.columns.iter().map(Ident::as_str).collect::<Vec<_>>().join("_")
        }
        _ => String::new(),
    };
    let numbered = (0u32..).map(|number| {
        let label = match number {
            0 => "fkey".to_owned(),
            number => format!("fkey{number}"),
        };
        Ident::new(object_name(partition.name.as_str(), &columns, &label))
    });
    std::iter::once(parent.name.clone())
        .chain(numbered)
        .find(|name| !taken(name))
        .unwrap_or_else(|| parent.name.clone())
}

/// The partitions that hold rows, at every level.
fn leaves(table: &QualifiedName, context: &Context) -> Vec<QualifiedName> {
    let mut found = Vec::new();
    for heir in context.heirs(table) {
        if context.is_partitioned(heir) {
            found.extend(leaves(heir, context));
        } else if context.desired_table(heir).is_some_and(|heir| heir.foreign.is_none()) {
            found.push(heir.clone());
        }
    }
    found
}
