//! Whether what a definition names is there: columns, parents, the table of an owner, namespaces. A server would refuse it; told
//! here, nobody has to load it to see.

use std::collections::HashMap;

use crate::expr::{Expr, column_names};
use crate::name::{Ident, QualifiedName};
use crate::nearest::nearest;
use crate::object::index::KeyExpr;
use crate::object::table::Table;
use crate::object::{Kind, Object, ObjectId, Visitor};
use crate::schema::{Schema, parents};

use super::error::ParseError;
use super::fold::Desired;

/// Columns that every table has (PostgreSQL documentation, "System Columns").
const SYSTEM: [&str; 6] = ["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"];

/// The rows that triggers and rules speak of.
const ROWS: [&str; 2] = ["old", "new"];

/// Refuses definitions over what is not there.
pub(super) fn check(desired: &Desired) -> Result<(), ParseError> {
    let schema = &desired.schema;
    // What an extension brings along is not in the files.
    let extended = schema.of_kind(Kind::Extension).next().is_some();
    let mut finder = Finder {
        tables: Tables {
            schema,
            known: HashMap::new(),
        },
        missing: None,
    };
    for (id, object) in schema.iter() {
        let fault = |message: String| ParseError {
            place: desired.places.get(id).cloned(),
            ..ParseError::new(message)
        };
        if let Some(table) = needed_tables(object).find(|table| schema.table(table).is_none()) {
            let table = ObjectId::named(Kind::Table, table);
            return Err(fault(format!("{id} needs {table}, and no such table is defined")).absent(table));
        }
        let subject = id.subject();
        let absent = subject.kind == Kind::Namespace && !schema.contains(subject) && subject.name.as_str() != "public";
        if id.kind.is_satellite() && absent && !extended {
            return Err(fault(format!("{id} is set, and no such schema is defined"))
                .hint(format!("add CREATE SCHEMA {}", subject.name)));
        }
        if subject.kind == Kind::Column {
            finder.see(&subject.qualified(), subject.own_name());
        }
        if let Object::Table(table) = object {
            finder.partition_key(table);
        }
        object.clone().visit(&mut finder);
        if let Some((table, column, nearest)) = finder.missing.take() {
            let fault = fault(format!("{id} names column {column}, which table {table} does not have"));
            return Err(match nearest {
                Some(nearest) => fault.hint(format!("did you mean {nearest}?")),
                None => fault,
            });
        }
    }
    Ok(())
}

/// Tables without which the object cannot be: its parents, and the one whose column owns it.
fn needed_tables(object: &Object) -> impl Iterator<Item = &QualifiedName> {
    let (table, sequence) = match object {
        Object::Table(table) => (Some(table), None),
        Object::Sequence(sequence) => (None, Some(sequence)),
        _ => (None, None),
    };
    let owner = sequence.and_then(|sequence| sequence.owned_by.as_ref());
    table
        .into_iter()
        .flat_map(parents)
        .chain(owner.map(|owner| &owner.table))
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
            let nearest = nearest(column.as_str(), columns.iter().map(Ident::as_str)).map(Ident::new);
            self.missing = Some((table.clone(), column.clone(), nearest));
        }
    }

    fn text(&mut self, table: &QualifiedName, expr: &Expr) {
        for name in column_names(&expr.text) {
            // The name of the table stands for its whole row.
            if name != table.name && !ROWS.contains(&name.as_str()) {
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
}

impl Visitor for Finder<'_> {
    fn column(&mut self, relation: &QualifiedName, column: &mut Ident) {
        self.see(relation, column);
    }

    fn expr(&mut self, _slot: &str, relation: Option<&QualifiedName>, expr: &mut Expr) {
        if let Some(table) = relation.cloned() {
            self.text(&table, expr);
        }
    }
}
