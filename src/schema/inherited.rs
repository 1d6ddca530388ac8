//! What partitions and children by `INHERITS` have from their parents.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{IndexMap, Schema};
use crate::name::{Ident, QualifiedName};
use crate::object::column::Column;
use crate::object::constraint::{Constraint, ConstraintRule};
use crate::object::table::Table;
use crate::object::{Definition, Kind, Object, ObjectId};

/// The parents of a table: the partitioned table, or those it inherits from.
pub fn parents(table: &Table) -> impl Iterator<Item = &QualifiedName> {
    table.partition_of.iter().map(|of| &of.parent).chain(&table.inherits)
}

impl Schema {
    /// All columns of a table, those inherited from parents first.
    pub fn all_columns<'a>(&'a self, table: &QualifiedName) -> Vec<&'a Column> {
        if self.table(table).is_none_or(|table| parents(table).next().is_none()) {
            return self.columns(table).collect();
        }
        let mut columns: IndexMap<&Ident, &Column> = IndexMap::default();
        self.collect_columns(table, &mut columns, 0);
        columns.into_values().collect()
    }

    /// The column of this name that the parents of a table hand down to it.
    pub fn handed_down(&self, table: &QualifiedName, name: &Ident) -> Option<&Column> {
        self.table(table)
            .into_iter()
            .flat_map(parents)
            .flat_map(|parent| self.all_columns(parent))
            .find(|column| column.name == *name)
    }

    fn collect_columns<'a>(
        &'a self,
        table: &QualifiedName,
        columns: &mut IndexMap<&'a Ident, &'a Column>,
        depth: usize,
    ) {
        for parent in self.table(table).into_iter().flat_map(parents).filter(|_| depth < 100) {
            self.collect_columns(parent, columns, depth + 1);
        }
        for column in self.columns(table) {
            columns.insert(&column.name, column);
        }
    }

    /// Tables that are partitions or inheritance children of this one.
    pub fn heirs<'a>(&'a self, table: &'a QualifiedName) -> impl Iterator<Item = &'a Table> {
        self.heirs.iter().filter_map(move |id| match self.get(id) {
            Some(Object::Table(heir)) if parents(heir).any(|parent| parent == table) => Some(heir),
            _ => None,
        })
    }

    /// Whether any table is a partition or inheritance child of this one.
    pub fn has_heirs(&self, table: &QualifiedName) -> bool {
        self.heirs(table).next().is_some()
    }

    /// Partitions and inheritance children of a table, of every level.
    pub fn all_heirs(&self, table: &QualifiedName) -> BTreeSet<QualifiedName> {
        let mut found = BTreeSet::new();
        let mut next = vec![table.clone()];
        while let Some(parent) = next.pop() {
            for heir in self.heirs(&parent) {
                if found.insert(heir.name.clone()) {
                    next.push(heir.name.clone());
                }
            }
        }
        found
    }

    /// The tables that a table inherits from, or is a partition of, of every level.
    pub fn ancestors(&self, table: &QualifiedName) -> BTreeSet<QualifiedName> {
        let mut found = BTreeSet::new();
        let mut next = vec![table.clone()];
        while let Some(heir) = next.pop() {
            for parent in self.table(&heir).into_iter().flat_map(parents) {
                if found.insert(parent.clone()) {
                    next.push(parent.clone());
                }
            }
        }
        found
    }

    /// Leaves out of partitions the columns and checks that say no more than their parent's.
    pub fn drop_inherited(&mut self) {
        self.drop_inherited_of(&HashSet::new());
    }

    /// The same, and also leaves out of children by `INHERITS` those of these columns and checks that say no more than their
    /// parent's; what such a child declares itself stays.
    pub fn drop_inherited_of(&mut self, inherited: &HashSet<ObjectId>) {
        let heirs = self.objects.values().filter_map(|object| match object.as_ref() {
            Object::Table(table) => parents(table).next().map(|_| table),
            _ => None,
        });
        let redundant = heirs.flat_map(|heir| self.redundant(heir, inherited)).collect();
        self.leave_out(redundant);
    }

    /// Leaves out of one partition the columns and checks that say no more than its parent's.
    pub fn drop_inherited_by(&mut self, table: &QualifiedName) {
        if let Some(table) = self.table(table) {
            let redundant = self.redundant(table, &HashSet::new());
            self.leave_out(redundant);
        }
    }

    /// The columns and checks of a table that say no more than those of its parents.
    fn redundant(&self, heir: &Table, inherited: &HashSet<ObjectId>) -> Vec<ObjectId> {
        let mut redundant = Vec::new();
        let mut of_parents: IndexMap<&Ident, &Column> = IndexMap::default();
        let mut refusing: HashSet<&Ident> = HashSet::new();
        for column in parents(heir).flat_map(|parent| self.all_columns(parent)) {
            of_parents.insert(&column.name, column);
            if self.hands_down_not_null(column) {
                refusing.insert(&column.name);
            }
        }
        for column in self.columns(&heir.name) {
            let id = ObjectId::part(Kind::Column, &heir.name, &column.name);
            let candidate = heir.partition_of.is_some() || column.inherited || inherited.contains(&id);
            if candidate
                && of_parents
                    .get(&column.name)
                    .is_some_and(|parent| adds_nothing(column, parent, refusing.contains(&column.name)))
            {
                redundant.push(id);
            }
        }
        let checks: HashMap<&Ident, &Constraint> = parents(heir)
            .flat_map(|parent| self.all_checks(parent))
            .map(|check| (&check.name, check))
            .collect();
        for constraint in self.constraints(&heir.name) {
            let id = ObjectId::part(Kind::Constraint, &heir.name, &constraint.name);
            if heir.partition_of.is_none() && !inherited.contains(&id) {
                continue;
            }
            let same = checks
                .get(&constraint.name)
                .is_some_and(|parent| constraint.rule == parent.rule && constraint.not_valid == parent.not_valid);
            // A partition refuses the nulls that its parent refuses, under whatever name.
            let implied = heir.partition_of.is_some()
                && matches!(&constraint.rule, ConstraintRule::NotNull { column, no_inherit: false }
                if !constraint.not_valid && of_parents.get(column).is_some_and(|parent| parent.not_null));
            if same || implied {
                redundant.push(id);
            }
        }
        redundant
    }

    fn leave_out(&mut self, redundant: Vec<ObjectId>) {
        for id in redundant {
            self.note(&id);
            self.objects.swap_remove(&id);
            // Satellites of an inherited column stay: a partition's column may have a comment of its own.
            let has_satellites = self.children.get(&id).is_some_and(|children| !children.is_empty());
            let table = ObjectId::named(Kind::Table, &id.qualified());
            if let Some(siblings) = self.children.get_mut(&table).filter(|_| !has_satellites) {
                siblings.shift_remove(&id);
            }
        }
    }

    /// Whether heirs of the column's table refuse nulls in it because the table does: not with a `NO INHERIT` constraint.
    pub(crate) fn hands_down_not_null(&self, column: &Column) -> bool {
        column.not_null && !self.constraints(&column.table).any(|constraint| {
            matches!(&constraint.rule, ConstraintRule::NotNull { column: of, no_inherit: true } if *of == column.name)
        })
    }

    /// Whether a column refuses nulls, be it inherited.
    pub(crate) fn refuses_nulls(&self, table: &QualifiedName, name: &Ident) -> bool {
        let columns = self.all_columns(table);
        let mut found = columns.iter().filter(|column| column.name == *name);
        found.any(|column| column.not_null && (column.table == *table || self.hands_down_not_null(column)))
    }

    /// Checks that a table inherits and does not hold itself.
    pub fn inherited_checks(&self, table: &QualifiedName) -> Vec<&Constraint> {
        self.table(table)
            .into_iter()
            .flat_map(parents)
            .flat_map(|parent| self.all_checks(parent))
            .collect()
    }

    /// Whether the table of a check has a valid one of this name from its parents, with which PostgreSQL merges it.
    pub(crate) fn inherits_check(&self, check: &Constraint) -> bool {
        self.inherited_checks(&check.table)
            .iter()
            .any(|other| other.name == check.name && !other.not_valid)
    }

    /// Makes what a table inherits its own, as it is when the table is taken from its parent.
    pub fn keep_inherited(&mut self, table: &QualifiedName) {
        let columns: Vec<Column> = self
            .all_columns(table)
            .into_iter()
            .filter(|column| column.table != *table)
            .map(|column| column.below(table))
            .collect();
        let checks: Vec<Constraint> = self
            .inherited_checks(table)
            .into_iter()
            .map(|check| Constraint {
                table: table.clone(),
                ..check.clone()
            })
            .filter(|check| !self.contains(&ObjectId::part(Kind::Constraint, table, &check.name)))
            .collect();
        for column in columns {
            self.put(column);
        }
        let held: Vec<ObjectId> = self.columns(table).map(Definition::id).collect();
        for id in held {
            if let Some(Object::Column(column)) = self.get_mut(&id) {
                column.inherited = false;
            }
        }
        for check in checks {
            self.put(check);
        }
    }

    /// The checks that a table has or gets from its parents, those left out that are not handed down.
    pub(crate) fn all_checks(&self, table: &QualifiedName) -> Vec<&Constraint> {
        let mut tables = vec![table];
        let mut next = 0;
        while let Some(table) = tables.get(next).copied() {
            for parent in self.table(table).into_iter().flat_map(parents) {
                if !tables.contains(&parent) {
                    tables.push(parent);
                }
            }
            next += 1;
        }
        tables
            .into_iter()
            .flat_map(|table| self.constraints(table))
            .filter(|c| matches!(c.rule, ConstraintRule::Check { no_inherit: false, .. }))
            .collect()
    }
}

/// Whether the column of an heir says no more than its parent's. What PostgreSQL does not hand down (the identity before
/// PostgreSQL 17) may be missing.
fn adds_nothing(column: &Column, parent: &Column, hands_down_not_null: bool) -> bool {
    let mut inherited = Column {
        table: column.table.clone(),
        inherited: column.inherited,
        ..parent.clone()
    };
    inherited.not_null = hands_down_not_null;
    if column.identity.is_none() {
        inherited.identity = None;
    }
    *column == inherited
}
