//! What valid checks prove, so that PostgreSQL does not look at the rows again (measured: `set_not_null_with_*`,
//! `pt_attach_with_*`, `pt_attach_default_present_excluding_*`).

use std::cmp::Ordering;

use crate::attach;
use crate::expr::Expr;
use crate::expr::implied::{Claim, Constant, Sign, claims};
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::constraint::ConstraintRule;
use crate::object::index::KeyExpr;
use crate::object::table::{PartitionBound, PartitionOf, PartitionStrategy};
use crate::schema::Schema;

/// What the checks of a table say that hold for every row.
fn proved(table: &QualifiedName, schema: &Schema) -> Vec<Claim> {
    let own = schema
        .constraints(table)
        .filter(|constraint| matches!(constraint.rule, ConstraintRule::Check { .. }));
    own.chain(schema.all_checks(table))
        .filter(|constraint| !constraint.not_valid && !constraint.not_enforced)
        .flat_map(|constraint| match &constraint.rule {
            ConstraintRule::Check { expr, .. } => claims(expr),
            _ => Vec::new(),
        })
        .collect()
}

/// Whether no row can hold a null in the column.
pub(super) fn never_null(table: &QualifiedName, column: &Ident, schema: &Schema) -> bool {
    let known = schema
        .all_columns(table)
        .into_iter()
        .find(|known| known.name == *column);
    known.is_some_and(|known| known.not_null)
        || proved(table, schema)
            .iter()
            .any(|claim| matches!(claim, Claim::NotNull(of) if of == column))
}

/// Where a value of a key column has to be for a row to belong to a partition.
enum Place {
    Equal(Constant),
    OneOf(Vec<Constant>),
    /// From the first, inclusive, to the second, exclusive.
    Between(Option<Constant>, Option<Constant>),
}

/// A constant of a bound; none where it is `MINVALUE` or `MAXVALUE`.
fn end(expr: &crate::expr::Expr) -> Result<Option<Constant>, ()> {
    match expr.text.to_ascii_uppercase().as_str() {
        "MINVALUE" | "MAXVALUE" => Ok(None),
        _ => Constant::read(expr).map(Some).ok_or(()),
    }
}

/// What a bound asks of the key columns, in order; none where nobody but the server knows.
fn places(of: &PartitionOf, schema: &Schema) -> Option<Vec<(Ident, Place)>> {
    let key = schema.table(&of.parent)?.partition_by.as_ref()?;
    let columns: Vec<&Ident> = key
        .keys
        .iter()
        .map(|part| match &part.key {
            KeyExpr::Column(name) => Some(name),
            KeyExpr::Expr(_) => None,
        })
        .collect::<Option<_>>()?;
    match (&of.bound, key.strategy) {
        (PartitionBound::List(values), PartitionStrategy::List) => {
            let values = values.iter().map(Constant::read).collect::<Option<Vec<_>>>()?;
            Some(vec![((*columns.first()?).clone(), Place::OneOf(values))])
        }
        (PartitionBound::Range { from, to }, PartitionStrategy::Range) => {
            let mut places = Vec::new();
            for (at, ((from, to), column)) in from.iter().zip(to).zip(&columns).enumerate() {
                let (from, to) = (end(from).ok()?, end(to).ok()?);
                let place = match (from, to) {
                    (Some(from), Some(to)) if from == to => Place::Equal(from),
                    // What follows is bounded only where this one is at its end.
                    _ if at + 1 < columns.len() => return None,
                    (from, to) => Place::Between(from, to),
                };
                places.push(((*column).clone(), place));
            }
            Some(places)
        }
        _ => None,
    }
}

fn type_of(table: &QualifiedName, column: &Ident, schema: &Schema) -> Option<String> {
    let columns: Vec<&Column> = schema.all_columns(table);
    let found = columns.into_iter().find(|known| known.name == *column)?;
    Some(found.type_name.to_string())
}

