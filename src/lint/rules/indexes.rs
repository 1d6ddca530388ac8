//! Indexes that queries miss: for a while, or for good.

use super::keys::leading_columns;
use crate::lint::rule::{Check, Rule};
use crate::lint::site::{Site, Told};
use crate::name::Ident;
use crate::object::index::Index;
use crate::object::{Kind, Object};
use crate::operation::Operation;
use crate::schema::Schema;

/// Those of a schema that begin with the column and hold all rows.
fn led_by<'a>(schema: &'a Schema, index: &'a Index, column: &'a Ident) -> impl Iterator<Item = &'a Index> {
    schema.indexes(&index.table).filter(move |other| {
        other.predicate.is_none() && other.method == index.method && leading_columns(other).first() == Some(&column)
    })
}

/// An index that is built when the one that served its queries has gone.
fn gap(site: &Site<'_>) -> Vec<Told> {
    let Some(Operation::Create {
        object: Object::Index(index),
        ..
    }) = site.operation
    else {
        return Vec::new();
    };
    let Some(column) = leading_columns(index).first().copied() else {
        return Vec::new();
    };
    let gone = led_by(site.base, index, column).next();
    let left = led_by(site.schema, index, column).next().is_some();
    let by_key = site
        .schema
        .constraints(&index.table)
        .any(|constraint| constraint.key().is_some_and(|key| key.columns.first() == Some(column)));
    match gone {
        Some(gone) if !left && !by_key && !site.session.in_transaction() => vec![
            Told::new(format!(
                "{} has gone by then, and until this one is built queries by {column} read the whole table",
                gone.name.name
            ))
            .at(&index.name.name),
        ],
        _ => Vec::new(),
    }
}

/// An index over several columns that goes with one that is not its first.
fn goes_along(site: &Site<'_>) -> Vec<Told> {
    let Some(Operation::Drop { id, .. }) = site.operation else {
        return Vec::new();
    };
    if id.kind != Kind::Column {
        return Vec::new();
    }
    let column = id.own_name();
    let table = id.qualified();
    site.schema
        .indexes(&table)
        .filter(|index| {
            let leading = leading_columns(index);
            let last = leading.iter().position(|name| *name == column);
            last.is_some_and(|at| at > 0) || index.include.contains(column)
        })
        .map(|index| {
            Told::new(format!(
                "{} is over {column} as well and goes with it, so the queries by its other columns lose it",
                index.name.name
            ))
            .at(column)
        })
        .collect()
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "index-gap",
        title: "an index is dropped before the one that takes its place is built",
        why: "Until the new index is there, each query that the old one served reads the whole table, and many at once stop a server.",
        bad: "DROP INDEX CONCURRENTLY orders_customer_id_idx;\n\
              CREATE INDEX CONCURRENTLY orders_customer_id_placed_at_idx ON orders (customer_id, placed_at);",
        good: "CREATE INDEX CONCURRENTLY orders_customer_id_placed_at_idx ON orders (customer_id, placed_at);\n\
               DROP INDEX CONCURRENTLY orders_customer_id_idx;",
        fix: "build the new index first, under another name, and drop the old one after it",
        check: Check::Operation(gap),
        ..Rule::BLANK
    },
    Rule {
        id: "column-takes-index",
        title: "an index over several columns goes with one of them",
        why: "DROP COLUMN drops every index that the column is in, and says nothing. The queries by the other columns of such an \
              index read the whole table from then on.",
        bad: "SET lock_timeout = '2s';\n-- pgphase: ignore drop-column kept elsewhere\n\
              ALTER TABLE pages DROP COLUMN old;",
        good: "CREATE INDEX CONCURRENTLY pages_author_idx ON pages (author);\nDROP INDEX CONCURRENTLY pages_author_old_idx;\n\
               SET lock_timeout = '2s';\n-- pgphase: ignore drop-column kept elsewhere\nALTER TABLE pages DROP COLUMN old;",
        fix: "build an index over the other columns first",
        setup: "CREATE TABLE pages (id bigint PRIMARY KEY, author bigint, old integer);\n\
                CREATE INDEX pages_author_old_idx ON pages (author, old);",
        check: Check::Operation(goes_along),
        ..Rule::BLANK
    },
];
