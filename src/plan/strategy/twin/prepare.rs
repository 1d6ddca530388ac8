//! What comes before contract: the twins, the copy, and the proof.

use crate::expr::Expr;
use crate::name::{Ident, QualifiedName};
use crate::object::column::{Column, ColumnChange};
use crate::object::constraint::{Constraint, ConstraintChange, ConstraintRule};
use crate::object::index::Index;
use crate::object::{Kind, Object, ObjectId};
use crate::operation::{IfExists, Operation};
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::constraint::{duplicate_check, orphan_check, query_check};
use crate::plan::strategy::drop_object::lock_both;
use crate::plan::strategy::index::duplicate_check as index_duplicates;
use crate::plan::strategy::not_null::{self, data_check, helper_name};
use crate::plan::strategy::satellites;
use crate::plan::{Class, Phase};

use super::convert::Way;
use super::part::{self, Part};
use super::{Scene, Twin, anew, domain, label, partitioned, sign, sync};

/// Twins with their triggers, and the indexes that can be built at once.
pub(super) fn expand(scene: &Scene) -> Recipe {
    let mut recipe = anew::made(scene);
    recipe.extend(scene.tables().iter().map(|(table, twins)| begin(table, twins, scene)));
    let children = partitioned::Children::of(scene);
    for part in part::wanted(scene) {
        if let Object::Index(index) = &part.stand_in {
            if part::is_early(index, part.proved, scene) {
                recipe.extend(children.build(&part, index, Phase::Expand));
            }
        }
    }
    recipe
}

/// The columns and the trigger of one table, together: a column without its trigger would miss writes.
fn begin(table: &QualifiedName, twins: &[&Twin], scene: &Scene) -> Draft {
    let mut operations = Vec::new();
    for twin in twins {
        if twin.live.not_null && !twin.desired.not_null {
            operations.push(Operation::alter(twin.before_id(), ColumnChange::NotNull(false)));
        }
        operations.extend(label::default_of_both(twin));
        let bare = Column {
            name: twin.name.clone(),
            default: None,
            not_null: false,
            identity: None,
            type_name: twin.meanwhile.clone(),
            ..twin.desired.clone()
        };
        operations.push(Operation::create(bare));
        // Set apart from ADD COLUMN, so that rows from before are null until they are copied.
        operations.extend(
            twin.default()
                .map(|default| Operation::alter(twin.id(), ColumnChange::Default(Some(default)))),
        );
        if twin.both_ways() {
            operations.extend(twin.after_ids().flat_map(|id| satellites(&id, scene.context)));
        }
    }
    operations.extend(sign::create(table, twins));
    operations.push(Operation::create(sync::function(table, twins)));
    operations.extend(sync::triggers(table, twins).into_iter().map(Operation::create));
    let why = if twins.iter().all(|twin| twin.both_ways()) {
        "Whichever of the two columns an application writes, the trigger writes the other one."
    } else {
        "The trigger gives the twin what is written to the column."
    };
    Draft::instant(Phase::Expand, operations).because(why)
}

/// The copy of what was there before.
pub(super) fn backfill(scene: &Scene) -> Recipe {
    scene
        .twins
        .iter()
        .map(|twin| {
            let copy = Operation::Backfill {
                table: twin.table.clone(),
                set: vec![(twin.name.clone(), over(twin, twin.forth.value(&twin.before)))],
                condition: over(
                    twin,
                    format!(
                        "{} AND {}",
                        twin.nulls.none(&twin.name.to_string()),
                        twin.nulls.some(&value_of(twin))
                    ),
                ),
            };
            Draft::new(Phase::Backfill, Class::Backfill, vec![copy])
                .because("Rows from before the trigger get their value in batches.")
        })
        .collect()
}

/// The value of the twin as an operand.
fn value_of(twin: &Twin) -> String {
    match &twin.forth {
        Way::Expr(expr) => format!("({})", expr.text),
        _ => twin.before.to_string(),
    }
}

/// What must be null where the twin is.
fn source_of(twin: &Twin) -> String {
    twin.labels()
        .map_or_else(|| value_of(twin), |labels| labels.source.clone())
}

fn over(twin: &Twin, text: String) -> Expr {
    Expr::under(text, &twin.forth.path())
}

/// The proof that every row is copied, and the twin's own constraints.
pub(super) fn validate(scene: &Scene) -> Recipe {
    let mut recipe = Recipe::new();
    for twin in scene.twins {
        recipe.extend(copied(twin));
    }
    recipe.extend(domain::refusals(scene));
    for part in part::wanted(scene) {
        recipe.extend(stand_in(&part, scene));
    }
    for twin in scene.twins.iter().filter(|twin| twin.desired.not_null) {
        recipe.extend(not_null(twin));
    }
    recipe
}

/// Asks for rows in which both columns do not hold the same.
pub(super) fn compare(twin: &Twin) -> Operation {
    let (table, name) = (&twin.table, &twin.name);
    let differs = format!(
        "SELECT * FROM {table} WHERE {}",
        sync::differ(&name.to_string(), &format!("({})::{}", value_of(twin), twin.meanwhile))
    );
    Operation::Check {
        table: table.clone(),
        problem: format!("hold another value in {name} than in {}", twin.before),
        query: over(twin, differs),
        shown: vec![],
    }
}

