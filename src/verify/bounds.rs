//! What the bounds of partitions ask of rows that are made up.

use crate::attach;
use crate::expr::{Expr, SearchPath};
use crate::name::{Ident, QualifiedName};
use crate::object::index::KeyExpr;
use crate::object::table::{PartitionBound, PartitionOf, Table};
use crate::object::{Kind, Object};
use crate::schema::Schema;

/// So many values between the two ends of a range are offered.
const BETWEEN: i64 = 8;

/// What the desired bounds ask of the rows of each table that is there before: of one that becomes a partition, or gets other bounds; of
/// a default partition beside a new one; of a table that becomes partitioned.
pub(super) fn rules(before: &Schema, after: &Schema) -> Vec<(QualifiedName, Expr)> {
    let mut rules = Vec::new();
    for (_, object) in before.of_kind(Kind::Table) {
        let Object::Table(live) = object else { continue };
        let Some(desired) = after.table(&live.name) else {
            continue;
        };
        let mut add = |rule: Option<Expr>| rules.extend(rule.map(|rule| (live.name.clone(), rule)));
        if let Some(of) = desired
            .partition_of
            .as_ref()
            .filter(|of| live.partition_of.as_ref() != Some(*of))
        {
            // What no check can say, a hash over texts, is kept by no row.
            let nothing = || Expr::new("false".to_owned());
            add(attach::bound_condition(after, &live.name, of).or_else(|| Some(nothing())));
        }
        if let Some(of) = default_of(live).filter(|of| default_of(desired) == Some(of)) {
            let new = after.heirs(&of.parent).filter(|heir| {
                before
                    .table(&heir.name)
                    .is_none_or(|old| old.partition_of != heir.partition_of)
            });
            for heir in new.filter(|heir| heir.name != live.name) {
                let own = heir
                    .partition_of
                    .as_ref()
                    .and_then(|of| attach::own_condition(after, &heir.name, of));
                add(own.map(|own| Expr::under(format!("NOT ({})", own.text), &own.path)));
            }
        }
        if desired.partition_by.is_some() && desired.partition_by != live.partition_by {
            add(taken_by_partitions(desired, after));
        }
    }
    rules
}

/// The columns of which a table that becomes a partition may not hold the same values twice, as the keys of its new parent say.
pub(super) fn keys(before: &Schema, after: &Schema) -> Vec<(QualifiedName, Vec<Ident>)> {
    let mut keys = Vec::new();
    for (_, object) in before.of_kind(Kind::Table) {
        let Object::Table(live) = object else { continue };
        let parent = |table: &Table| table.partition_of.as_ref().map(|of| of.parent.clone());
        let Some(above) = after.table(&live.name).and_then(parent) else {
            continue;
        };
        if parent(live).as_ref() == Some(&above) {
            continue;
        }
        let named = after.constraints(&above).filter_map(|constraint| constraint.key());
        let named = named.map(|key| key.columns.clone());
        let unique = after.indexes(&above).filter(|index| index.unique);
        let of_index = unique.map(|index| {
            let columns = index.keys.iter().filter_map(|key| match &key.key {
                KeyExpr::Column(column) => Some(column.clone()),
                KeyExpr::Expr(_) => None,
            });
            columns.collect()
        });
        keys.extend(named.chain(of_index).map(|columns| (live.name.clone(), columns)));
    }
    keys
}

fn default_of(table: &Table) -> Option<&PartitionOf> {
    table
        .partition_of
        .as_ref()
        .filter(|of| of.bound == PartitionBound::Default)
}

/// Whether some partition takes a row; none where every row has one, or nobody can say.
fn taken_by_partitions(table: &Table, schema: &Schema) -> Option<Expr> {
    let mut texts = Vec::new();
    let mut path = SearchPath::default();
    for heir in schema.heirs(&table.name) {
        let of = heir.partition_of.as_ref()?;
        if matches!(of.bound, PartitionBound::Default | PartitionBound::Hash { .. }) {
            return None;
        }
        let own = attach::own_condition(schema, &heir.name, of)?;
        let below = heir
            .partition_by
            .is_some()
            .then(|| taken_by_partitions(heir, schema))
            .flatten();
        texts.push(match below {
            Some(below) => format!("({}) AND ({})", own.text, below.text),
            None => format!("({})", own.text),
        });
        path = own.path;
    }
    (!texts.is_empty()).then(|| Expr::under(texts.join(" OR "), &path))
}

