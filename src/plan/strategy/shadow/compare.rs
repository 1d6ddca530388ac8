//! The proof that the shadow holds what the table holds.

use crate::expr::{Expr, SearchPath};
use crate::name::Ident;
use crate::operation::Operation;
use crate::plan::draft::Draft;
use crate::plan::strategy::twin::differ;
use crate::plan::{Class, Phase};

use super::Scene;

/// No row that one of the two lacks, or holds with other values; asked in one statement, which sees both at one moment.
pub(super) fn same_rows(scene: &Scene) -> Draft {
    let there = scene.columns.iter().map(|name| format!("pgphase_there.{name}"));
    let there: Vec<String> = there.collect();
    let here: Vec<String> = scene.columns.iter().map(|name| old_value(name, scene)).collect();
    let same: Vec<String> = scene
        .key
        .iter()
        .map(|name| format!("pgphase_here.{name} = pgphase_there.{name}"))
        .collect();
    let first = scene.key.first().map(Ident::to_string).unwrap_or_default();
    let (table, shadow) = (&scene.live.name, &scene.shadow);
    let known = scene.key.iter();
    let known: Vec<String> = known
        .map(|name| format!("coalesce(pgphase_here.{name}, pgphase_there.{name}) AS {name}"))
        .collect();
    let query = format!(
        "SELECT {} FROM {table} AS pgphase_here FULL JOIN {shadow} AS pgphase_there ON {} WHERE pgphase_here.{first} IS NULL OR pgphase_there.{first} IS NULL OR {}",
        known.join(", "),
        same.join(" AND "),
        differ(&here.join(", "), &there.join(", "))
    );
    let compare = Operation::Check {
        table: table.clone(),
        problem: format!("differ from {shadow}"),
        query: Expr::under(query, &SearchPath::default()),
        shown: scene.key.clone(),
    };
    Draft::new(Phase::Validate, Class::Check, vec![compare]).because("Asked before any lock is taken.")
}

/// What the table has, in the type that the shadow has.
fn old_value(name: &Ident, scene: &Scene) -> String {
    let value = format!("pgphase_here.{name}");
    let table = &scene.live.name;
    let (old, new) = (
        scene.context.live_column(table, name),
        scene.context.desired_column(table, name),
    );
    match (old, new) {
        (Some(old), Some(new)) if old.type_name != new.type_name => format!("{value}::{}", new.type_name),
        _ => value,
    }
}
