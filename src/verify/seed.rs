//! Rows for a trial: generated from types, keys and conditions, and tried until the server takes them.
//!
//! A value is a guess: by type, from another table where a foreign key asks for it, or one of the constants in the conditions that
//! name its column. PostgreSQL judges; a row that it refuses is tried with other guesses a few times. The rules of the desired
//! schema hold too as far as they can be set up on the old one, because generated rows are to show what the plan does, not that rows
//! can be wrong. Rows that are wrong are given as SQL.

use std::collections::BTreeSet;

use serde::Serialize;
use tokio_postgres::{Client, Error};

use super::bounds;
use super::values::{constants, value};
use crate::apply::db_message;
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule, ForeignKey};
use crate::object::{Kind, Object};
use crate::refs::uses_word;
use crate::schema::Schema;
use crate::sql;

/// How often one row is tried.
const TRIES: usize = 12;
/// After so many rows in a row that cannot be made, a table is left.
const GIVE_UP: usize = 12;
/// One row in so many has a null where it may.
const NULL_EVERY: usize = 10;

/// How many rows a table got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seeded {
    /// The table.
    pub table: QualifiedName,
    /// How many rows.
    pub rows: usize,
    /// Why not as many as asked for: the last refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// Fills the tables of the schema `before` with up to `rows` rows each. `after` is what the plan leads to.
pub async fn seed(client: &Client, before: &Schema, after: &Schema, rows: usize) -> Result<Vec<Seeded>, Error> {
    client
        .batch_execute("SET synchronous_commit = off; SET search_path = ''; SET client_min_messages = error")
        .await?;
    let tables = in_order(before, after);
    let rules = desired_rules(client, &tables, before, after).await;
    let mut seeded = Vec::new();
    for table in &tables {
        let guesser = Guesser::new(client, table, before, after, rows).await?;
        seeded.push(guesser.fill(client, rows).await?);
    }
    for undo in rules {
        client.batch_execute(&undo).await?;
    }
    client.batch_execute("RESET ALL; ANALYZE").await?;
    Ok(seeded)
}

/// The tables to insert into, referenced ones first as far as that goes. Rows come into partitions through their parents.
fn in_order(before: &Schema, after: &Schema) -> Vec<QualifiedName> {
    fn visit(
        table: &QualifiedName,
        before: &Schema,
        after: &Schema,
        seen: &mut BTreeSet<QualifiedName>,
        order: &mut Vec<QualifiedName>,
    ) {
        if before
            .table(table)
            .is_none_or(|table| table.partition_of.is_some() || table.foreign.is_some())
            || !seen.insert(table.clone())
        {
            return;
        }
        for key in foreign_keys(table, before, after) {
            visit(&key.references, before, after, seen, order);
        }
        order.push(table.clone());
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    let mut names: Vec<QualifiedName> = before.of_kind(Kind::Table).map(|(id, _)| id.qualified()).collect();
    names.sort();
    for table in &names {
        visit(table, before, after, &mut seen, &mut order);
    }
    order
}

/// The foreign keys of a table on either side whose columns and whose referenced columns are there before.
fn foreign_keys<'a>(table: &'a QualifiedName, before: &'a Schema, after: &'a Schema) -> Vec<&'a ForeignKey> {
    let has = |table: &QualifiedName, columns: &[Ident]| {
        let all = before.all_columns(table);
        columns.iter().all(|name| all.iter().any(|column| column.name == *name))
    };
    let mut keys: Vec<&ForeignKey> = Vec::new();
    // A table that becomes a partition gets those of its parent.
    let above = after.table(table).and_then(|table| table.partition_of.as_ref());
    let above = above.into_iter().flat_map(|of| after.constraints(&of.parent));
    for constraint in before.constraints(table).chain(after.constraints(table)).chain(above) {
        if let ConstraintRule::ForeignKey(key) = &constraint.rule {
            let known = keys.iter().any(|other| other.columns == key.columns);
            if !known && has(table, &key.columns) && has(&key.references, &key.referenced_columns) {
                keys.push(key);
            }
        }
    }
    keys
}

