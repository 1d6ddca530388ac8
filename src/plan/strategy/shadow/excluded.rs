//! Rows that a new exclusion constraint would refuse, told before the shadow is made: while it is filled, the first such row would stop
//! the copy, and a write of it would fail.

use crate::expr::Expr;
use crate::expr::SearchPath;
use crate::name::{Ident, QualifiedName};
use crate::object::constraint::{Constraint, ConstraintRule, Exclusion};
use crate::object::index::{Index, KeyExpr};
use crate::operation::{IfExists, Operation};
use crate::plan::draft::{Draft, Recipe};
use crate::plan::strategy::not_null::helper_name;
use crate::plan::{Class, Phase};

use super::Scene;

/// Whether the constraint excludes rows that the live table may hold.
pub(super) fn is_new(constraint: &Constraint, scene: &Scene) -> bool {
    let mut live = scene.context.schemas.live.constraints(&scene.live.name);
    matches!(constraint.rule, ConstraintRule::Exclude(_)) && !live.any(|have| have.rule == constraint.rule)
}

/// For each new exclusion constraint an index of the same kind, and the question that it answers.
pub(super) fn looked_for(scene: &Scene) -> Recipe {
    let desired = scene.context.schemas.desired;
    desired
        .constraints(&scene.live.name)
        .filter(|constraint| is_new(constraint, scene))
        .filter_map(|constraint| match &constraint.rule {
            ConstraintRule::Exclude(exclusion) => {
                Some([index(constraint, exclusion), check(scene, constraint, exclusion)])
            }
            _ => None,
        })
        .flatten()
        .collect()
}

fn index(constraint: &Constraint, exclusion: &Exclusion) -> Draft {
    let index = Index {
        name: QualifiedName {
            namespace: constraint.table.namespace.clone(),
            name: Ident::new(helper_name(constraint.name.as_str(), "look")),
        },
        table: constraint.table.clone(),
        unique: false,
        nulls_not_distinct: false,
        method: exclusion.method.clone(),
        keys: exclusion.elements.iter().map(|element| element.key.clone()).collect(),
        include: Vec::new(),
        predicate: exclusion.predicate.clone(),
        options: exclusion.options.clone(),
        tablespace: exclusion.tablespace.clone(),
        attached_to: None,
        invalid: false,
        clustered: false,
    };
    let create = Operation::Create {
        object: index.into(),
        if_exists: IfExists::Fail,
        concurrently: true,
        like: false,
    };
    Draft::new(Phase::Validate, Class::Concurrent, vec![create]).because(
        "With it the rows that break the rule are found without comparing all with all; it goes with the old table.",
    )
}

fn check(scene: &Scene, constraint: &Constraint, exclusion: &Exclusion) -> Draft {
    let mut path = SearchPath::default();
    let mut values = Vec::new();
    let mut conflict = Vec::new();
    for (at, element) in exclusion.elements.iter().enumerate() {
        let value = match &element.key.key {
            KeyExpr::Column(name) => name.to_string(),
            KeyExpr::Expr(expr) => {
                path.clone_from(&expr.path);
                format!("({})", expr.text)
            }
        };
        let name = format!("pgphase_{}", at + 1);
        values.push(format!("{value} AS {name}"));
        let operator = &element.operator;
        conflict.push(format!("pgphase_one.{name} {operator} pgphase_other.{name}"));
    }
    let only = exclusion.predicate.as_ref().map(|predicate| {
        path.clone_from(&predicate.path);
        format!(" WHERE {}", predicate.text)
    });
    let key: Vec<String> = scene.key.iter().map(Ident::to_string).collect();
    let own = |side: &str| -> String {
        let names: Vec<String> = key.iter().map(|name| format!("{side}.{name}")).collect();
        format!("ROW({})", names.join(", "))
    };
    let rows = format!(
        "(SELECT *, {} FROM {}{})",
        values.join(", "),
        scene.live.name,
        only.unwrap_or_default()
    );
    let query = format!(
        "SELECT {} FROM {rows} AS pgphase_one WHERE EXISTS (SELECT FROM {rows} AS pgphase_other WHERE {} AND {} <> {})",
        key.iter()
            .map(|name| format!("pgphase_one.{name}"))
            .collect::<Vec<_>>()
            .join(", "),
        conflict.join(" AND "),
        own("pgphase_one"),
        own("pgphase_other"),
    );
    let look = Operation::Check {
        table: scene.live.name.clone(),
        problem: format!("conflict with another row by {}", constraint.name),
        query: Expr::under(query, &path),
        shown: scene.key.clone(),
    };
    Draft::new(Phase::Validate, Class::Check, vec![look]).because(
        "From the shadow on, a write that breaks the rule fails, whichever application makes it: it runs when none does any more.",
    )
}
