//! What PostgreSQL asks of the rows of a partition, as a condition.
//!
//! It is written as PostgreSQL writes it (`pg_get_partition_constraintdef`), so that a valid check of the same text is taken for a
//! proof (measured on 14 to 18: ranges of one and more columns, lists with and without a null, hashes, expressions, `DEFAULT`).

use super::{PartitionBound, PartitionKey, PartitionStrategy};
use crate::expr::{Expr, SearchPath};
use crate::name::QualifiedName;
use crate::object::index::KeyExpr;
use crate::sql;

/// One end of a range in one column.
#[derive(PartialEq)]
enum End<'a> {
    Least,
    Most,
    Value(&'a Expr),
}

impl<'a> End<'a> {
    fn of(expr: &'a Expr) -> Self {
        match expr.text.to_ascii_uppercase().as_str() {
            "MINVALUE" => Self::Least,
            "MAXVALUE" => Self::Most,
            _ => Self::Value(expr),
        }
    }

    fn value(&self) -> Option<&'a Expr> {
        match self {
            Self::Value(value) => Some(value),
            Self::Least | Self::Most => None,
        }
    }
}

/// The condition that the rows of a partition of `parent` keep; `others` are the bounds of the other partitions, for `DEFAULT`. None
/// where it takes a collation or an operator class that is not the column's own.
pub(crate) fn condition(
    parent: &QualifiedName,
    key: &PartitionKey,
    bound: &PartitionBound,
    others: &[&PartitionBound],
) -> Option<Expr> {
    if key
        .keys
        .iter()
        .any(|part| part.collation.is_some() || part.operator_class.is_some())
    {
        return None;
    }
    let keys: Vec<String> = key
        .keys
        .iter()
        .map(|part| match &part.key {
            KeyExpr::Column(name) => name.to_string(),
            KeyExpr::Expr(expr) => format!("({})", expr.text),
        })
        .collect();
    let text = match (bound, key.strategy) {
        (PartitionBound::Hash { modulus, remainder }, PartitionStrategy::Hash) => format!(
            "satisfies_hash_partition({}::regclass, {modulus}, {remainder}, {})",
            sql::literal(&parent.to_string()),
            sql::list(&keys)
        ),
        (PartitionBound::List(values), PartitionStrategy::List) => list(keys.first()?, values),
        (PartitionBound::Range { from, to }, PartitionStrategy::Range) => {
            let mut terms = not_null(&keys);
            terms.extend(range(&keys, from, to));
            terms.join(" AND ")
        }
        (PartitionBound::Default, PartitionStrategy::List) => {
            let values = others.iter().map(|other| match other {
                PartitionBound::List(values) => Some(values.iter().cloned()),
                _ => None,
            });
            let values: Vec<Expr> = values.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
            if values.is_empty() {
                return None;
            }
            format!("NOT ({})", list(keys.first()?, &values))
        }
        (PartitionBound::Default, PartitionStrategy::Range) => {
            let ranges = others.iter().map(|other| match other {
                PartitionBound::Range { from, to } => Some(range(&keys, from, to)),
                _ => None,
            });
            let ranges: Vec<String> = ranges
                .collect::<Option<Vec<_>>>()?
                .iter()
                .map(|terms| together(terms, " AND "))
                .collect();
            if ranges.is_empty() || ranges.iter().any(String::is_empty) {
                return None;
            }
            let mut terms = not_null(&keys);
            terms.push(format!("({})", ranges.join(" OR ")));
            format!("NOT ({})", terms.join(" AND "))
        }
        _ => return None,
    };
    let paths = key.keys.iter().filter_map(|part| match &part.key {
        KeyExpr::Expr(expr) => Some(expr.path.clone()),
        KeyExpr::Column(_) => None,
    });
    let path = paths
        .into_iter()
        .find(|path| !path.is_empty())
        .unwrap_or_else(SearchPath::default);
    Some(Expr::under(text, &path))
}

fn not_null(keys: &[String]) -> Vec<String> {
    keys.iter().map(|key| format!("{key} IS NOT NULL")).collect()
}

/// Several terms in parentheses, one as it is.
fn together(terms: &[String], word: &str) -> String {
    match terms {
        [one] => one.clone(),
        _ => match terms.join(word) {
            text if text.is_empty() => text,
            text => format!("({text})"),
        },
    }
}

fn list(key: &str, values: &[Expr]) -> String {
    let is_null = |value: &&Expr| value.text.eq_ignore_ascii_case("null");
    let given = sql::list(values.iter().filter(|value| !is_null(value)).map(|value| &value.text));
    match (values.iter().any(|value| is_null(&value)), given.is_empty()) {
        (true, true) => format!("{key} IS NULL"),
        (true, false) => format!("{key} IS NULL OR {key} IN ({given})"),
        (false, _) => format!("{key} IS NOT NULL AND {key} IN ({given})"),
    }
}

/// Rows are compared from the first column on: what follows a column counts only where that one is at its end.
fn range(keys: &[String], from: &[Expr], to: &[Expr]) -> Vec<String> {
    let from: Vec<End> = from.iter().map(End::of).collect();
    let to: Vec<End> = to.iter().map(End::of).collect();
    let alike = |at: usize| match (from.get(at), to.get(at)) {
        (Some(End::Value(low)), Some(End::Value(high))) => low.canonical() == high.canonical(),
        _ => false,
    };
    let same = (0..keys.len()).take_while(|at| alike(*at)).count();
    let mut terms: Vec<String> = (0..same)
        .filter_map(|at| Some(format!("{} = {}", keys.get(at)?, from.get(at)?.value()?.text)))
        .collect();
    let lower = arms(keys, &from, same, (">", ">="), &End::Least);
    let upper = arms(keys, &to, same, ("<", "<="), &End::Most);
    // The last column of a lower end is within the range, that of an upper end is not.
    for arms in [lower, upper] {
        if !arms.is_empty() {
            terms.push(together(&arms, " OR "));
        }
    }
    terms
}

/// One side of a range: `a > 1 OR (a = 1 AND b >= 2)`.
fn arms(keys: &[String], ends: &[End<'_>], same: usize, signs: (&str, &str), reached: &End<'_>) -> Vec<String> {
    let is_lower = *reached == End::Least;
    let mut arms = Vec::new();
    for last in same..keys.len() {
        let Some(value) = ends.get(last).and_then(End::value) else {
            break;
        };
        let next = ends.get(last + 1);
        let inclusive = next == Some(reached) || (is_lower && last + 1 == keys.len());
        let sign = if inclusive { signs.1 } else { signs.0 };
        let equal = (same..last).filter_map(|at| Some(format!("{} = {}", keys.get(at)?, ends.get(at)?.value()?.text)));
        let own = keys.get(last).map(|key| format!("{key} {sign} {}", value.text));
        let terms: Vec<String> = equal.chain(own).collect();
        arms.push(together(&terms, " AND "));
        if !matches!(next, Some(End::Value(_))) {
            break;
        }
    }
    arms
}