/// Sets up what the desired schema asks of rows, where the old one can hold it; returns how each is taken away.
async fn desired_rules(client: &Client, tables: &[QualifiedName], before: &Schema, after: &Schema) -> Vec<String> {
    let mut undo = Vec::new();
    for (table, condition) in bounds::rules(before, after) {
        let name = format!("pgphase_seed_{}", undo.len());
        let path = condition.path.to_sql();
        let rule = format!(
            "SET search_path = {path}; ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({}\n)",
            condition.text
        );
        if client.batch_execute(&rule).await.is_ok() {
            undo.push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
        }
    }
    for (table, columns) in bounds::keys(before, after) {
        let name = format!("pgphase_seed_{}", undo.len());
        let columns = sql::list(&columns);
        let rule = format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({columns})");
        if client.batch_execute(&rule).await.is_ok() {
            undo.push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
        }
    }
    for table in tables {
        let known: BTreeSet<&Ident> = before.constraints(table).map(|constraint| &constraint.name).collect();
        let new = after
            .constraints(table)
            .filter(|constraint| !known.contains(&constraint.name));
        for constraint in new {
            let name = format!("pgphase_seed_{}", undo.len());
            let rule = match &constraint.rule {
                ConstraintRule::Check { expr, .. } => {
                    let path = expr.path.to_sql();
                    format!(
                        "SET search_path = {path}; ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({}\n)",
                        expr.text
                    )
                }
                ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
                    let columns = sql::list(&key.columns);
                    format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({columns})")
                }
                _ => continue,
            };
            // What cannot be set up is not asked of the rows.
            if client.batch_execute(&rule).await.is_ok() {
                undo.push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
            }
        }
    }
    // Not set up in the transaction of another statement, so this cannot fail for any other reason than a lost connection.
    let _ = client.batch_execute("SET search_path = ''").await;
    undo
}

/// Where the value of a column comes from.
enum Guess {
    /// From its types, the desired one first.
    Types(Vec<crate::types::TypeName>),
    /// The column at this place in the rows of a foreign key.
    Key(usize, usize),
}

struct Slot {
    column: Ident,
    guess: Guess,
    nullable: bool,
    constants: Vec<String>,
}

struct Guesser<'a> {
    table: QualifiedName,
    slots: Vec<Slot>,
    /// For each foreign key the rows that can be referenced.
    keys: Vec<Vec<Vec<Option<String>>>>,
    schemas: [&'a Schema; 2],
}

impl<'a> Guesser<'a> {
    async fn new(
        client: &Client,
        table: &QualifiedName,
        before: &'a Schema,
        after: &'a Schema,
        rows: usize,
    ) -> Result<Self, Error> {
        let foreign = foreign_keys(table, before, after);
        let mut keys = Vec::new();
        for key in &foreign {
            let columns = sql::list(key.referenced_columns.iter().map(|column| format!("{column}::text")));
            let query = format!("SELECT {columns} FROM {} LIMIT {rows}", key.references);
            let found = client.query(&query, &[]).await?;
            let row = |row: &tokio_postgres::Row| (0..row.len()).map(|at| row.try_get(at).ok().flatten()).collect();
            keys.push(found.iter().map(row).collect::<Vec<Vec<Option<String>>>>());
        }
        let conditions = conditions(table, before, after);
        let mut slots = Vec::new();
        for column in before.all_columns(table) {
            let place = foreign.iter().enumerate().find_map(|(at, key)| {
                let column = key.columns.iter().position(|name| *name == column.name)?;
                Some((at, column))
            });
            if column.generated.is_some() || (place.is_none() && counts_by_itself(column)) {
                continue;
            }
            let wanted = after.column(table, &column.name);
            let mut types: Vec<_> = wanted.map(|column| column.type_name.clone()).into_iter().collect();
            if !types.contains(&column.type_name) {
                types.push(column.type_name.clone());
            }
            let mut all: Vec<String> = conditions
                .iter()
                .filter(|text| uses_word(text, &column.name))
                .flat_map(|text| constants(text))
                .collect();
            all.extend(domain_constants(column, before));
            slots.push(Slot {
                column: column.name.clone(),
                guess: place.map_or(Guess::Types(types), |(key, column)| Guess::Key(key, column)),
                nullable: !column.not_null && wanted.is_none_or(|wanted| !wanted.not_null),
                constants: all,
            });
        }
        Ok(Self {
            table: table.clone(),
            slots,
            keys,
            schemas: [after, before],
        })
    }