/// Texts that name the key columns of a table and hold values within its bounds, and the same for its partitions. The values of all key
/// columns are offered to each of them.
pub(super) fn texts(table: &QualifiedName, schema: &Schema) -> Vec<String> {
    let mut texts = Vec::new();
    if let Some(of) = schema.table(table).and_then(|table| table.partition_of.as_ref()) {
        texts.push(text(of, schema));
    }
    for heir in schema.heirs(table) {
        texts.extend(self::texts(&heir.name, schema));
    }
    texts
}

fn text(of: &PartitionOf, schema: &Schema) -> String {
    let by = schema.table(&of.parent).and_then(|parent| parent.partition_by.as_ref());
    let keys = by.into_iter().flat_map(|by| &by.keys).map(|part| match &part.key {
        KeyExpr::Column(column) => column.to_string(),
        KeyExpr::Expr(expr) => expr.text.clone(),
    });
    let mut words: Vec<String> = keys.collect();
    match &of.bound {
        PartitionBound::Range { from, to } => {
            for (from, to) in from.iter().zip(to) {
                words.extend([from.text.clone(), to.text.clone()]);
                words.extend(between(&from.text, &to.text));
            }
        }
        PartitionBound::List(values) => words.extend(values.iter().map(|value| value.text.clone())),
        PartitionBound::Default | PartitionBound::Hash { .. } => {}
    }
    words.join(" ")
}

/// Values between two ends, as literals: whole numbers, and days of dates and times.
fn between(from: &str, to: &str) -> Vec<String> {
    let spread = |from: Option<i64>, to: Option<i64>| -> Vec<i64> {
        let (first, last) = match (from, to) {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) => (from, from.saturating_add(BETWEEN)),
            (None, Some(to)) => (to.saturating_sub(BETWEEN), to),
            (None, None) => return Vec::new(),
        };
        let width = i128::from(last) - i128::from(first);
        let places = 0..i128::from(BETWEEN);
        let values = places.map(|place| i128::from(first) + width * place / i128::from(BETWEEN));
        values.filter_map(|value| i64::try_from(value).ok()).collect()
    };
    let [numbers, days] = [[number(from), number(to)], [day(from), day(to)]];
    let numbers = spread(numbers[0], numbers[1])
        .into_iter()
        .map(|number| format!("'{number}'"));
    let days = spread(days[0], days[1]).into_iter().filter_map(date);
    numbers.chain(days).collect()
}

/// What a literal holds.
fn literal(text: &str) -> &str {
    let text = text.split("::").next().unwrap_or(text);
    text.trim().trim_matches('\'')
}

fn number(text: &str) -> Option<i64> {
    literal(text).parse().ok()
}

const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

/// Days since 1970, of what begins with a date.
fn day(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = literal(text).get(..10)?.parse().ok()?;
    Some(i64::from(EPOCH.until(date).ok()?.get_days()))
}

fn date(days: i64) -> Option<String> {
    let date = EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    Some(format!("'{date}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lie_between_the_ends() {
        assert_eq!(
            between("10", "90"),
            ["'10'", "'20'", "'30'", "'40'", "'50'", "'60'", "'70'", "'80'"]
        );
        let days = between("'2026-01-01'::date", "'2026-01-09 00:00:00+00'");
        assert_eq!(days.first().map(String::as_str), Some("'2026-01-01'"));
        assert_eq!(days.last().map(String::as_str), Some("'2026-01-08'"));
        assert_eq!(between("MINVALUE", "5").first().map(String::as_str), Some("'-3'"));
        assert!(between("'a'", "'b'").is_empty());
    }
}
