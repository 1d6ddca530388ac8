//! Whether every column that a definition names is there. A server would refuse it; told here, nobody has to load it to see.

use std::collections::HashMap;

use crate::expr::{Expr, column_names};
use crate::name::{Ident, QualifiedName};
use crate::object::index::KeyExpr;
use crate::object::table::Table;
use crate::object::{Kind, Object, ObjectId, Visitor};
use crate::schema::Schema;

use super::error::ParseError;
use super::fold::Desired;

/// Columns that every table has (PostgreSQL documentation, "System Columns").
const SYSTEM: [&str; 6] = ["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"];

/// The kinds whose objects name columns of tables.
const KINDS: [Kind; 6] = [
    Kind::Constraint,
    Kind::Index,
    Kind::Statistics,
    Kind::Sequence,
    Kind::Trigger,
    Kind::Publication,
];

/// Refuses definitions over columns that their tables do not have, and parents that are not there.
pub(super) fn check(desired: &Desired) -> Result<(), ParseError> {
    let schema = &desired.schema;
    let mut finder = Finder {
        tables: Tables {
            schema,
            known: HashMap::new(),
        },
        rows: false,
        missing: None,
    };
    for (id, object) in schema.of_kind(Kind::Table) {
        if let Object::Table(table) = object {
            if let Some(parent) = parents(table).find(|parent| schema.table(parent).is_none()) {
                let error = ParseError {
                    place: desired.places.get(id).cloned(),
                    ..ParseError::new(format!("{id} has the parent {parent}, and no such table is defined"))
                };
                return Err(error.absent(ObjectId::named(Kind::Table, parent)));
            }
            finder.partition_key(table);
        }
        finder.told(id, desired)?;
    }
    for (id, _) in schema.iter().filter(|(id, _)| id.kind.is_satellite()) {
        let subject = id.subject();
        if subject.kind == Kind::Column {
            finder.see(&subject.qualified(), subject.own_name());
            finder.told(id, desired)?;
        }
        // An extension may bring a namespace along.
        let may_be_there = subject.name.as_str() == "public" || schema.of_kind(Kind::Extension).next().is_some();
        if subject.kind == Kind::Namespace && !schema.contains(subject) && !may_be_there {
            let error = ParseError {
                place: desired.places.get(id).cloned(),
                ..ParseError::new(format!("{id} is set, and no such {} is defined", subject.kind.word()))
            };
            return Err(error.hint(format!("add CREATE SCHEMA {}", subject.name)));
        }
    }
    for kind in KINDS {
        finder.rows = kind == Kind::Trigger;
        for (id, object) in schema.of_kind(kind) {
            if let Object::Sequence(sequence) = object
                && let Some(owner) = &sequence.owned_by
                && schema.table(&owner.table).is_none()
            {
                let table = ObjectId::named(Kind::Table, &owner.table);
                let error = ParseError {
                    place: desired.places.get(id).cloned(),
                    ..ParseError::new(format!(
                        "{id} is owned by a column of {table}, and no such table is defined"
                    ))
                };
                return Err(error.absent(table));
            }
            object.clone().visit(&mut finder);
            finder.told(id, desired)?;
        }
    }
    Ok(())
}

fn parents(table: &Table) -> impl Iterator<Item = &QualifiedName> {
    table
        .inherits
        .iter()
        .chain(table.partition_of.iter().map(|partition| &partition.parent))
}

/// The columns of the tables asked for, inherited ones too.
struct Tables<'a> {
    schema: &'a Schema,
    known: HashMap<QualifiedName, Option<Vec<Ident>>>,
}

impl Tables<'_> {
    /// `None` where the columns are not known: it is no table, or its type says what they are.
    fn columns(&mut self, name: &QualifiedName) -> Option<&[Ident]> {
        if !self.known.contains_key(name) {
            let known = self.schema.table(name).filter(|table| table.of_type.is_none());
            let columns = known.map(|_| {
                let all = self.schema.all_columns(name);
                all.into_iter().map(|column| column.name.clone()).collect()
            });
            self.known.insert(name.clone(), columns);
        }
        self.known.get(name).and_then(Option::as_deref)
    }
}

struct Finder<'a> {
    tables: Tables<'a>,
    /// Whether texts speak of whole rows, `old` and `new`, and not of columns.
    rows: bool,
    /// The first column that was not there: its table, its name, and a name like it that is.
    missing: Option<(QualifiedName, Ident, Option<Ident>)>,
}

impl Finder<'_> {
    fn see(&mut self, table: &QualifiedName, column: &Ident) {
        if self.missing.is_some() || SYSTEM.contains(&column.as_str()) {
            return;
        }
        if let Some(columns) = self.tables.columns(table)
            && !columns.contains(column)
        {
            let nearest = columns
                .iter()
                .map(|known| (strsim::damerau_levenshtein(known.as_str(), column.as_str()), known))
                .filter(|(distance, known)| *distance <= known.as_str().chars().count().div_ceil(3))
                .min_by_key(|(distance, _)| *distance)
                .map(|(_, known)| known.clone());
            self.missing = Some((table.clone(), column.clone(), nearest));
        }
    }

    fn text(&mut self, table: &QualifiedName, expr: &Expr) {
        for name in column_names(&expr.text) {
            // The name of the table stands for its whole row.
            if name != table.name {
                self.see(table, &name);
            }
        }
    }

    fn partition_key(&mut self, table: &Table) {
        for part in table.partition_by.iter().flat_map(|key| &key.keys) {
            match &part.key {
                KeyExpr::Column(column) => self.see(&table.name, column),
                KeyExpr::Expr(expr) => self.text(&table.name, expr),
            }
        }
    }

    /// The fault of the object that was looked at.
    fn told(&mut self, id: &ObjectId, desired: &Desired) -> Result<(), ParseError> {
        let Some((table, column, nearest)) = self.missing.take() else {
            return Ok(());
        };
        let error = ParseError {
            place: desired.places.get(id).cloned(),
            ..ParseError::new(format!("{id} names column {column}, which table {table} does not have"))
        };
        Err(match nearest {
            Some(nearest) => error.hint(format!("did you mean {nearest}?")),
            None => error,
        })
    }
}

impl Visitor for Finder<'_> {
    fn column(&mut self, relation: &QualifiedName, column: &mut Ident) {
        self.see(relation, column);
    }

    fn expr(&mut self, _slot: &str, relation: Option<&QualifiedName>, expr: &mut Expr) {
        if let Some(table) = relation.cloned().filter(|_| !self.rows) {
            self.text(&table, expr);
        }
    }
}