/// Whether a claim keeps the column in its place, from this side or both.
fn within(claim: &Claim, column: &Ident, place: &Place, type_name: &str) -> (bool, bool) {
    let compare = |one: &Constant, other: &Constant| one.compare(other, type_name);
    let equal =
        |one: &Constant, list: &[Constant]| list.iter().any(|other| compare(one, other) == Some(Ordering::Equal));
    match (claim, place) {
        (Claim::Compared(of, Sign::Equal, value), place) if of == column => {
            let inside = match place {
                Place::Equal(wanted) => equal(value, std::slice::from_ref(wanted)),
                Place::OneOf(list) => equal(value, list),
                Place::Between(from, to) => {
                    from.as_ref()
                        .is_none_or(|from| compare(value, from).is_some_and(Ordering::is_ge))
                        && to
                            .as_ref()
                            .is_none_or(|to| compare(value, to).is_some_and(Ordering::is_lt))
                }
            };
            (inside, inside)
        }
        (Claim::OneOf(of, values), Place::OneOf(list)) if of == column => {
            let inside = values.iter().all(|value| equal(value, list));
            (inside, inside)
        }
        (Claim::Compared(of, sign, value), Place::Between(from, to)) if of == column => {
            let above = from.as_ref().is_some_and(|from| {
                matches!(sign, Sign::AtLeast | Sign::More) && compare(value, from).is_some_and(Ordering::is_ge)
            });
            let below = to.as_ref().is_some_and(|to| match sign {
                Sign::Less => compare(value, to).is_some_and(Ordering::is_le),
                Sign::AtMost => compare(value, to).is_some_and(Ordering::is_lt),
                _ => false,
            });
            (above, below)
        }
        _ => (false, false),
    }
}

/// Whether a claim keeps the column out of a range.
fn outside(claim: &Claim, column: &Ident, place: &Place, type_name: &str) -> bool {
    let Place::Between(from, to) = place else { return false };
    match claim {
        Claim::Null(of) => of == column,
        Claim::Any(claims) => claims.iter().all(|claim| outside(claim, column, place, type_name)),
        Claim::Compared(of, sign, value) if of == column => {
            let before = from.as_ref().and_then(|from| value.compare(from, type_name));
            let behind = to.as_ref().and_then(|to| value.compare(to, type_name));
            match sign {
                Sign::Less => before.is_some_and(Ordering::is_le),
                Sign::AtMost => before.is_some_and(Ordering::is_lt),
                Sign::AtLeast | Sign::More => behind.is_some_and(Ordering::is_ge),
                Sign::Equal => false,
            }
        }
        _ => false,
    }
}

/// Whether checks of the table prove that all its rows belong to the partition that it becomes.
pub(crate) fn belongs(table: &QualifiedName, of: &PartitionOf, before: &Schema) -> bool {
    let condition = attach::bound_condition(before, table, of);
    if condition.is_some_and(|condition| attach::has_check(before, table, &condition)) {
        return true;
    }
    // What the parent keeps by its own bound is asked of the rows as well.
    let above = before.table(&of.parent).and_then(|parent| parent.partition_of.as_ref());
    if above.is_some_and(|above| !belongs(table, above, before)) {
        return false;
    }
    let Some(places) = places(of, before) else { return false };
    let claims = proved(table, before);
    places.iter().all(|(column, place)| {
        let Some(type_name) = type_of(table, column, before) else {
            return false;
        };
        let mut sides = match place {
            Place::Between(from, to) => (from.is_none(), to.is_none()),
            _ => (false, false),
        };
        for claim in &claims {
            let (above, below) = within(claim, column, place, &type_name);
            sides = (sides.0 || above, sides.1 || below);
        }
        sides == (true, true) && never_null(table, column, before)
    })
}

/// Whether checks of the default partition prove that none of its rows belongs to another one.
pub(crate) fn keeps_out(default: &QualifiedName, of: &PartitionOf, before: &Schema) -> bool {
    let condition = attach::own_condition(before, default, of);
    let apart = condition.map(|condition| Expr::under(format!("NOT ({})", condition.text), &condition.path));
    if apart.is_some_and(|apart| attach::has_check(before, default, &apart)) {
        return true;
    }
    let Some(places) = places(of, before) else { return false };
    let [(column, place)] = places.as_slice() else {
        return false;
    };
    let Some(type_name) = type_of(default, column, before) else {
        return false;
    };
    never_null(default, column, before)
        && proved(default, before)
            .iter()
            .any(|claim| outside(claim, column, place, &type_name))
}