    async fn fill(&self, client: &Client, rows: usize) -> Result<Seeded, Error> {
        let table = self.table.clone();
        let all: Vec<usize> = (0..rows).collect();
        if client.batch_execute(&self.insert(&all, 0)).await.is_ok() {
            return Ok(Seeded {
                table,
                rows,
                refused: None,
            });
        }
        let (mut done, mut missed, mut refused) = (0, 0, None);
        for row in all {
            let mut taken = false;
            for attempt in 0..TRIES {
                match client.batch_execute(&self.insert(&[row], attempt)).await {
                    Ok(()) => {
                        taken = true;
                        break;
                    }
                    Err(error) if error.is_closed() => return Err(error),
                    Err(error) => refused = Some(db_message(&error)),
                }
            }
            done += usize::from(taken);
            missed = if taken { 0 } else { missed + 1 };
            if missed >= GIVE_UP {
                break;
            }
        }
        Ok(Seeded {
            table,
            rows: done,
            refused: refused.filter(|_| done < rows),
        })
    }

    fn insert(&self, rows: &[usize], attempt: usize) -> String {
        if self.slots.is_empty() {
            return format!("INSERT INTO {} DEFAULT VALUES", self.table);
        }
        let columns = sql::list(self.slots.iter().map(|slot| &slot.column));
        let rows = sql::list(rows.iter().map(|row| {
            let values = self.slots.iter().enumerate().map(|(at, slot)| {
                self.guess(slot, at, *row, attempt)
                    .map_or_else(|| "NULL".to_owned(), |text| sql::literal(&text))
            });
            format!("({})", sql::list(values))
        }));
        format!(
            "INSERT INTO {} ({columns}) OVERRIDING SYSTEM VALUE VALUES {rows}",
            self.table
        )
    }

    fn guess(&self, slot: &Slot, at: usize, row: usize, attempt: usize) -> Option<String> {
        let dice = scattered(&[at, row, attempt]);
        if slot.nullable && (row + at) % NULL_EVERY == NULL_EVERY - 1 {
            return None;
        }
        match &slot.guess {
            Guess::Key(key, column) => {
                let rows = &self.keys[*key];
                // Each row another key first, so that a unique one works.
                let place = if attempt == 0 {
                    row
                } else {
                    row + scattered(&[row, attempt])
                };
                let found = rows.get(place % rows.len().max(1))?;
                found.get(*column).cloned().flatten()
            }
            Guess::Types(_) if attempt > 0 && !slot.constants.is_empty() && !dice.is_multiple_of(4) => {
                slot.constants.get(dice / 4 % slot.constants.len()).cloned()
            }
            Guess::Types(types) => {
                let number = if attempt < 2 { row } else { dice % (1 << (2 * attempt)) };
                let type_name = types.get(attempt % types.len().max(1))?;
                if slot.column.as_str().contains("email") && attempt < 2 && type_name.name.as_str() == "text" {
                    return Some(format!("v{number}@example.org"));
                }
                self.schemas.iter().find_map(|schema| value(type_name, number, schema))
            }
        }
    }
}

/// Whether the server counts the column itself: that also moves its sequence on, as in life.
fn counts_by_itself(column: &Column) -> bool {
    let next = |text: &str| text.to_ascii_lowercase().contains("nextval(");
    column.identity.is_some() || column.default.as_ref().is_some_and(|default| next(&default.text))
}

/// The texts that say which rows a table takes: its checks on either side, its bounds, and those of its partitions.
fn conditions(table: &QualifiedName, before: &Schema, after: &Schema) -> Vec<String> {
    let check = |constraint: &Constraint| match &constraint.rule {
        ConstraintRule::Check { expr, .. } => Some(expr.text.clone()),
        _ => None,
    };
    let mut texts: Vec<String> = before
        .constraints(table)
        .chain(after.constraints(table))
        .filter_map(check)
        .collect();
    texts.extend(
        [before, after]
            .into_iter()
            .flat_map(|schema| bounds::texts(table, schema)),
    );
    texts
}

fn domain_constants(column: &Column, schema: &Schema) -> Vec<String> {
    let name = column.type_name.qualified();
    let id = crate::object::ObjectId::named(Kind::Domain, &name);
    schema
        .children(&id)
        .filter_map(|child| schema.get(child))
        .filter_map(|object| match object {
            Object::DomainConstraint(constraint) => Some(constants(&constraint.check.text)),
            _ => None,
        })
        .flatten()
        .collect()
}

/// A number that looks like chance and is the same each time.
fn scattered(parts: &[usize]) -> usize {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    for part in parts {
        state ^= u64::try_from(*part).unwrap_or(0);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    usize::try_from(state >> 16).unwrap_or(0)
}