/// Both columns hold the same by now.
pub(super) fn compared(twin: &Twin) -> Draft {
    Draft::new(Phase::Validate, Class::Check, vec![compare(twin)]).because("Asked before any lock is taken.")
}

/// Both columns hold the same, and it stays so.
fn copied(twin: &Twin) -> Recipe {
    let (table, name) = (&twin.table, &twin.name);
    let helper = Ident::new(helper_name(twin.before.as_str(), "copied"));
    let rule = ConstraintRule::Check {
        expr: over(
            twin,
            format!(
                "{} OR {}",
                twin.nulls.some(&name.to_string()),
                twin.nulls.none(&source_of(twin))
            ),
        ),
        no_inherit: false,
    };
    let mut recipe = label::unknown(twin);
    recipe.push(compared(twin));
    recipe.extend(proof(
        Constraint::new(table, &helper, rule),
        "The proof that every row is copied.",
    ));
    recipe
}

/// A constraint added NOT VALID and validated apart.
pub(in crate::plan::strategy) fn proof(constraint: Constraint, why: &str) -> Recipe {
    let id = ObjectId::part(Kind::Constraint, &constraint.table, &constraint.name);
    let unchecked = Constraint {
        not_valid: !constraint.not_enforced,
        ..constraint.clone()
    };
    let add = lock_both(&constraint, "SHARE ROW EXCLUSIVE", Operation::create(unchecked));
    let add = Draft::instant(Phase::Validate, add).because(why);
    if constraint.not_valid || constraint.not_enforced {
        return vec![add];
    }
    let validate = Operation::alter(id, ConstraintChange::Validate);
    vec![
        add,
        Draft::new(Phase::Validate, Class::Long, vec![validate])
            .because("Apart from ADD, so that reads and writes go on while existing rows are checked."),
    ]
}

/// What stands for a part over the twin, checked first where the live database has nothing like it.
fn stand_in(part: &Part, scene: &Scene) -> Recipe {
    match &part.stand_in {
        Object::Index(index) => {
            if part::is_early(index, part.proved, scene) {
                return Recipe::new();
            }
            let mut recipe = Recipe::new();
            if let (Object::Constraint(wanted), false) = (part::over_twins(part.wanted, scene.twins), part.proved) {
                recipe.extend(wanted.key().map(|key| duplicate_check(&wanted, key)));
            }
            if let (Object::Index(wanted), true, false) = (part.wanted, index.unique, part.proved) {
                recipe.extend(index_duplicates(&Index {
                    keys: index.keys.clone(),
                    predicate: index.predicate.clone(),
                    ..wanted.clone()
                }));
            }
            recipe.extend(partitioned::Children::of(scene).build(part, index, Phase::Validate));
            recipe
        }
        Object::Constraint(constraint) => {
            let mut recipe = Recipe::new();
            match &constraint.rule {
                ConstraintRule::Check { expr, .. } if !part.proved => {
                    let query = format!("SELECT * FROM {} WHERE NOT ({})", constraint.table, expr.text);
                    recipe.push(query_check(
                        constraint,
                        format!("violate {}", part.id.own_name()),
                        query,
                        expr,
                    ));
                }
                ConstraintRule::ForeignKey(key) if !part.proved => {
                    recipe.push(orphan_check(constraint, key, scene.context));
                }
                _ => {}
            }
            if partitioned::is_late(constraint, scene.context) {
                return recipe;
            }
            recipe.extend(proof(
                constraint.clone(),
                "The twin's own; it takes the name of the old one in the end.",
            ));
            recipe
        }
        other => vec![Draft::instant(Phase::Validate, vec![Operation::create(other.clone())])],
    }
}

pub(super) fn build(index: &Index, phase: Phase) -> Draft {
    let create = Operation::Create {
        object: index.clone().into(),
        if_exists: IfExists::Fail,
        concurrently: true,
        like: false,
    };
    Draft::new(phase, Class::Concurrent, vec![create]).because("Reads and writes go on while it is built.")
}

/// Under its final name the twin refuses nulls at once; under a name of ours the proof waits for the swap, so that
/// PostgreSQL names what it makes after the column.
fn not_null(twin: &Twin) -> Recipe {
    if twin.both_ways() {
        return not_null::prove(&twin.table, &twin.name, twin.nulls);
    }
    let check = data_check(
        &twin.table,
        format!("hold a null in {}", twin.name),
        format!(
            "SELECT * FROM {} WHERE {}",
            twin.table,
            twin.nulls.none(&twin.name.to_string())
        ),
    );
    let mut recipe = vec![check];
    recipe.extend(proof(null_proof(twin), "It proves later that no row holds a null."));
    recipe
}

/// The check that proves the twin not null.
pub(super) fn null_proof(twin: &Twin) -> Constraint {
    let name = Ident::new(not_null::proof_name(&twin.after));
    let rule = ConstraintRule::Check {
        expr: Expr::new(twin.nulls.some(&twin.name.to_string())),
        no_inherit: false,
    };
    Constraint::new(&twin.table, &name, rule)
}
