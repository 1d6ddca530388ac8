//! What a child by `INHERITS` declares itself, beside what its parents hand down.

use std::collections::BTreeMap;

use super::{Schema, parents};
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::table::Table;
use crate::object::{Kind, ObjectId};

/// What a table has from its parents, by name, and whether the table declares it itself.
type Declared = BTreeMap<Ident, bool>;

impl Schema {
    /// The columns that the parents of a table hand down to it, and whether it declares them as well.
    pub(crate) fn declared_columns(&self, table: &QualifiedName) -> Declared {
        let own = |name: &Ident| self.column(table, name).is_some_and(|column| !column.inherited);
        let handed = self.handed_columns(table).into_keys();
        handed.map(|name| (name.clone(), own(&name))).collect()
    }

    /// The checks that the parents of a table hand down to it, and whether it declares them as well.
    pub(crate) fn declared_checks(&self, table: &QualifiedName) -> Declared {
        let own = |name: &Ident| self.contains(&ObjectId::part(Kind::Constraint, table, name));
        let handed = self.inherited_checks(table).into_iter();
        handed.map(|check| (check.name.clone(), own(&check.name))).collect()
    }

    /// Whether a child that only inherited its columns in the live schema comes to declare all of them here: it keeps its parents, they
    /// hand down the same, and nothing is left that it would not declare.
    pub(crate) fn comes_to_declare(&self, live: &Schema, table: &Table) -> bool {
        let name = &table.name;
        let shape = |schema: &Schema| -> BTreeMap<Ident, _> {
            let columns = schema.handed_columns(name).into_iter();
            let shape = |column: &Column| (column.type_name.clone(), column.collation.clone());
            columns.map(|(name, column)| (name, shape(column))).collect()
        };
        let parents = live.table(name).map(|table| &table.inherits);
        let stays = parents.is_some_and(|parents| !parents.is_empty() && *parents == table.inherits);
        let (columns, checks) = (self.declared_columns(name), self.declared_checks(name));
        stays
            && live.declared_columns(name).values().any(|declared| !declared)
            && columns.values().chain(checks.values()).all(|declared| *declared)
            && live.declared_checks(name).keys().eq(checks.keys())
            && shape(live) == shape(self)
    }

    /// The columns that the parents of a table hand down to it.
    fn handed_columns(&self, table: &QualifiedName) -> BTreeMap<Ident, &Column> {
        let parents = self.table(table).into_iter().flat_map(parents);
        let columns = parents.flat_map(|parent| self.all_columns(parent));
        columns.map(|column| (column.name.clone(), column)).collect()
    }
}
